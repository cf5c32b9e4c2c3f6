"""A unit's account of a year: what each case has cost it, by standing, and the lines behind every sum."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.ledgers.scores.models import ScoreEntry, Standing
from app.people import Actor, within

ZERO = Decimal("0.00")


@dataclass(slots=True)
class CaseAccount:
    """What one case has cost the unit in the year: signed points and numbers of lines, by standing."""

    case_id: int | None
    points: dict[str, Decimal] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    last_on: date = date.min

    def sum(self, states: Collection[str] | None = None) -> Decimal:
        """Return the points of the lines with one of the standings, or of all."""
        return sum((p for state, p in self.points.items() if states is None or state in states), ZERO)

    def count(self, states: Collection[str] | None = None) -> int:
        """Return how many lines have one of the standings, or how many there are."""
        return sum(n for state, n in self.counts.items() if states is None or state in states)


def unit_accounts(session: Session, actor: Actor, unit_id: int, year: int) -> list[CaseAccount]:
    """Return the unit's cases with entries in the year, the one with the newest entry first; one query."""
    columns = (ScoreEntry.case_id, Standing.state, func.sum(ScoreEntry.points), func.count(), func.max(ScoreEntry.day))
    query = select(*columns).join(Standing, Standing.entry_id == ScoreEntry.id)
    query = query.where(within(ScoreEntry, actor), ScoreEntry.unit_id == unit_id, ScoreEntry.year == year)
    found: dict[int | None, CaseAccount] = {}
    for case_id, state, points, count, last_on in session.execute(query.group_by(ScoreEntry.case_id, Standing.state)):
        account = found.setdefault(case_id, CaseAccount(case_id))
        account.points[state], account.counts[state] = Decimal(points), count
        account.last_on = max(account.last_on, last_on)
    return sorted(found.values(), key=lambda account: (account.last_on, account.case_id or 0), reverse=True)


def account_lines(
    session: Session,
    actor: Actor,
    unit_id: int,
    year: int,
    case_ids: Sequence[int | None],
    states: Collection[str] | None = None,
) -> Mapping[int | None, list[tuple[ScoreEntry, Standing]]]:
    """Return the lines of the cases named, oldest first, by case; one query."""
    known = [case_id for case_id in case_ids if case_id is not None]
    wanted = ScoreEntry.case_id.in_(known)
    query = select(ScoreEntry, Standing).join(Standing, Standing.entry_id == ScoreEntry.id)
    query = query.where(within(ScoreEntry, actor), ScoreEntry.unit_id == unit_id, ScoreEntry.year == year)
    query = query.where(or_(wanted, ScoreEntry.case_id.is_(None)) if None in case_ids else wanted)
    if states is not None:
        query = query.where(Standing.state.in_(states))
    found: dict[int | None, list[tuple[ScoreEntry, Standing]]] = defaultdict(list)
    for entry, standing in session.execute(query.order_by(ScoreEntry.day, ScoreEntry.id)):
        found[entry.case_id].append((entry, standing))
    return found


def scored_years(session: Session, authority_id: int, model: Any) -> list[int]:
    """Return the years for which the table (totals or rule sets) has rows of the authority, newest first."""
    query = select(model.year).where(model.authority_id == authority_id).distinct()
    return sorted(session.scalars(query), reverse=True)
