"""Everything one page tells of a case, in a constant number of queries and only as far as the actor sees it.

Who sees the case whole gets all of it. A unit gets its own part whole and of the others no more than how far they are:
no text, file, measure or reason of another unit ever enters the story, so no page can show it by mistake.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, case, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from app.core.errors import Absent
from app.ledgers.cases.dates import Deadline
from app.ledgers.cases.models import Assignment, Case, CaseSource, Listing
from app.ledgers.cases.scopes import whole
from app.ledgers.cases.timeline import Happened, happened
from app.ledgers.cases.work import Evidence, Measure, Plan, ProgressReport, Request, Verification
from app.people import Actor, Person, Role, Unit, visible, within

OTHER = aliased(Case)  # made once: making an alias costs more than asking the database
CONTACT_ROLES = (Role.INSPECTOR, Role.SUPERVISOR)


class Seen(NamedTuple):
    """A case that the actor sees: `is_whole` for an office, a portfolio or a review, else by its own units."""

    case: Case
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One unit's part as the actor may see it; `row` only when it may be seen whole."""

    id: int
    unit_id: int
    unit: str
    role: str
    state: str
    assigned_on: Any
    receipt_due_on: Any
    received_on: Any
    done_on: Any
    is_own: bool
    row: Assignment | None


@dataclass(frozen=True, slots=True)
class Source:
    """One feedback. The contact stays behind: only that there is one, and whether the actor may ask for it."""

    id: int
    kind: str
    discovery: str
    reference: str
    text: str
    found_on: Any
    has_contact: bool


@dataclass(frozen=True, slots=True)
class CaseStory:
    """What is on record about a case, as far as the actor sees it. Rows name people and units beside the record."""

    case: Case
    is_whole: bool
    sees_lead: bool
    reporter: str
    reporter_unit: str
    parts: Sequence[Part]
    plan: Plan | None
    measures: Sequence[Measure]
    progress: Sequence[Any]
    evidence: Sequence[Any]
    deadlines: Sequence[Deadline]
    requests: Sequence[Any]
    verifications: Sequence[Any]
    listings: Sequence[Listing]
    sources: Sequence[Source]
    merged: Sequence[Any]
    events: Sequence[Happened]
    may_read_contacts: bool

    @property
    def result(self) -> tuple[str, str, str]:
        """What the lead reported: result, lesson and mechanism; empty for those who do not see the lead's part."""
        return (self.case.result, self.case.lesson, self.case.mechanism) if self.sees_lead else ("", "", "")


def find_case(session: Session, actor: Actor, case_id: int) -> Seen:
    """Return a case the actor sees; Absent when there is none for them."""
    query = visible(Case, actor).where(Case.id == case_id)
    row = session.execute(query.add_columns(case((whole(actor), 1), else_=0))).one_or_none()
    if row is None:
        raise Absent
    return Seen(row[0], bool(row[1]))


def case_story(session: Session, actor: Actor, seen: Seen) -> CaseStory:
    """Return everything of the case page except scores (see scores.of_case)."""
    row, units = seen.case, actor.own_units
    reporter, reporter_unit = _reporter(session, row)
    plan = session.scalars(visible(Plan, actor).where(Plan.case_id == row.id, Plan.cycle == row.cycle)).first()
    current = (Measure.case_id == row.id, Measure.dropped_on.is_(None))
    return CaseStory(
        case=row,
        is_whole=seen.is_whole,
        sees_lead=seen.is_whole or row.lead_unit_id in units,
        reporter=reporter if seen.is_whole or row.reporter_unit_id in units else "",
        reporter_unit=reporter_unit,
        parts=_parts(session, actor, seen),
        plan=plan,
        measures=session.scalars(visible(Measure, actor).where(*current).order_by(Measure.position)).all(),
        progress=session.execute(_signed(ProgressReport, ProgressReport.person_id, actor, row)).all(),
        evidence=session.execute(_signed(Evidence, Evidence.person_id, actor, row)).all(),
        deadlines=session.scalars(_of(Deadline, actor, row)).all(),
        requests=session.execute(_signed(Request, Request.asked_by_id, actor, row)).all(),
        verifications=_verifications(session, actor, row),
        listings=session.scalars(_of(Listing, actor, row)).all(),
        sources=_sources(session, actor, row),
        merged=_merged(session, actor, row),
        events=happened(session, actor, seen.is_whole, row),
        may_read_contacts=may_read_contacts(actor, row),
    )


def may_read_contacts(actor: Actor, row: Case) -> bool:
    """Say whether the actor may be shown how to reach the citizen: the office that supervises, nobody else."""
    return actor.grant(*CONTACT_ROLES, authority_id=row.authority_id) is not None


def _of(model: Any, actor: Actor, row: Case) -> Select[Any]:
    return visible(model, actor).where(model.case_id == row.id).order_by(model.id)


def _signed(model: Any, person_id: Any, actor: Actor, row: Case) -> Select[Any]:
    """Select rows of the case with the names of the person who signed and of the unit."""
    query = select(model, Person.name.label("person"), Unit.short_name.label("unit"))
    query = query.outerjoin(Person, Person.id == person_id).outerjoin(Unit, Unit.id == model.unit_id)
    return query.where(within(model, actor), model.case_id == row.id).order_by(model.id)


def _reporter(session: Session, row: Case) -> tuple[str, str]:
    query = select(Person.name).where(Person.id == row.reporter_id).scalar_subquery()
    unit = select(Unit.short_name).where(Unit.id == row.reporter_unit_id).scalar_subquery()
    found = session.execute(select(query, unit)).one()
    return found[0] or "", found[1] or ""


def _parts(session: Session, actor: Actor, seen: Seen) -> list[Part]:
    query = select(Assignment, Unit.short_name).join(Unit, Unit.id == Assignment.unit_id)
    query = query.where(within(Assignment, actor), Assignment.case_id == seen.case.id)
    if not seen.is_whole:
        query = query.where(Assignment.released_on.is_(None))
    found = []
    for row, unit in session.execute(query.order_by(Assignment.role.desc(), Assignment.id)):
        is_own = row.unit_id in actor.own_units
        shown = row if is_own or seen.is_whole else None
        dates = (row.assigned_on, row.receipt_due_on, row.received_on, row.done_on)
        found.append(Part(row.id, row.unit_id, unit, row.role, row.state, *dates, is_own, shown))
    return found


def _verifications(session: Session, actor: Actor, row: Case) -> Sequence[Any]:
    query = select(Verification, Person.name.label("person")).outerjoin(Person, Person.id == Verification.person_id)
    query = query.where(within(Verification, actor), Verification.case_id == row.id)
    return session.execute(query.order_by(Verification.id)).all()


def _sources(session: Session, actor: Actor, row: Case) -> list[Source]:
    columns = (
        CaseSource.id,
        CaseSource.kind,
        CaseSource.discovery,
        CaseSource.reference,
        CaseSource.text,
        CaseSource.found_on,
        CaseSource.contact.is_not(None),
    )
    query = select(*columns).where(within(CaseSource, actor), CaseSource.case_id == row.id)
    query = query.where(CaseSource.withdrawn_event_id.is_(None)).order_by(CaseSource.id)
    return [Source(*values[:-1], bool(values[-1])) for values in session.execute(query)]


def _merged(session: Session, actor: Actor, row: Case) -> Sequence[Any]:
    """Return the cases merged into this one, and the one it was merged into, as far as they are seen."""
    into_this = select(OTHER.id).where(OTHER.merged_into_id == row.id)
    ids = union_all(into_this, select(literal(row.merged_into_id or 0)))
    query = select(Case.id, Case.number, Case.title, Case.merged_into_id).where(within(Case, actor))
    return session.execute(query.where(Case.id.in_(ids)).order_by(Case.id)).all()
