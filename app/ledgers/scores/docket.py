"""The docket of objections: which wait for a decision, which are late, and what each of them names."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.ledgers.cases import Case
from app.ledgers.scores.models import Objection, ObjectionEntry, ScoreEntry, Standing
from app.people import Actor, Person, Unit, within


@dataclass(frozen=True, slots=True)
class Plea:
    """One objection with its unit and case (None for who does not see the case) and the points it is about."""

    objection: Objection
    unit: str
    case_number: str | None
    case_title: str | None
    count: int
    points: Decimal


def docket(
    session: Session, actor: Actor, states: Collection[str] | None = None, most: int = 50, skip: int = 0
) -> list[Plea]:
    """Return the objections the actor may see, those to be decided soonest first; one query."""
    named = select(
        ObjectionEntry.objection_id.label("objection_id"),
        func.count().label("count"),
        func.sum(ScoreEntry.points).label("points"),
    ).join(ScoreEntry, ScoreEntry.id == ObjectionEntry.entry_id)
    sums = named.group_by(ObjectionEntry.objection_id).subquery()
    seen = (Case.id == Objection.case_id) & within(Case, actor)
    query = select(Objection, Unit.name, Case.number, Case.title, sums.c.count, sums.c.points)
    query = query.join(Unit, Unit.id == Objection.unit_id).outerjoin(Case, seen)
    query = query.outerjoin(sums, sums.c.objection_id == Objection.id).where(within(Objection, actor))
    if states is not None:
        query = query.where(Objection.state.in_(states))
    waits = case((Objection.state == "asked", 0), (Objection.state == "drafted", 1), else_=2)
    query = query.order_by(waits, Objection.decide_by, Objection.id.desc()).limit(most).offset(skip)
    return [
        Plea(objection, unit, number, title, count or 0, Decimal(points or 0))
        for objection, unit, number, title, count, points in session.execute(query)
    ]


def count_objections(session: Session, actor: Actor) -> dict[str, int]:
    """Return how many objections the actor may see, by state."""
    query = select(Objection.state, func.count()).where(within(Objection, actor)).group_by(Objection.state)
    return {state: count for state, count in session.execute(query)}


def named_entries(session: Session, actor: Actor, objection_id: int) -> Sequence[tuple[ScoreEntry, Standing]]:
    """Return the entries that an objection names, oldest first."""
    query = select(ScoreEntry, Standing).join(Standing, Standing.entry_id == ScoreEntry.id)
    query = query.join(ObjectionEntry, ObjectionEntry.entry_id == ScoreEntry.id)
    query = query.where(ObjectionEntry.objection_id == objection_id, within(ScoreEntry, actor))
    return [(entry, standing) for entry, standing in session.execute(query.order_by(ScoreEntry.day, ScoreEntry.id))]


def names_of(session: Session, person_ids: Collection[int | None]) -> dict[int, str]:
    """Return the names of officials who are named in a decision or a version of the rules."""
    wanted = {person_id for person_id in person_ids if person_id}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted))) if wanted else ()
    return {person_id: name for person_id, name in rows}
