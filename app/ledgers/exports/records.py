"""What is on record of many cases for a ledger on paper, read in batches, always through what the actor sees.

A batch costs the same number of queries however many rows it has: one for the cases, one for each thing beside them that
the layout asks for.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.core.among import among
from app.ledgers.cases import USUAL, Assignment, Case, CaseSource, Evidence, Measure, ProgressReport, Verification
from app.ledgers.cases.ordering import order_of
from app.ledgers.cases.scopes import whole
from app.ledgers.intake import ImportRow
from app.people import Actor, Mandate, Person, Portfolio, Role, Unit, in_force, within

BATCH = 2500
CASES: Any = Case.__table__
COLUMNS = [
    CASES.c[name]
    for name in (
        *("id", "number", "title", "text", "category", "place", "source_kind", "found_on", "reporter_id"),
        *("lead_unit_id", "standard", "due_on", "order_on", "state", "rect_class", "proposed_due_on", "proposed_lead"),
        *("proposed_assist", "proposed_class", "result", "mechanism", "submitted_on", "ended_on"),
    )
]


class Photo(NamedTuple):
    """A picture in the data folder, by its stored name, with the digest it must still have; `id` is of its evidence."""

    stored_name: str
    sha256: str
    id: int = 0


@dataclass(slots=True)
class Record:
    """A case with what stands beside it; `facts` is what the last file said of it, `case` its columns.

    `sees_lead`: whether the actor may read what the lead reported as the result. `references` are the numbers of its
    feedbacks and `found_on` the date of one, where the layout is the ledger of one kind of feedback those of that kind.
    """

    case: Any
    sees_lead: bool
    lead: str = ""
    assists: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    found_on: Any = None
    kinds: tuple[str, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)
    measures: tuple[Any, ...] = ()
    progress: str = ""
    check: Any = None
    received_on: Any = None
    leaders: Sequence[str] = ()
    reporter: str = ""
    photos: dict[str, tuple[Photo, ...]] = field(default_factory=dict)


class Records:
    """The cases that meet the conditions, a batch at a time. `fields` are those the layout writes.

    `source` is the kind of feedback that the layout is the ledger of: its own number and date are written where a case has
    several, so that each source's office finds its own.
    """

    def __init__(self, session: Session, actor: Actor, fields: Collection[str], day: Any, source: str = "") -> None:
        self.session, self.actor, self.fields, self.day = session, actor, frozenset(fields), day
        self.source = source
        self._names: dict[int, str] = {}
        self._leaders: dict[int, list[str]] = {}

    def batches(self, conditions: Sequence[ColumnElement[bool]], order: str = USUAL) -> Iterator[list[Record]]:
        """Yield batches; the conditions hold what the actor sees (finders.ledger_conditions)."""
        place: str | None = None
        while True:
            batch, place = self.page(conditions, order, place, BATCH)
            if batch:
                yield batch
            if place is None:
                return

    def page(
        self, conditions: Sequence[ColumnElement[bool]], order: str, place: str | None, size: int
    ) -> tuple[list[Record], str | None]:
        """Return the rows behind a place, and the place where the next page begins, or None."""
        ordered = order_of(order)
        stands_at = ordered.column.label("stands_at")
        query = select(*COLUMNS, whole(self.actor).label("is_whole"), stands_at).where(*conditions)
        if place:
            query = query.where(ordered.after(place))
        rows = self._rows(query.order_by(*ordered.by).limit(size + 1))
        shown = rows[:size]
        following = ordered.place_at(shown[-1].stands_at, shown[-1].id) if len(rows) > size else None
        return self._filled(shown) if shown else [], following

    def of_cases(self, case_ids: Collection[int]) -> dict[int, Record]:
        """Return the cases of these ids that the actor sees."""
        query = select(*COLUMNS, whole(self.actor).label("is_whole"))
        rows = self._rows(query.where(within(Case, self.actor), Case.id.in_(case_ids)))
        return {record.case.id: record for record in self._filled(rows)} if rows else {}

    def _rows(self, query: Any) -> Sequence[Any]:
        """Ask past the ORM, which would take every row of very many apart once more."""
        self.session.flush()
        return self.session.connection().execute(query).all()

    def _filled(self, rows: Sequence[Any]) -> list[Record]:
        own = self.actor.own_units
        found = {row.id: Record(row, bool(row.is_whole) or row.lead_unit_id in own) for row in rows}
        self._know_names()
        for record in found.values():
            self._name_units(record)
        self._sources(found)
        readers = {
            self._assignments: ("assisting", "received_on"),
            self._measures: ("measures", "person"),
            self._progress: ("progress",),
            self._checks: ("checked_on", "checked_by", "check_result", "finding"),
            self._led: ("leader",),
            self._reporters: ("inspectors",),
            self._photos: ("photos", "before", "after"),
        }
        for read, fields in readers.items():
            if self.fields.intersection(fields):
                read(found)
        return list(found.values())

    def _know_names(self) -> None:
        if not self._names:
            self._names = {unit_id: name for unit_id, name in self._rows(select(Unit.id, Unit.name))}

    def _name_units(self, record: Record) -> None:
        """Name the units on record, or while the case has none those that its file proposed."""
        case = record.case
        if case.lead_unit_id is not None:
            record.lead = self._names.get(case.lead_unit_id, "")
            return
        record.lead = case.proposed_lead
        record.assists = tuple(self._names[unit] for unit in case.proposed_assist or () if unit in self._names)

    def _sources(self, found: dict[int, Record]) -> None:
        """Read numbers and kinds of the feedbacks, and what the last file said: it stands in the text of the source too."""
        sources: Any = select(CaseSource.case_id, CaseSource.reference, CaseSource.kind, CaseSource.found_on)
        sources = sources.where(among(CaseSource.case_id, list(found)), CaseSource.withdrawn_event_id.is_(None))
        rows = self._rows(sources.order_by(CaseSource.id))
        for case_id, _, kind, _ in rows:
            record = found[case_id]
            if kind not in record.kinds:
                record.kinds += (kind,)
        for case_id, reference, kind, found_on in rows:
            record = found[case_id]
            is_asked = kind == self.source or self.source not in record.kinds
            if is_asked and reference and reference not in record.references:
                record.references += (reference,)
            if kind == self.source and record.found_on is None:
                record.found_on = found_on
        taken = ImportRow.outcome.in_(("created", "updated", "noted"))
        said = select(ImportRow.case_id, ImportRow.facts).where(among(ImportRow.case_id, list(found)), taken)
        for known_id, facts in self._rows(said.order_by(ImportRow.id)):
            found[known_id or 0].facts = facts

    def _assignments(self, found: dict[int, Record]) -> None:
        query = select(Assignment.case_id, Assignment.role, Assignment.unit_id, Assignment.received_on)
        query = query.where(among(Assignment.case_id, list(found)), Assignment.released_on.is_(None))
        query = query.where(within(Assignment, self.actor)).order_by(Assignment.id)
        for case_id, role, unit_id, received_on in self._rows(query):
            if role == "lead":
                found[case_id].received_on = received_on
            else:
                found[case_id].assists += (self._names.get(unit_id, ""),)

    def _measures(self, found: dict[int, Record]) -> None:
        query: Any = select(Measure.case_id, Measure.plan_id, Measure.text, Measure.person)
        query = query.where(
            among(Measure.case_id, list(found)), Measure.dropped_on.is_(None), within(Measure, self.actor)
        )
        for row in self._rows(query.order_by(Measure.case_id, Measure.plan_id, Measure.position)):
            record = found[row.case_id]
            is_later = record.measures and record.measures[0].plan_id != row.plan_id
            record.measures = (row,) if is_later else (*record.measures, row)

    def _progress(self, found: dict[int, Record]) -> None:
        query = select(ProgressReport.case_id, ProgressReport.text).where(among(ProgressReport.case_id, list(found)))
        query = query.where(within(ProgressReport, self.actor)).order_by(ProgressReport.id)
        for case_id, text in self._rows(query):
            found[case_id].progress = text

    def _checks(self, found: dict[int, Record]) -> None:
        columns = (Verification.case_id, Verification.names, Verification.site_on, Verification.on)
        query: Any = select(*columns, Verification.passed, Verification.method, Verification.opinion)
        query = query.where(among(Verification.case_id, list(found)), Verification.level == 1)
        query = query.where(within(Verification, self.actor)).order_by(Verification.id)
        for row in self._rows(query):
            found[row.case_id].check = row

    def _led(self, found: dict[int, Record]) -> None:
        """Name the leaders in charge of the lead today; those of a unit are asked for once."""
        wanted = {record.case.lead_unit_id for record in found.values()} - {None} - set(self._leaders)
        if wanted:
            self._leaders |= {unit_id: [] for unit_id in wanted}
            query = select(Portfolio.unit_id, Person.name).join(Mandate, Mandate.id == Portfolio.mandate_id)
            query = query.join(Person, Person.id == Mandate.person_id).where(Portfolio.unit_id.in_(wanted))
            query = query.where(Mandate.role == Role.LEADER, in_force(self.day), Person.disabled_at.is_(None))
            for unit_id, name in self._rows(query.order_by(Mandate.id)):
                self._leaders[unit_id].append(name)
        for record in found.values():
            record.leaders = self._leaders.get(record.case.lead_unit_id or 0, [])

    def _reporters(self, found: dict[int, Record]) -> None:
        wanted = {record.case.reporter_id for record in found.values()} - {None}
        names = select(Person.id, Person.name).where(Person.id.in_(wanted))
        known = {person_id: name for person_id, name in self._rows(names)}
        for record in found.values():
            record.reporter = known.get(record.case.reporter_id, "")

    def _photos(self, found: dict[int, Record]) -> None:
        """Find the pictures before and after, as far as they are marked or can only be of the problem."""
        query: Any = select(Evidence.case_id, Evidence.kind, Evidence.stored_name, Evidence.sha256, Evidence.id)
        query = query.where(among(Evidence.case_id, list(found)), Evidence.media_type.startswith("image/"))
        query = query.where(or_(Evidence.kind.in_(("before", "after")), shows_problem()))
        query = query.where(within(Evidence, self.actor)).order_by(Evidence.id)
        for case_id, which, *photo in self._rows(query):
            photos, when = found[case_id].photos, "after" if which == "after" else "before"
            photos[when] = (*photos.get(when, ()), Photo(*photo))


def shows_problem() -> ColumnElement[bool]:
    """Say that what was not marked came from the office, or with a feedback, and is no proof of a check on site."""
    checked = select(Verification.id).where(
        Verification.case_id == Evidence.case_id, Verification.event_id == Evidence.event_id
    )
    fed_back = select(CaseSource.id).where(
        CaseSource.case_id == Evidence.case_id, CaseSource.event_id == Evidence.event_id
    )
    from_office = and_(Evidence.unit_id.is_(None), ~checked.correlate(Evidence).exists())
    return or_(from_office, fed_back.correlate(Evidence).exists())
