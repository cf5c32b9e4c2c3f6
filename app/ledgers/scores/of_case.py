"""What one case has cost so far, for whom, and what is said against it: always through what the actor sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.ledgers.scores.models import Objection, ObjectionEntry, ScoreEntry, Standing
from app.people import Actor, Unit, within

OPEN = ("drafted", "asked")


@dataclass(frozen=True, slots=True)
class CaseScores:
    """The entries of a case that the actor may see, oldest first, and the objections to them."""

    entries: Sequence[Any]
    objections: Sequence[Any]

    @property
    def total(self) -> Decimal:
        """The points of what is in force: the sum of all lines, contra entries included."""
        return sum((row.points for row in self.entries), Decimal(0))

    def objectionable(self, units: frozenset[int], day: date) -> list[Any]:
        """Return the entries that one of the units may still object to."""
        return [
            row
            for row in self.entries
            if row.unit_id in units and row.state == "proposed" and row.object_until >= day and row.points < 0
        ]


def scores_of_case(session: Session, actor: Actor, case_id: int) -> CaseScores:
    """Return entries and objections of a case, in two queries."""
    columns = (
        ScoreEntry.id,
        ScoreEntry.unit_id,
        Unit.short_name.label("unit"),
        ScoreEntry.rule,
        ScoreEntry.day,
        ScoreEntry.points,
        ScoreEntry.beyond,
        ScoreEntry.calculation,
        ScoreEntry.reverses_id,
        Standing.state,
        Standing.object_until,
    )
    entries = select(*columns).join(Standing, Standing.entry_id == ScoreEntry.id)
    entries = entries.join(Unit, Unit.id == ScoreEntry.unit_id)
    entries = entries.where(ScoreEntry.case_id == case_id, within(ScoreEntry, actor))
    named = select(func.count()).where(ObjectionEntry.objection_id == Objection.id).correlate(Objection)
    objections = select(Objection, Unit.short_name.label("unit"), named.scalar_subquery().label("entries"))
    objections = objections.join(Unit, Unit.id == Objection.unit_id)
    objections = objections.where(Objection.case_id == case_id, within(Objection, actor))
    return CaseScores(
        session.execute(entries.order_by(ScoreEntry.day, ScoreEntry.id)).all(),
        session.execute(objections.order_by(Objection.id)).all(),
    )


def contested_cases(actor: Actor) -> Select[int]:
    """Return the select of the ids of cases with an objection under way that the actor may see."""
    return select(Objection.case_id).where(Objection.state.in_(OPEN), within(Objection, actor))
