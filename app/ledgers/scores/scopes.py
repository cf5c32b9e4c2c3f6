"""Who sees which scores: assessors and discipline those of their authority, leaders their portfolio, a unit its own."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from app.ledgers.cases import Case
from app.ledgers.scores.models import (
    Objection,
    ObjectionEntry,
    Reversal,
    RuleSet,
    ScoreEntry,
    Standing,
    Total,
)
from app.people import Actor, Role, authorities_of, scope, within

SCORE_OFFICES = (Role.ASSESSOR, Role.SUPERVISOR, Role.INSPECTOR, Role.DISCIPLINE)


def _of_unit(model: Any, actor: Actor) -> ColumnElement[bool]:
    units = actor.own_units | actor.portfolio
    return or_(model.authority_id.in_(actor.authorities(*SCORE_OFFICES)), model.unit_id.in_(units))


def sees_scores(actor: Actor, authority_id: int, unit_id: int) -> bool:
    """Say whether the actor sees the entries of the unit: the same as their scope, asked of one unit."""
    is_office = actor.is_system or actor.grant(*SCORE_OFFICES, authority_id=authority_id) is not None
    return is_office or unit_id in actor.own_units | actor.portfolio


@scope(ScoreEntry)
def _entries(actor: Actor) -> ColumnElement[bool]:
    return _of_unit(ScoreEntry, actor)


@scope(Standing)
def _standings(actor: Actor) -> ColumnElement[bool]:
    return _of_unit(Standing, actor)


@scope(Objection)
def _objections(actor: Actor) -> ColumnElement[bool]:
    """Reach those of the own units, and as an office those of cases that one sees: a unit keeps what it said itself."""
    units = actor.own_units | actor.portfolio
    case = select(Case.id).where(Case.id == Objection.case_id, within(Case, actor)).correlate(Objection)
    return or_(Objection.unit_id.in_(units), and_(_of_unit(Objection, actor), case.exists()))


@scope(ObjectionEntry)
def _objection_entries(actor: Actor) -> ColumnElement[bool]:
    return ObjectionEntry.objection_id.in_(select(Objection.id).where(_objections(actor)))


@scope(Reversal)
def _reversals(actor: Actor) -> ColumnElement[bool]:
    return Reversal.authority_id.in_(actor.authorities(Role.ASSESSOR))


@scope(Total)
def _totals(actor: Actor) -> ColumnElement[bool]:
    """Totals as such are ranked for everybody within the own group; the ranking page narrows to it."""
    return Total.authority_id.in_(authorities_of(actor))


@scope(RuleSet)
def _rule_sets(actor: Actor) -> ColumnElement[bool]:
    """Approved rules are notice to everybody of the authority; drafts are the assessors' and leaders'."""
    drafts = RuleSet.authority_id.in_(actor.authorities(Role.ASSESSOR, Role.LEADER))
    return or_(drafts, RuleSet.authority_id.in_(authorities_of(actor)) & (RuleSet.state == "approved"))
