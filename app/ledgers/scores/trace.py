"""The trace of one entry: what it was reversed by or reverses, what became of it, and the proofs on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.audit import Event
from app.ledgers.cases import Evidence
from app.ledgers.scores.models import Objection, ObjectionEntry, Reversal, ScoreEntry, Standing
from app.people import Actor, Mandate, Person, Unit, visible, within

MOST_FILES = 12


@dataclass(frozen=True, slots=True)
class Happened:
    """One event as a page tells it: who, in which role and unit; the daily job has no name."""

    event: Event
    name: str | None
    role: str | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of an entry beyond its own line. `chain` runs from the first entry to the last contra."""

    chain: Sequence[tuple[ScoreEntry, Standing]]
    objections: Sequence[Objection]
    reversals: Sequence[Reversal]
    history: Sequence[Happened]
    proof: Happened | None
    files: Sequence[Evidence]


def find_entry(session: Session, actor: Actor, entry_id: int) -> tuple[ScoreEntry, Standing] | None:
    """Return the entry and its standing, or None when the actor sees no such entry."""
    query = select(ScoreEntry, Standing).join(Standing, Standing.entry_id == ScoreEntry.id)
    row = session.execute(query.where(ScoreEntry.id == entry_id, within(ScoreEntry, actor))).one_or_none()
    return (row[0], row[1]) if row else None


def trace_of(session: Session, actor: Actor, entry: ScoreEntry) -> Trace:
    """Return the trace of an entry the actor sees, in a constant number of queries."""
    chain = _chain(session, entry)
    ids = [link.id for link, _ in chain]
    named = select(ObjectionEntry.objection_id).where(ObjectionEntry.entry_id.in_(ids))
    objections = session.scalars(visible(Objection, actor).where(Objection.id.in_(named)).order_by(Objection.id)).all()
    reversals = session.scalars(visible(Reversal, actor).where(Reversal.entry_id.in_(ids)).order_by(Reversal.id)).all()
    happened = _happened(session, actor, entry, chain, objections, reversals)
    proof = next((one for one in happened if one.event.id == entry.event_id), None)
    files = visible(Evidence, actor).where(Evidence.case_id == entry.case_id)
    files = files.order_by(Evidence.id.desc()).limit(MOST_FILES + 1)
    return Trace(chain, objections, reversals, happened, proof, session.scalars(files).all())


def _chain(session: Session, entry: ScoreEntry) -> list[tuple[ScoreEntry, Standing]]:
    """Follow the contra entries both ways; all of a chain share rule, origin and unit."""
    query = select(ScoreEntry, Standing).join(Standing, Standing.entry_id == ScoreEntry.id)
    same = ScoreEntry.rule == entry.rule, ScoreEntry.origin == entry.origin, ScoreEntry.unit_id == entry.unit_id
    rows = {found.id: (found, standing) for found, standing in session.execute(query.where(*same))}
    following = {found.reverses_id: found.id for found, _ in rows.values() if found.reverses_id}
    first = entry
    while first.reverses_id is not None:
        first = rows[first.reverses_id][0]
    chain = [rows[first.id]]
    while (after := following.get(chain[-1][0].id)) is not None:
        chain.append(rows[after])
    return chain


def _happened(
    session: Session,
    actor: Actor,
    entry: ScoreEntry,
    chain: Sequence[tuple[ScoreEntry, Standing]],
    objections: Sequence[Objection],
    reversals: Sequence[Reversal],
) -> list[Happened]:
    ids = {event for link, standing in chain for event in (link.posted_event_id, link.event_id, standing.event_id)}
    subjects = [f"entry:{link.id}" for link, _ in chain]
    subjects += [f"objection:{row.id}" for row in objections] + [f"reversal:{row.id}" for row in reversals]
    columns: tuple[Any, ...] = (Event, Person.name, Mandate.role, Unit.short_name)
    query = select(*columns).outerjoin(Person, Person.id == Event.actor_id)
    query = query.outerjoin(Mandate, Mandate.id == Event.mandate_id).outerjoin(Unit, Unit.id == Mandate.unit_id)
    wanted = or_(Event.id.in_([event for event in ids if event]), Event.subject.in_(subjects))
    query = query.where(Event.case_id == entry.case_id, wanted, within(Event, actor)).order_by(Event.id)
    return [Happened(event, name, role, unit) for event, name, role, unit in session.execute(query)]
