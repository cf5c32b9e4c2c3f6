"""Who sees which cases, and what of them: offices all of their authority, a unit its own part and the rest as a status."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from app.audit import Event
from app.core.aliases import shared_alias
from app.ledgers.cases.dates import Deadline, Pause
from app.ledgers.cases.models import Assignment, Case, CaseSource, Listing
from app.ledgers.cases.texts import CaseText, Tally
from app.ledgers.cases.work import Evidence, Measure, Plan, ProgressReport, Request, Verification
from app.people import Actor, Role, scope

FOUND = shared_alias(Case)  # what units found themselves
PART = shared_alias(Assignment)
OFFICE_ROLES = (Role.INSPECTOR, Role.SUPERVISOR, Role.ASSESSOR)


def is_office(actor: Actor, authority_id: int) -> bool:
    """Say whether the actor belongs to an office of the authority, or reviews it: sees a case whole."""
    return (
        actor.is_system
        or actor.grant(*OFFICE_ROLES, Role.DISCIPLINE, Role.LEADER, authority_id=authority_id) is not None
    )


@scope(Case)
def _cases(actor: Actor) -> ColumnElement[bool]:
    return _reached(actor, Case.id.in_(_cases_of_units(actor.own_units, actor.portfolio)))


def each_visible(actor: Actor) -> ColumnElement[bool]:
    """Say the same of one case at a time, for rows that hang on it and few cases: nobody gathers all of a unit's for fifty."""
    part = select(PART.id).where(PART.case_id == Case.id, PART.unit_id.in_(actor.own_units | actor.portfolio))
    reached: ColumnElement[bool] = part.where(PART.released_on.is_(None)).correlate(Case).exists()
    if actor.own_units:
        reached = or_(reached, and_(Case.reporter_unit_id.in_(actor.own_units), Case.source_kind == "self"))
    return _reached(actor, reached)


def _reached(actor: Actor, of_units: ColumnElement[bool]) -> ColumnElement[bool]:
    reached: list[ColumnElement[bool]] = []
    if offices := actor.authorities(*OFFICE_ROLES):
        reached.append(Case.authority_id.in_(offices))
    if actor.own_units or actor.portfolio:
        reached.append(of_units)
    if leading := actor.authorities(Role.LEADER):
        named = select(Request.case_id).where(Request.decider_id.in_(actor.stands_for))
        reached.append(and_(Case.authority_id.in_(leading), Case.id.in_(named)))
    if reviewed := actor.authorities(Role.DISCIPLINE):
        listed = select(Listing.case_id).where(Listing.case_id == Case.id).correlate(Case)
        reached.append(and_(Case.authority_id.in_(reviewed), listed.exists()))
    return or_(*reached) if reached else false()


def _cases_of_units(own: frozenset[int], portfolio: frozenset[int]) -> Any:
    """Return the ids of cases in which the units have a part, and of those that the own units found themselves.

    One union, so that both databases begin with the few cases of a unit and not with all of the authority.
    """
    assigned = select(Assignment.case_id).where(
        Assignment.unit_id.in_(own | portfolio), Assignment.released_on.is_(None)
    )
    if not own:
        return assigned
    return assigned.union_all(select(FOUND.id).where(FOUND.reporter_unit_id.in_(own), FOUND.source_kind == "self"))


def whole(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that holds for cases the actor sees whole: by an office, a portfolio or a review."""
    return true() if actor.is_system else _cases(_without_units(actor))


def _each_whole(actor: Actor) -> ColumnElement[bool]:
    return true() if actor.is_system else each_visible(_without_units(actor))


def _whole_or_own(model: Any, actor: Actor) -> ColumnElement[bool]:
    """Rows of visible cases: all for offices, leaders and reviewers; for units only those of the own unit."""
    reached = [_of_case(model, _each_whole(actor))] if _without_units(actor).grants else []
    if own := actor.own_units:
        reached.append(and_(model.unit_id.in_(own), _of_case(model, each_visible(actor))))
    return or_(*reached) if reached else false()


def own_parts(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the parts an actor's books tell of: all of cases seen whole, else those of the own units."""
    return true() if actor.is_system else _whole_or_own(Assignment, actor)


def _without_units(actor: Actor) -> Actor:
    grants = tuple(grant for grant in actor.grants if grant.role not in (Role.HEAD, Role.LIAISON))
    return Actor(actor.person_id, actor.name, grants, actor.day)


def _of_visible_case(model: Any, actor: Actor) -> ColumnElement[bool]:
    return _of_case(model, each_visible(actor))


def _of_case(model: Any, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Rows whose case meets the condition: asked case by case, so that nobody gathers every case of an authority."""
    return select(Case.id).where(Case.id == model.case_id, condition).correlate(model).exists()


def only_units(actor: Actor) -> frozenset[int]:
    """Return the units through which alone the actor sees cases: none for who sees others by an office or a portfolio."""
    return frozenset() if actor.is_system or _without_units(actor).grants else actor.own_units


def readable(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of words that the actor may read of cases seen anyway: a unit those of all and its own."""
    if actor.is_system or not actor.own_units:
        return true()
    own = or_(CaseText.unit_id.is_(None), CaseText.unit_id.in_(actor.own_units))
    return or_(own, _of_case(CaseText, _each_whole(actor))) if _without_units(actor).grants else own


@scope(CaseText)
def _texts(actor: Actor) -> ColumnElement[bool]:
    return and_(readable(actor), _of_visible_case(CaseText, actor))


@scope(Tally)
def _tallies(actor: Actor) -> ColumnElement[bool]:
    """Reach the counts of the authorities whose office one belongs to, and of the own units."""
    authorities = and_(Tally.kind == "authority", Tally.owner_id.in_(actor.authorities(*OFFICE_ROLES)))
    return or_(authorities, and_(Tally.kind == "unit", Tally.owner_id.in_(actor.own_units)))


@scope(ProgressReport)
def _progress(actor: Actor) -> ColumnElement[bool]:
    return _whole_or_own(ProgressReport, actor)


@scope(Evidence)
def _evidence(actor: Actor) -> ColumnElement[bool]:
    return _whole_or_own(Evidence, actor)


@scope(Measure)
def _measures(actor: Actor) -> ColumnElement[bool]:
    return _whole_or_own(Measure, actor)


@scope(Plan)
def _plans(actor: Actor) -> ColumnElement[bool]:
    return _whole_or_own(Plan, actor)


@scope(Request)
def _requests(actor: Actor) -> ColumnElement[bool]:
    return _whole_or_own(Request, actor)


@scope(Assignment)
def _assignments(actor: Actor) -> ColumnElement[bool]:
    return _of_visible_case(Assignment, actor)


@scope(CaseSource)
def _sources(actor: Actor) -> ColumnElement[bool]:
    return _of_visible_case(CaseSource, actor)


@scope(Deadline)
def _deadlines(actor: Actor) -> ColumnElement[bool]:
    return _of_visible_case(Deadline, actor)


@scope(Pause)
def _pauses(actor: Actor) -> ColumnElement[bool]:
    return _of_visible_case(Pause, actor)


@scope(Verification)
def _verifications(actor: Actor) -> ColumnElement[bool]:
    return _of_visible_case(Verification, actor)


@scope(Listing)
def _listings(actor: Actor) -> ColumnElement[bool]:
    return _of_case(Listing, _each_whole(actor))


@scope(Event)
def _events(actor: Actor) -> ColumnElement[bool]:
    """Reach the events of visible cases, and the whole log for the auditor (who is shown it without case texts)."""
    if Role.AUDITOR in actor.roles:
        return Event.id.is_not(None)
    return _of_visible_case(Event, actor)
