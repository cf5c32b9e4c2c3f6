"""The rule-set workflow: drafted by one person, approved by another, frozen with its hash; a change is a new version."""

import json
from datetime import date

from sqlalchemy import func, select

from app.core.errors import Invalid
from app.ledgers.scores import RuleSet, body_hash, canonical, pack_faults, read_pack
from app.ledgers.scores.words import RULE_SET_STATES
from app.people import Role, Unit
from app.workflows.context import Context
from app.workflows.engine import NEW, Attempt, Transition, Workflow
from app.workflows.needs import NOTE, REASON
from app.workflows.posting import tell


def new_rule_set(context: Context, authority_id: int, year: int, text: str, effective_on: date) -> RuleSet:
    """Make the row of a draft from a pack's text; Invalid names what is wrong with it."""
    errors = {"body": "；".join(pack_faults(text))}
    errors["effective_on"] = "" if effective_on.year == year else f"生效日期须在 {year} 年之内。"
    if wrong := {name: said for name, said in errors.items() if said}:
        raise Invalid(wrong)
    data = read_pack(text)
    same = RuleSet.authority_id == authority_id, RuleSet.year == year
    number = (context.session.scalar(select(func.max(RuleSet.number)).where(*same)) or 0) + 1
    return RuleSet(
        authority_id=authority_id,
        year=year,
        number=number,
        body=canonical(data),
        hash=body_hash(data),
        effective_on=effective_on,
        drafted_by_id=context.actor.person_id,
    )


def is_second_person(attempt: Attempt) -> str | None:
    """Who drafted the rules does not approve them."""
    return "规则由您起草，须由另一人批准。" if attempt.row.drafted_by_id == attempt.actor.person_id else None


def is_not_backdated(attempt: Attempt) -> str | None:
    """A later version never takes effect in the past; the first of a year may cover it whole."""
    row: RuleSet = attempt.row
    if row.number > 1 and _has_approved(attempt) and row.effective_on < attempt.context.day:
        return f"生效日期 {row.effective_on} 已过去，规则变更不得溯及既往。请重新起草。"
    return None


def _has_approved(attempt: Attempt) -> bool:
    row: RuleSet = attempt.row
    same = RuleSet.authority_id == row.authority_id, RuleSet.year == row.year, RuleSet.state == "approved"
    return bool(attempt.session.scalar(select(func.count()).select_from(RuleSet).where(*same)))


def hash_holds(attempt: Attempt) -> str | None:
    """What is approved is what was drafted."""
    row: RuleSet = attempt.row
    return None if body_hash(json.loads(row.body)) == row.hash else "规则内容与哈希不符，不能批准。"


def note_approval(attempt: Attempt) -> None:
    """Note who approved, before the row freezes: from then on the database refuses any change of it."""
    attempt.row.approved_by_id, attempt.row.approved_on = attempt.actor.person_id, attempt.context.day
    attempt.data["hash"] = attempt.row.hash


def tell_units(attempt: Attempt) -> None:
    """A new version is notice to every unit."""
    row: RuleSet = attempt.row
    units = attempt.session.scalars(select(Unit.id).where(Unit.authority_id == row.authority_id))
    tell(attempt.context, [(row.authority_id, unit, "rules_changed", row.id, None) for unit in units])


def keep_reason(attempt: Attempt) -> None:
    """Keep why there is a new version."""
    attempt.row.reason = attempt.form["reason"]


RULE_SET = Workflow(
    "rule_set",
    "考核规则",
    RuleSet,
    RULE_SET_STATES,
    [
        Transition("draft", "起草规则", (NEW,), "drafted", (Role.ASSESSOR,), (), (keep_reason,), (REASON,)),
        Transition(
            "approve",
            "批准并冻结",
            ("drafted",),
            "approved",
            (Role.LEADER,),
            (is_second_person, is_not_backdated, hash_holds),
            (tell_units,),
            (NOTE,),
            before=(note_approval,),
        ),
        Transition("discard", "弃用草案", ("drafted",), "discarded", (Role.ASSESSOR,), (), (), (REASON,)),
    ],
    units_of=lambda _row: frozenset(),
)
