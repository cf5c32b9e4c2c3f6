"""The queues of scores that wait for a second person: reversals by hand, and rules to be approved."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, select

from app.ledgers.cases import Case
from app.ledgers.queues import Kind, Queue
from app.ledgers.scores import Reversal, RuleSet, ScoreEntry
from app.people import Actor, Role, Unit


def _reversal_rows(_actor: Actor) -> Select[Any]:
    columns: tuple[Any, ...] = (ScoreEntry.id, Case.number, Case.title, Unit.short_name, Reversal.asked_on)
    query = select(*columns, Reversal.state).join(ScoreEntry, ScoreEntry.id == Reversal.entry_id)
    return query.join(Unit, Unit.id == ScoreEntry.unit_id).outerjoin(Case, Case.id == ScoreEntry.case_id)


def _rule_set_rows(_actor: Actor) -> Select[Any]:
    columns: tuple[Any, ...] = (RuleSet.id, RuleSet.year, RuleSet.number, Unit.short_name, RuleSet.effective_on)
    return select(*columns, RuleSet.state).join(Unit, Unit.id == RuleSet.authority_id)


def _to_reverse(actor: Actor, _day: date) -> ColumnElement[bool]:
    mine = Reversal.authority_id.in_(actor.authorities(Role.ASSESSOR))
    return and_(mine, Reversal.state == "asked", Reversal.asked_by_id != actor.person_id)


def _to_approve(actor: Actor, _day: date) -> ColumnElement[bool]:
    mine = RuleSet.authority_id.in_(actor.authorities(Role.LEADER))
    return and_(mine, RuleSet.state == "drafted", RuleSet.drafted_by_id != actor.person_id)


def _never_late(_day: date) -> ColumnElement[bool]:
    return false()


REVERSALS = Kind("reversals", Reversal, _reversal_rows, _never_late)
RULE_SETS = Kind("rule-sets", RuleSet, _rule_set_rows, _never_late)
SCORE_QUEUES = (
    Queue(
        "second_reversals",
        "冲销待复核",
        "由另一位考核人员复核",
        Role.ASSESSOR,
        _to_reverse,
        Reversal.asked_on,
        REVERSALS,
    ),
    Queue(
        "rules", "考核规则待批准", "批准后冻结并通知各单位", Role.LEADER, _to_approve, RuleSet.effective_on, RULE_SETS
    ),
)
