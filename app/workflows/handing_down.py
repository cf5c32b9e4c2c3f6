"""转办下级: a unit that is an authority itself hands its part down as a case of its own authority."""

from typing import Any

from app.ledgers.cases import Case, joined
from app.people import Role, Unit
from app.workflows.case_effects import touch
from app.workflows.case_guards import case_is_worked_on, case_of
from app.workflows.engine import Attempt, Need, Transition, carry

WHAT = Need("text", "转办下级的内容", "text", hint="下级只看到这里写的内容和期限，看不到上级问题的其他内容")
DUE_DOWN = Need("due_on", "要求下级完成时间", "date", hint="不晚于本级的整改期限")


def unit_is_authority(attempt: Attempt) -> str | None:
    """Only a unit that runs a ledger of its own has somebody to hand down to."""
    if attempt.grant is not None and attempt.grant.runs_ledger:
        return None
    return "本单位不是督办主体，没有下级台账，不能转办。请在本单位内办理。"


def is_in_time(attempt: Attempt) -> dict[str, str]:
    """What is handed down is due between today and the own deadline."""
    case, due_on = case_of(attempt), attempt.form["due_on"]
    if due_on < attempt.context.day:
        return {"due_on": "完成时间不能早于今天。"}
    if case.due_on is not None and due_on > case.due_on:
        return {"due_on": f"不能晚于本级的整改期限 {case.due_on}。"}
    return {}


def offer_down(attempt: Attempt) -> dict[str, object]:
    """Fill the form with the title of the case and its deadline."""
    case = attempt.case
    return {"title": case.title, "due_on": case.due_on} if case is not None else {}


def hand_down(attempt: Attempt) -> None:
    """Bring the child in: it is on record in the unit's own ledger, with what was handed down and nothing else."""
    parent, part = case_of(attempt), attempt.row
    form: Any = attempt.form
    above = attempt.session.get_one(Unit, parent.authority_id)
    child = Case(
        authority_id=part.unit_id,
        title=str(form["title"])[:120],
        text=form["text"],
        category=parent.category,
        source_kind="superior",
        found_on=attempt.context.day,
        saved_at=attempt.context.moment.at,
        moved_at=attempt.context.moment.at,
        standard=form.get("standard") or "",
        proposed_due_on=form["due_on"],
        parent_id=parent.id,
        handed_due_on=parent.due_on,
    )
    source = {"source_kind": "superior", "discovery": "superior", "reference": f"{above.short_name}{parent.number}"}
    source["contact"] = joined("", attempt.withheld)  # whoever works on it may have to call the citizen as well
    values = {"title": form["title"], "text": form["text"], "proposed_due_on": form["due_on"]}
    carry(attempt.context, attempt.grant, "case", "take_down", child, values | source)


HAND_DOWN = Transition(
    "hand_down",
    "转办下级",
    ("received", "working"),
    "working",
    (Role.HEAD,),
    guards=(case_is_worked_on, unit_is_authority),
    effects=(hand_down, touch),
    needs=(Need("title", "转办的标题", "line"), WHAT, DUE_DOWN, Need("standard", "验收标准", "text", required=False)),
    checks=(is_in_time,),
    offer=offer_down,
)
