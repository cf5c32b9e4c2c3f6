"""三张清单 of a unit: 问题清单, 任务清单, 责任清单, on screen a page at a time, for print in one piece."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.calendar import Calendar, say_remaining
from app.ledgers.cases import (
    LISTED,
    MOST_PRINTED,
    Asked,
    Horizon,
    ListPage,
    who_answers,
)
from app.ledgers.cases.words import ASSIGNMENT_ROLES, SOURCES
from app.ledgers.slips import slips_beside
from app.people import Role, Unit, role_word
from app.web.asked import SCOPES, word_asked
from app.web.case_looks import horizon, state_look, time_left
from app.web.list_looks import BOOKS, LISTS, address_of, tabs, unit_seen, units_seen, workbook_of
from app.web.policy import route
from app.web.shell import desk
from app.web.slip_looks import READERS, slip_state

blueprint = Blueprint("lists", __name__)
ANSWERING = (Role.LEADER, Role.HEAD, Role.LIAISON)


@route(blueprint, "/lists", READERS)
def units() -> str | Response:
    """Lead to the lists of the own unit; who sees several units chooses one."""
    rows = desk().session.execute(units_seen()).all()
    if len(rows) == 1:
        return redirect(url_for("lists.of_unit", ref=rows[0].id, which="problems"))
    shown = [
        {"name": row.name, "lists": [(word, address_of(row.id, which)) for which, word in (LISTS | BOOKS).items()]}
        for row in rows
    ]
    books = [(word, address_of(None, which)) for which, word in BOOKS.items()] if shown else []
    return render_template("lists/units.html", rows=shown, books=books)


@route(blueprint, "/units/<int:ref>/lists/<any(problems,tasks,duties):which>", READERS)
def of_unit(ref: int, which: str) -> str:
    """Show one of the three lists."""
    unit = unit_seen(ref)
    is_open, is_whole = word_asked("state", "范围", SCOPES) != "all", request.args.get("whole") == "1"
    cursor = None if is_whole else request.args.get("after")
    asked = Asked(unit.id, is_open, cursor, MOST_PRINTED) if is_whole else Asked(unit.id, is_open, cursor)
    page = LISTED[which](desk().session, desk().actor, asked)
    rows = SHOWN[which](page, unit)
    return render_template(
        "lists/list.html", which=which, rows=rows, **_frame(unit, which, page, is_open=is_open, is_whole=is_whole)
    )


def _frame(unit: Unit, which: str, page: ListPage, *, is_open: bool, is_whole: bool) -> dict[str, Any]:
    kept = {} if is_open else {"state": "all"}
    count = str(page.count) if page.is_counted else f"{page.count}+"
    answers = who_answers(desk().session, unit.id, desk().moment.day)
    office = desk().session.get_one(Unit, unit.authority_id)
    return {
        "name": LISTS[which],
        "unit": unit.name,
        "day": desk().moment.day,
        "answers": [(role_word(role, office.kind), "、".join(answers[role]) or "未明确") for role in ANSWERING],
        "tabs": tabs(unit.id, which, **kept),
        "is_open": is_open,
        "is_whole": is_whole,
        "other_url": address_of(unit.id, which, **({"state": "all"} if is_open else {})),
        "whole_url": address_of(unit.id, which, whole="1", **kept),
        "paged_url": address_of(unit.id, which, **kept),
        "workbook_url": workbook_of(unit.id, which, **kept),
        "said": f"本页 {len(page.rows)} 条，共 {count} 条",
        "is_cut": is_whole and page.next_cursor is not None,
        "most": MOST_PRINTED,
        "next_url": address_of(unit.id, which, after=page.next_cursor, **kept)
        if page.next_cursor and not is_whole
        else "",
        "first_url": address_of(unit.id, which, **kept) if request.args.get("after") and not is_whole else "",
    }


def _problems(page: ListPage, unit: Unit) -> list[dict[str, Any]]:
    days, calendar = horizon(unit.authority_id or 0), desk().context.calendar(unit.authority_id or 0)
    slips = _slips_beside(page, unit)
    return [_problem(row, calendar, days) | {"slips": slips.get(row.id, [])} for row in page.rows]


def _problem(row: Any, calendar: Calendar, days: Horizon) -> dict[str, Any]:
    left, tone = time_left(calendar, row.state, row.due_on, days)
    return {
        "url": url_for("cases.case", ref=row.id),
        "number": row.number or "未编号",
        "title": row.title,
        "source": SOURCES.get(row.source_kind, row.source_kind),
        "role": ASSIGNMENT_ROLES[row.role],
        "others_lead": row.lead if row.role == "assist" else "",
        "due": {"on": row.due_on, "left": left, "tone": tone, "provisional": row.due_provisional},
        "state": state_look(row.state),
        "duty": row.duty,
    }


def _tasks(page: ListPage, unit: Unit) -> list[dict[str, Any]]:
    today, calendar = desk().moment.day, desk().context.calendar(unit.authority_id or 0)
    return [_task(row, today, calendar) for row in page.rows]


def _task(row: Any, today: date, calendar: Calendar) -> dict[str, Any]:
    is_late = row.done_on is None and row.due_on < today
    state = ("已完成", "good") if row.done_on else ("逾期未完成", "bad") if is_late else ("未完成", "active")
    return {
        "url": url_for("cases.case", ref=row.case_id),
        "number": row.number or "未编号",
        "title": row.title,
        "position": row.position,
        "text": row.text,
        "person": row.person,
        "due_on": row.due_on,
        "done_on": row.done_on,
        "left": "" if row.done_on else say_remaining(calendar, today, row.due_on),
        "tone": "bad" if is_late else "",
        "state": state,
    }


def _duties(page: ListPage, unit: Unit) -> list[dict[str, Any]]:
    days, calendar = horizon(unit.authority_id or 0), desk().context.calendar(unit.authority_id or 0)
    return [
        _problem(row.case, calendar, days)
        | {"persons": [(name, f"{done}/{steps} 条措施已完成") for name, steps, done in row.persons]}
        for row in page.rows
    ]


SHOWN: dict[str, Callable[[ListPage, Unit], list[dict[str, Any]]]] = {
    "problems": _problems,
    "tasks": _tasks,
    "duties": _duties,
}


def _slips_beside(page: ListPage, unit: Unit) -> dict[int, list[dict[str, Any]]]:
    found = slips_beside(desk().session, desk().actor, [row.id for row in page.rows], unit.id)
    return {case_id: [_slip(row) for row in rows] for case_id, rows in found.items()}


def _slip(row: Any) -> dict[str, Any]:
    return {
        "url": url_for("slips.slip", ref=row.id),
        "name": row.number or f"{row.name}（{row.colour}）",
        "state": slip_state(row)[0],
    }
