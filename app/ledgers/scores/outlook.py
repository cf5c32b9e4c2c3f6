"""Forecasts of many cases at once: what is on record and what is yet to come, set by set."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.calendar import Calendar
from app.ledgers.cases import Assignment, Case
from app.ledgers.scores.assess import Deduction
from app.ledgers.scores.facts import CaseFacts
from app.ledgers.scores.forecast import CaseForecast, Place, forecast, sum_by_unit
from app.ledgers.scores.load import load_book, load_facts
from app.ledgers.scores.models import DailyRun, ScoreEntry, Standing
from app.ledgers.scores.scopes import sees_scores
from app.people import Actor, Unit

CHUNK = 2000


def case_forecasts(
    session: Session, actor: Actor, case_ids: Sequence[int], until: date, calendar: Calendar
) -> list[CaseForecast]:
    """Return what each case will have cost each unit by the day (included), of units whose entries the actor sees.

    The cases are of one authority and visible to the actor; a constant number of queries for up to 2,000 of them.
    """
    if not case_ids:
        return []
    points = _points_on_record(session, case_ids)
    seen = _seen_units(session, actor, case_ids)
    found = []
    for facts, lines in _to_come(session, case_ids, until, calendar):
        for part in facts.parts:
            if part.unit_id in seen:
                own = tuple(line for line in lines if line.unit_id == part.unit_id)
                recorded = points.get((facts.case_id, part.unit_id), Decimal("0.00"))
                found.append(CaseForecast(facts.case_id, part.unit_id, recorded, own))
    return found


def points_to_come(
    session: Session, authority_id: int, unit_ids: Iterable[int] | None, year: int, day: date, calendar: Calendar
) -> Mapping[int, Decimal]:
    """Return the points that open cases will yet cost by 31 December if nothing happens, by unit; all units with None."""
    sums: dict[int, Decimal] = defaultdict(lambda: Decimal("0.00"))
    if year < day.year:
        return sums
    case_ids = list(session.scalars(_unsettled(session, authority_id, unit_ids, day)))
    for start in range(0, len(case_ids), CHUNK):
        for _facts, lines in _to_come(session, case_ids[start : start + CHUNK], date(year, 12, 31), calendar):
            for unit_id, points in sum_by_unit(lines, year).items():
                sums[unit_id] += points
    return sums


def unit_forecasts(
    session: Session, actor: Actor, unit: Unit, until: date, day: date, calendar: Calendar
) -> list[CaseForecast]:
    """Return what each open case will have cost the unit by the day (included), for who sees the unit's scores."""
    if unit.authority_id is None:
        return []
    case_ids = list(session.scalars(_unsettled(session, unit.authority_id, [unit.id], day)))
    chunks = [case_ids[start : start + CHUNK] for start in range(0, len(case_ids), CHUNK)]
    found = (one for chunk in chunks for one in case_forecasts(session, actor, chunk, until, calendar))
    return [one for one in found if one.unit_id == unit.id]


def _unsettled(session: Session, authority_id: int, unit_ids: Iterable[int] | None, day: date) -> Select[int]:
    """Select open cases, and those that ended since the daily job last looked."""
    since = session.scalar(select(func.max(DailyRun.day))) or day
    is_open = or_(Case.ended_on.is_(None), Case.ended_on >= since)
    query = select(Case.id).where(Case.authority_id == authority_id, Case.assigned_on.is_not(None), is_open)
    if unit_ids is not None:
        parts = select(Assignment.case_id).where(Assignment.unit_id.in_(list(unit_ids)))
        query = query.where(Case.id.in_(parts.where(Assignment.released_on.is_(None))))
    return query.order_by(Case.id)


def _to_come(
    session: Session, case_ids: Sequence[int], until: date, calendar: Calendar
) -> Iterable[tuple[CaseFacts, list[Deduction]]]:
    taken = _places_on_record(session, case_ids)
    book = None
    for facts in load_facts(session, case_ids):
        book = book or load_book(session, facts.authority_id)
        yield facts, forecast(facts, book, calendar, until, taken.get(facts.case_id, frozenset()))


def _places_on_record(session: Session, case_ids: Sequence[int]) -> dict[int, set[Place]]:
    found: dict[int, set[Place]] = defaultdict(set)
    columns = (ScoreEntry.case_id, ScoreEntry.rule, ScoreEntry.unit_id, ScoreEntry.key)
    for case_id, rule, unit_id, key in session.execute(select(*columns).where(ScoreEntry.case_id.in_(case_ids))):
        found[case_id or 0].add((rule, unit_id, key))
    return found


def _points_on_record(session: Session, case_ids: Sequence[int]) -> dict[tuple[int, int], Decimal]:
    """Sum what counts: entries and their contras cancel each other, so nothing needs to be left out."""
    query = select(ScoreEntry.case_id, ScoreEntry.unit_id, func.sum(ScoreEntry.points))
    query = query.join(Standing, Standing.entry_id == ScoreEntry.id).where(Standing.state != "reversed")
    grouped = query.where(ScoreEntry.case_id.in_(case_ids)).group_by(ScoreEntry.case_id, ScoreEntry.unit_id)
    return {(case_id or 0, unit_id): Decimal(points) for case_id, unit_id, points in session.execute(grouped)}


def _seen_units(session: Session, actor: Actor, case_ids: Sequence[int]) -> set[int]:
    """Return the units of the cases whose scores the actor may see: the same reach as for their entries."""
    query = select(Assignment.unit_id, Case.authority_id).join(Case, Case.id == Assignment.case_id)
    rows = session.execute(query.where(Case.id.in_(case_ids)).distinct()).all()
    return {unit_id for unit_id, authority_id in rows if sees_scores(actor, authority_id, unit_id)}
