"""Everything one page tells of a case, in a constant number of queries and only as far as the actor sees it.

Who sees the case whole gets all of it. A unit gets its own part whole and of the others no more than how far they are:
no text, file, measure or reason of another unit ever enters the story, so no page can show it by mistake.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from app.core.errors import Absent
from app.ledgers.cases.dates import Deadline
from app.ledgers.cases.models import Assignment, Case, Listing
from app.ledgers.cases.story_statements import OTHER, RARE_NAMES, case_statement, story_statements
from app.ledgers.cases.timeline import Happened, happened
from app.ledgers.cases.work import Measure, Plan
from app.people import Actor, Role, within

CONTACT_ROLES = (Role.INSPECTOR, Role.SUPERVISOR)


class Seen(NamedTuple):
    """A case that the actor sees: `is_whole` for an office, a portfolio or a review, else by its own units.

    `has` holds those of RARE_NAMES that the case has any of, whoever may see them.
    """

    case: Case
    is_whole: bool
    reporter: str
    reporter_unit: str
    has: frozenset[str]


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

    @property
    def is_held(self) -> bool:
        """Say whether the unit still has the part."""
        return self.row is None or self.row.released_on is None


@dataclass(frozen=True, slots=True)
class Source:
    """One feedback. The contact stays behind: only that there is one, and whether the actor may ask for it.

    `merged_number` is the number of the case that brought the feedback along when it was merged.
    """

    id: int
    kind: str
    discovery: str
    reference: str
    text: str
    found_on: Any
    has_contact: bool
    merged_number: str | None


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
    tags: Sequence[str] = ()
    is_followed: bool = False

    @property
    def result(self) -> tuple[str, str, str]:
        """What the lead reported: result, lesson and mechanism; empty for those who do not see the lead's part."""
        return (self.case.result, self.case.lesson, self.case.mechanism) if self.sees_lead else ("", "", "")


def find_case(session: Session, actor: Actor, case_id: int) -> Seen:
    """Return a case the actor sees; Absent when there is none for them."""
    row = session.execute(case_statement(actor), {"case_id": case_id}).one_or_none()
    if row is None:
        raise Absent
    found, is_whole, reporter, unit, *rare = row
    has = frozenset(name for name, is_there in zip(RARE_NAMES, rare, strict=True) if is_there)
    return Seen(found, bool(is_whole), reporter or "", unit or "", has)


def case_story(session: Session, actor: Actor, seen: Seen) -> CaseStory:
    """Return everything of the case page except scores (see scores.of_case)."""
    row, units, statements = seen.case, actor.own_units, story_statements(actor)

    def rows(name: str) -> Sequence[Any]:
        is_none = name in RARE_NAMES and name not in seen.has
        return () if is_none else session.execute(statements[name], {"case_id": row.id}).all()

    return CaseStory(
        case=row,
        is_whole=seen.is_whole,
        sees_lead=seen.is_whole or row.lead_unit_id in units,
        reporter=seen.reporter if seen.is_whole or row.reporter_unit_id in units else "",
        reporter_unit=seen.reporter_unit,
        parts=_parts(actor, seen, rows("assignments")),
        plan=next((plan for (plan,) in rows("plans") if plan.cycle == row.cycle), None),
        measures=[measure for (measure,) in rows("measures")],
        progress=rows("progress_reports"),
        evidence=rows("evidence"),
        deadlines=[deadline for (deadline,) in rows("deadlines")],
        requests=rows("requests"),
        verifications=rows("verifications"),
        listings=[listing for (listing,) in rows("listings")],
        sources=[Source(*values) for values in rows("case_sources")],
        merged=_merged(session, actor, row) if "merged" in seen.has else (),
        events=happened(actor, seen.is_whole, row, rows("events")),
        may_read_contacts=may_read_contacts(actor, row),
        is_followed=bool(seen.has & {"children", "merged"}),
        tags=sorted(tag.words for (tag,) in rows("case_tags")),
    )


def may_read_contacts(actor: Actor, row: Case) -> bool:
    """Say whether the actor may be shown how to reach the citizen: the office that supervises, nobody else."""
    return actor.grant(*CONTACT_ROLES, authority_id=row.authority_id) is not None


def _parts(actor: Actor, seen: Seen, rows: Sequence[Any]) -> list[Part]:
    found = []
    for row, unit in rows:
        if row.released_on is not None and not seen.is_whole:
            continue
        is_own = row.unit_id in actor.own_units
        shown = row if is_own or seen.is_whole else None
        dates = (row.assigned_on, row.receipt_due_on, row.received_on, row.done_on)
        found.append(Part(row.id, row.unit_id, unit, row.role, row.state, *dates, is_own, shown))
    return found


def _merged(session: Session, actor: Actor, row: Case) -> Sequence[Any]:
    """Return the cases merged into this one, and the one it was merged into, as far as they are seen."""
    into_this = select(OTHER.id).where(OTHER.merged_into_id == row.id)
    ids = union_all(into_this, select(literal(row.merged_into_id or 0)))
    query = select(Case.id, Case.number, Case.title, Case.merged_into_id).where(within(Case, actor))
    return session.execute(query.where(Case.id.in_(ids)).order_by(Case.id)).all()
