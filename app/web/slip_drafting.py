"""Slips on the page of a case: those there are, and the form that drafts one by hand."""

from typing import Any

from flask import url_for
from sqlalchemy import select
from wtforms import Form

from app.ledgers.cases import Assignment, Case
from app.ledgers.cases.facts import is_late
from app.ledgers.slips import Slip, SlipType, pack_of, slip_rows
from app.people import Unit, within
from app.web.fields import form_class, offer
from app.web.moves import Action, Failed, choices
from app.web.shell import desk
from app.web.slip_looks import slip_row
from app.workflows import SLIP, Attempt, attempts, refusal

OVERDUE_PRAISE = "注意：这一件已经逾期，一般不宜发{}，请核实后再拟。"


def case_slips(case: Case) -> list[dict[str, Any]]:
    """Return the slips of a case that the actor sees, oldest first, in one query."""
    query = slip_rows(desk().actor).where(within(Slip, desk().actor), Slip.case_id == case.id).order_by(Slip.id)
    calendar, day = desk().context.calendar(case.authority_id), desk().moment.day
    return [slip_row(row, calendar, day) for row in desk().session.execute(query)]


def draft_attempt(case: Case) -> Attempt | None:
    """Return the attempt at a slip drafted by hand; None for who may not, or where no type of the pack can go out."""
    row = Slip(authority_id=case.authority_id, case_id=case.id, unit_id=0, origin="direct", level=0)
    found = next((a for a in attempts(desk().context, SLIP, row, case) if a.transition.name == "draft"), None)
    if found is None or refusal(found) is not None:
        return None
    return found if case.ended_on is None or _kinds(case) else None


def _kinds(case: Any) -> list[SlipType]:
    """Return the types of the pack in use that a person may draft: once the case has ended, what is outside the ladder."""
    kinds = [kind for kind in pack_of(desk().session, case.authority_id).types if kind.may_be_direct]
    return kinds if case.ended_on is None else [kind for kind in kinds if kind.level == 0]


def draft_form(attempt: Attempt, typed: Any = None) -> Form:
    """Return the form: the types of the pack in use that a person may draft, the units with a part in the case."""
    form: Form = form_class(attempt, choices)(typed)
    case: Any = attempt.case
    types: Any = form["type"]
    kinds = _kinds(case)
    types.choices = offer([("", "请选择"), *((k.code, f"{k.name}（{k.colour}）：{k.tone}") for k in kinds)])
    if is_late(case, desk().moment.day) and (praise := [kind.name for kind in kinds if kind.level == 0]):
        types.description = OVERDUE_PRAISE.format("、".join(praise))
    parts = select(Unit.id, Unit.name).join(Assignment, Assignment.unit_id == Unit.id)
    parts = parts.where(
        Assignment.case_id == case.id, Assignment.released_on.is_(None), within(Assignment, desk().actor)
    )
    units = desk().session.execute(parts.order_by(Assignment.role.desc(), Assignment.id)).all()
    parties: Any = form["unit"]
    parties.choices = offer([("", "请选择"), *((str(unit_id), name) for unit_id, name in units)])
    return form


def draft_action(case: Case, failed: Failed | None) -> Action | None:
    """Return the action that drafts a slip by hand, where the actor may."""
    attempt = draft_attempt(case)
    if attempt is None:
        return None
    action = Action(
        "draft_slip",
        "发三单",
        url_for("slips.draft", ref=case.id),
        0,
        draft_form(attempt),
        help="平时由系统按期限逐级拟稿。直接发出较高一级的，要选择理由，并由该级的签发人签发。",
        submit="拟稿，送签发人",
    )
    if failed and failed.name == "draft_slip":
        action.form, action.open = failed.form, True
    return action
