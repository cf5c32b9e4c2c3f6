"""三本账: 时间账, 任务账, 进度账, of one unit or of all in reach; each a list of columns over the same record, as data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for

from app.calendar import say_remaining
from app.ledgers.cases import (
    LISTED,
    MOST_PRINTED,
    Asked,
    Horizon,
    reports_by_id,
)
from app.ledgers.cases.words import ASSIGNMENT_ROLES, CHECKED_STATES, PART_STATES
from app.people import Unit
from app.web.asked import SCOPES, word_asked
from app.web.case_looks import home_authority, horizon, state_look, time_left
from app.web.list_looks import BOOKS, address_of, tabs, unit_seen, workbook_of
from app.web.policy import route
from app.web.shell import desk
from app.web.slip_looks import READERS

blueprint = Blueprint("books", __name__)
QUIET = 30  # days without movement that are marked


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a book. `look`: text, date, deadline, state, number or long; `room`: fit, grow or full (on a phone)."""

    key: str
    label: str
    look: str = "text"
    room: str = "fit"


@dataclass(frozen=True, slots=True)
class Book:
    """One book: how a page of rows is shown, its columns after number, title and unit, what it says."""

    show: Callable[[Sequence[Any], int], list[dict[str, Any]]]
    columns: tuple[Column, ...]
    order: str
    empty: str


@route(blueprint, "/books/<any(times,measures,progress):which>", READERS)
def of_all(which: str) -> str:
    """Show a book of all units in reach: open cases only, those that ended are read unit by unit."""
    return _page(which, None)


@route(blueprint, "/units/<int:ref>/books/<any(times,measures,progress):which>", READERS)
def of_unit(ref: int, which: str) -> str:
    """Show a book of one unit."""
    return _page(which, unit_seen(ref))


def _page(which: str, unit: Unit | None) -> str:
    book, unit_id = BOOK[which], unit.id if unit else None
    is_open, is_whole = unit is None or word_asked("state", "范围", SCOPES) != "all", request.args.get("whole") == "1"
    cursor = None if is_whole else request.args.get("after")
    asked = Asked(unit_id, is_open, cursor, MOST_PRINTED) if is_whole else Asked(unit_id, is_open, cursor)
    page = LISTED[which](desk().session, desk().actor, asked)
    authority_id = unit.authority_id if unit else None
    rows = book.show(page.rows, authority_id or home_authority(desk().actor))
    kept = {} if is_open else {"state": "all"}
    count = str(page.count) if page.is_counted else f"{page.count}+"
    return render_template(
        "lists/book.html",
        rows=rows,
        columns=book.columns,
        order=book.order,
        nothing=book.empty,
        name=BOOKS[which],
        unit=unit.name if unit else "全部单位",
        is_of_all=unit is None,
        day=desk().moment.day,
        tabs=tabs(unit_id, which, **kept),
        is_open=is_open,
        is_whole=is_whole,
        other_url=address_of(unit_id, which, **({"state": "all"} if is_open else {})) if unit else "",
        whole_url=address_of(unit_id, which, whole="1", **kept),
        paged_url=address_of(unit_id, which, **kept),
        workbook_url=workbook_of(unit_id, which, **kept),
        said=f"本页 {len(page.rows)} 条，共 {count} 条",
        is_cut=is_whole and page.next_cursor is not None,
        most=MOST_PRINTED,
        next_url=address_of(unit_id, which, after=page.next_cursor, **kept)
        if page.next_cursor and not is_whole
        else "",
        first_url=address_of(unit_id, which, **kept) if cursor else "",
    )


def _head(row: Any) -> dict[str, Any]:
    """Return what every book says first: the case and the unit."""
    url = url_for("cases.case", ref=row.case_id)
    return {"url": url, "number": row.number or "未编号", "title": row.title, "unit": row.unit}


def _times(rows: Sequence[Any], authority_id: int) -> list[dict[str, Any]]:
    context, days = desk().context, horizon(authority_id)
    calendar, plan_days = context.calendar(authority_id), context.parameters(authority_id)["plan_days"]

    def show(row: Any) -> dict[str, Any]:
        left, tone = time_left(calendar, row.state, row.due_on, days)
        plan_by = context.days_from(authority_id, plan_days, row.received_on).on if row.received_on else None
        return _head(row) | {
            "role": ASSIGNMENT_ROLES[row.role],
            "assigned": row.assigned_on,
            "receipt": _limit(row.receipt_due_on, row.received_on is None, days),
            "plan": _limit(plan_by, row.state == "planning", days) if row.role == "lead" else None,
            "original": row.original_due_on,
            "due": {"on": row.due_on, "left": left, "tone": tone, "provisional": row.due_provisional},
            "extensions": row.extension_count or "",
            "check": _limit(row.check_due_on, row.state in CHECKED_STATES, days),
            "state": state_look(row.state),
        }

    return [show(row) for row in rows]


def _limit(on: Any, is_running: bool, days: Horizon) -> dict[str, Any] | None:
    """Return a limit with its tone: late while it runs and has passed; None where there is none."""
    if on is None:
        return None
    late = is_running and on < days.today
    return {"on": on, "left": "已过" if late else "", "tone": "bad" if late else "", "provisional": False}


def _measures(rows: Sequence[Any], authority_id: int) -> list[dict[str, Any]]:
    calendar, today = desk().context.calendar(authority_id), desk().moment.day

    def show(row: Any) -> dict[str, Any]:
        is_late = row.done_on is None and row.due_on < today
        left = "" if row.done_on else say_remaining(calendar, today, row.due_on)
        done = ("已完成", "good") if row.done_on else ("逾期未完成", "bad") if is_late else ("未完成", "active")
        return _head(row) | {
            "step": f"{row.position}. {row.text}",
            "person": row.person,
            "due": {"on": row.due_on, "left": left, "tone": "bad" if is_late else "", "provisional": False},
            "state": done,
            "done_on": row.done_on,
            "proofs": row.proofs,
        }

    return [show(row) for row in rows]


def _progress(rows: Sequence[Any], authority_id: int) -> list[dict[str, Any]]:
    days, calendar = horizon(authority_id), desk().context.calendar(authority_id)
    reports = reports_by_id(desk().session, desk().actor, [row.report_id for row in rows if row.report_id])

    def show(row: Any) -> dict[str, Any]:
        report, still = reports.get(row.report_id), (days.today - row.moved_on).days
        left, tone = time_left(calendar, row.state, row.due_on, days)
        is_quiet = still >= QUIET and row.done_on is None
        return _head(row) | {
            "role": ASSIGNMENT_ROLES[row.role],
            "part": PART_STATES[row.part_state],
            "steps": f"{row.done}/{row.steps}" if row.steps else "",
            "report": report.text if report else "",
            "reported": report.on if report else None,
            "still": {"words": f"{still} 天", "tone": "warn" if is_quiet else ""},
            "due": {"on": row.due_on, "left": left, "tone": tone, "provisional": False},
            "state": state_look(row.state),
        }

    return [show(row) for row in rows]


ROLE, STATE, DUE = (
    Column("role", "承办"),
    Column("state", "状态", "state"),
    Column("due", "现行期限", "deadline", "full"),
)
BOOK = {
    "times": Book(
        _times,
        (
            ROLE,
            Column("assigned", "交办", "date"),
            Column("receipt", "签收期限", "deadline"),
            Column("plan", "方案期限", "deadline"),
            Column("original", "原定期限", "date"),
            DUE,
            Column("extensions", "延期次数", "number"),
            Column("check", "核查验收期限", "deadline"),
            STATE,
        ),
        "先到期的在前",
        "交办以后，每一件的签收、方案、整改和核查验收期限会列在这里。",
    ),
    "measures": Book(
        _measures,
        (
            Column("step", "整改措施", "long", "grow"),
            Column("person", "责任人"),
            Column("due", "完成时限", "deadline", "full"),
            Column("state", "完成情况", "state"),
            Column("done_on", "完成日期", "date"),
            Column("proofs", "佐证", "number"),
        ),
        "先到期的在前",
        "整改方案里的措施会列在这里。",
    ),
    "progress": Book(
        _progress,
        (
            ROLE,
            Column("part", "本单位进度"),
            Column("steps", "措施", "number"),
            Column("report", "最新进展", "long", "grow"),
            Column("reported", "填报日期", "date"),
            Column("still", "未动天数", "tone"),
            DUE,
            STATE,
        ),
        "未动时间最长的在前；没有填报进展的从签收或交办之日算起",
        "交办以后，各单位填报的最新进展会列在这里。",
    ),
}
