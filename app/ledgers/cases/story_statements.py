"""The statements of the case page, made once for an actor: they say only what the mandates of the day say, never a row."""

from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, case, or_, select

from app.audit import Event
from app.core.aliases import shared_alias
from app.core.db import Ref
from app.ledgers.cases.dates import Deadline
from app.ledgers.cases.models import Assignment, Case, CaseSource, Listing
from app.ledgers.cases.scopes import whole
from app.ledgers.cases.tags import CaseTag
from app.ledgers.cases.work import Evidence, Measure, Plan, ProgressReport, Request, Verification
from app.people import Actor, Mandate, Person, Unit, visible, within

MOST_EVENTS = 200
ACTORS = 64
THIS: BindParameter[int] = bindparam("case_id", type_=Ref)
OTHER = shared_alias(Case)
HELD_AT = shared_alias(Unit)
# what many cases have nothing of: asked for only where the case itself says that there is some
RARE: tuple[Any, ...] = (Plan, Measure, ProgressReport, Evidence, Request, Verification, Listing, CaseTag)
RARE_NAMES = (*(model.__tablename__ for model in RARE), "merged", "children")


@lru_cache(maxsize=ACTORS)
def case_statement(actor: Actor) -> Select[Any]:
    """Select the case, whether it is seen whole, who logged it, and for each of RARE_NAMES whether there is any."""
    query = visible(Case, actor).where(Case.id == THIS).outerjoin(Person, Person.id == Case.reporter_id)
    query = query.outerjoin(Unit, Unit.id == Case.reporter_unit_id)
    is_whole = case((whole(actor), 1), else_=0)
    rare = (select(model.id).where(model.case_id == Case.id).correlate(Case).exists() for model in RARE)
    into_this = select(OTHER.id).where(OTHER.merged_into_id == Case.id).correlate(Case).exists()
    is_merged = or_(Case.merged_into_id.is_not(None), into_this)
    handed_down = select(OTHER.id).where(OTHER.parent_id == Case.id).correlate(Case).exists()
    return query.add_columns(is_whole, Person.name, Unit.short_name, *rare, is_merged, handed_down)


@lru_cache(maxsize=ACTORS)
def story_statements(actor: Actor) -> dict[str, Select[Any]]:
    """Return what tells the story of the case THIS, by the name of its table, each as far as the actor sees it."""
    return {
        "plans": _of(Plan, actor),
        "assignments": select(Assignment, Unit.short_name)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(*_seen(Assignment, actor))
        .order_by(Assignment.role.desc(), Assignment.id),
        "measures": _of(Measure, actor).where(Measure.dropped_on.is_(None)).order_by(None).order_by(Measure.position),
        "progress_reports": _signed(ProgressReport, ProgressReport.person_id, actor),
        "evidence": _signed(Evidence, Evidence.person_id, actor),
        "deadlines": _of(Deadline, actor),
        "requests": _signed(Request, Request.asked_by_id, actor),
        "verifications": select(Verification, Person.name.label("person"))
        .outerjoin(Person, Person.id == Verification.person_id)
        .where(*_seen(Verification, actor))
        .order_by(Verification.id),
        "listings": _of(Listing, actor),
        "case_tags": _of(CaseTag, actor).where(CaseTag.removed_event_id.is_(None)),
        "case_sources": _sources(actor),
        "events": _events(actor),
    }


def _seen(model: Any, actor: Actor) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return within(model, actor), model.case_id == THIS


def _of(model: Any, actor: Actor) -> Select[Any]:
    return select(model).where(*_seen(model, actor)).order_by(model.id)


def _signed(model: Any, person_id: Any, actor: Actor) -> Select[Any]:
    """Select rows of the case with the names of the person who signed and of the unit."""
    query = select(model, Person.name.label("person"), Unit.short_name.label("unit"))
    query = query.outerjoin(Person, Person.id == person_id).outerjoin(Unit, Unit.id == model.unit_id)
    return query.where(*_seen(model, actor)).order_by(model.id)


def _sources(actor: Actor) -> Select[Any]:
    """Select the feedbacks; of a contact only whether there is one, and of a merged case only the number it had."""
    columns: tuple[Any, ...] = (
        CaseSource.id,
        CaseSource.kind,
        CaseSource.discovery,
        CaseSource.reference,
        CaseSource.text,
    )
    query = select(*columns, CaseSource.found_on, CaseSource.contact.is_not(None), OTHER.number)
    query = query.outerjoin(OTHER, OTHER.id == CaseSource.merged_from_id).where(*_seen(CaseSource, actor))
    return query.where(CaseSource.withdrawn_event_id.is_(None)).order_by(CaseSource.id)


def _events(actor: Actor) -> Select[Any]:
    """Select the newest MOST_EVENTS events with the names of who acted, as whom, and at which units."""
    columns: tuple[Any, ...] = (Event, Person.name, Mandate.role, HELD_AT.kind, HELD_AT.short_name, Unit.short_name)
    query = select(*columns).outerjoin(Person, Person.id == Event.actor_id)
    query = query.outerjoin(Mandate, Mandate.id == Event.mandate_id).outerjoin(HELD_AT, HELD_AT.id == Mandate.unit_id)
    query = query.outerjoin(Unit, Unit.id == Event.unit_id).where(*_seen(Event, actor))
    return query.order_by(Event.id.desc()).limit(MOST_EVENTS)
