"""移交: who leaves, what still names them, and passing it on; administrators see kinds and counts alone."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.core.errors import Absent, Invalid
from app.ledgers.handover import BY_KEY, KINDS, MOST_ROWS, OpenKind, count_open, open_items
from app.ledgers.leaving import is_leaving, persons_within, successors_of
from app.people import Mandate as Held
from app.people import Person, Role, Unit, mandates_of, role_word
from app.web.case_looks import home_authority
from app.web.people_pages import STANDINGS, state_of
from app.web.policy import only, route
from app.web.role_words import words_at
from app.web.shell import desk
from app.workflows import PassedOn, pass_on

blueprint = Blueprint("handover", __name__)
READERS = only(Role.HEAD, Role.SUPERVISOR, Role.ADMIN, Role.SECURITY)
PASSERS = only(Role.HEAD, Role.SUPERVISOR, Role.SECURITY)
KEEPERS = {Role.ADMIN, Role.SECURITY}
SOON, PAGE, LONGEST = 30, 50, 19
ENDPOINTS = {"interviews": "talks.interview", "instructions": "talks.instruction", "slips": "slips.slip"}


@route(blueprint, "/handover", READERS)
def leaving() -> str:
    """List who left or will soon, and how much still names them; with a name, anybody whose business it is."""
    typed, after = request.args.get("q", "").strip()[:60], request.args.get("after", "")
    actor, day = desk().actor, desk().moment.day
    wanted = Person.name.contains(typed, autoescape=True) if typed else is_leaving(day, day + timedelta(days=SOON))
    query = select(Person, func.coalesce(Unit.name, "")).outerjoin(Unit, Unit.id == Person.unit_id)
    query = query.where(persons_within(actor), wanted, Person.id > (int(after) if _is_number(after) else 0))
    rows = desk().session.execute(query.order_by(Person.id).limit(PAGE + 1)).all()
    counts = count_open(desk().session, day, [person.id for person, _ in rows[:PAGE]], _narrowed())
    return render_template(
        "handover/leaving.html",
        rows=[_person_row(person, unit, sum(counts.get(person.id, {}).values())) for person, unit in rows[:PAGE]],
        typed=typed,
        soon=SOON,
        next_url=url_for("handover.leaving", q=typed or None, after=rows[PAGE - 1][0].id) if len(rows) > PAGE else "",
        first_url=url_for("handover.leaving", q=typed or None) if after else "",
    )


@route(blueprint, "/handover/<int:ref>", READERS)
def person(ref: int) -> str:
    """Show what still names one person."""
    return _page(_find(ref))


@route(blueprint, f"/handover/<int:ref>/<any({','.join(BY_KEY)}):kind>", PASSERS, ("POST",))
def hand_on(ref: int, kind: str) -> Response | tuple[str, int]:
    """Pass on what was ticked of one kind; what was refused is listed with its reason."""
    found, chosen = _find(ref), [int(typed) for typed in request.form.getlist("items") if _is_number(typed)]
    errors = {} if chosen else {"items": "还没有选择要移交的事项。请先勾选。"}
    successor = request.form.get("successor", "")
    try:
        if errors:
            raise Invalid(errors)
        taker = int(successor) if _is_number(successor) else 0
        done = pass_on(desk().context, BY_KEY[kind], found, chosen[:MOST_ROWS], taker, request.form.get("reason", ""))
    except Invalid as error:
        desk().session.rollback()
        return _page(_find(ref), kind, error.errors), 422
    _say(ref, kind, done)
    return redirect(url_for("handover.person", ref=ref) + f"#{kind}", 303)


def _say(ref: int, kind: str, done: list[PassedOn]) -> None:
    refused = [one.refused for one in done if one.refused]
    if len(done) > len(refused):
        flash(f"已移交 {len(done) - len(refused)} 项：{BY_KEY[kind].label}。", "done")
    if refused:
        flash(f"{len(refused)} 项没有移交，仍在原处。{'；'.join(dict.fromkeys(refused))}", "warn")


def _page(found: Person, failed: str = "", errors: dict[str, str] | None = None) -> str:
    actor, day = desk().actor, desk().moment.day
    counts = count_open(desk().session, day, [found.id], actor).get(found.id, {})
    every = count_open(desk().session, day, [found.id]).get(found.id, {}) if actor.roles & KEEPERS else {}
    held = mandates_of(desk().session, actor, day, Held.person_id == found.id)
    return render_template(
        "handover/person.html",
        person=found,
        state=state_of(found),
        held=[f"{row.role_label}（{row.unit_name}，{STANDINGS[row.standing][0]}）" for row in held],
        kinds=[_kind(found, kind, counts[kind.key], failed, errors or {}) for kind in KINDS if counts.get(kind.key)],
        others=[
            (kind.label, f"{every[kind.key]} 项，{_who(kind)}")
            for kind in KINDS
            if every.get(kind.key, 0) > counts.get(kind.key, 0)
        ],
    )


def _kind(found: Person, kind: OpenKind, count: int, failed: str, errors: dict[str, str]) -> dict[str, Any]:
    """Return one kind with its rows, who may take over, and what was wrong with the form."""
    rows = open_items(desk().session, desk().actor, desk().moment.day, kind, found.id)
    is_failed = kind.key == failed
    return {
        "key": kind.key,
        "label": kind.label,
        "count": count,
        "kept": kind.kept,
        "rows": [_row(kind, row) for row in rows],
        "is_cut": count > len(rows),
        "successors": [] if kind.kept else _successors(found, kind, rows),
        "chosen": request.form.getlist("items") if is_failed else [str(row.id) for row in rows],
        "successor": request.form.get("successor", "") if is_failed else "",
        "reason": request.form.get("reason", "") if is_failed else "",
        "errors": errors if is_failed else {},
        "url": url_for("handover.hand_on", ref=found.id, kind=kind.key),
    }


def _row(kind: OpenKind, row: Any) -> dict[str, Any]:
    endpoint, ref = ENDPOINTS.get(kind.key, "cases.case"), row.id if kind.key in ENDPOINTS else row.case_id
    title = f"{row.title}：{row.unit}" if kind.key == "portfolios" else row.title
    return {
        "id": str(row.id),
        "url": url_for(endpoint, ref=ref) if ref else "",
        "number": row.number or "",
        "title": title,
        "unit": row.unit or "",
        "due_on": row.due_on,
        "is_late": kind.is_limit and row.due_on is not None and row.due_on < desk().moment.day,
    }


def _successors(found: Person, kind: OpenKind, rows: Any) -> list[tuple[str, str]]:
    units = {row.unit_id for row in rows}
    places = units if kind.at_unit else {row.authority_id for row in rows}
    led = units if kind.in_charge and None not in units else ()
    able = successors_of(desk().session, kind, desk().moment.day, places, found.id, led)
    names: dict[str, list[str]] = {}
    for row in able:
        names.setdefault(f"{row.person_id}", []).append(f"{role_word(Role(row.role), row.level)}，{row.unit}")
    words = {f"{row.person_id}": row.name for row in able}
    return [(key, f"{words[key]}（{'；'.join(held)}）") for key, held in names.items()]


def _who(kind: OpenKind) -> str:
    """Say who passes a kind on, where that is not the reader."""
    return kind.kept or "由" + words_at(home_authority(desk().actor), kind.passers, "或") + "移交"


def _person_row(found: Person, unit: str, count: int) -> dict[str, Any]:
    url = url_for("handover.person", ref=found.id)
    return {"name": found.name, "unit": unit, "state": state_of(found), "count": count, "url": url}


def _narrowed() -> Any:
    """Return the actor by whose reach things are counted; None for administrators, who see counts of everything."""
    return None if desk().actor.roles & KEEPERS else desk().actor


def _find(ref: int) -> Person:
    found = desk().session.scalars(select(Person).where(Person.id == ref, persons_within(desk().actor))).one_or_none()
    if found is None:
        raise Absent
    return found


def _is_number(typed: str) -> bool:
    return typed.isdecimal() and len(typed) < LONGEST
