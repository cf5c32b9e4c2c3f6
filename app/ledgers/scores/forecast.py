"""The forecast: what a case will yet cost if nothing happens, by the same arithmetic that will take it. Pure.

Nothing here depends on a signature: the rules it asks are those of `assess`, and slips are not among them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.calendar.days import Calendar
from app.ledgers.scores.assess import Deduction, assess
from app.ledgers.scores.facts import CaseFacts
from app.ledgers.scores.rules import RuleBook

Place = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class CaseForecast:
    """What a case costs one unit: `on_record` now, `to_come` line by line up to the day asked for."""

    case_id: int
    unit_id: int
    on_record: Decimal
    to_come: tuple[Deduction, ...]

    @property
    def total(self) -> Decimal:
        """What the case will have cost the unit if nothing happens (signed points)."""
        return self.on_record + sum((line.points for line in self.to_come), Decimal("0.00"))


def forecast(
    facts: CaseFacts, book: RuleBook, calendar: Calendar, until: date, on_record: Collection[Place] = ()
) -> list[Deduction]:
    """Return the deductions up to and including `until` that are not on record yet, oldest first.

    `on_record` names the entries of the case as (rule, unit, key), reversed ones too: they never come again.
    """
    return [line for line in assess(facts, book, calendar, until) if line.place not in on_record]


def sum_by_unit(lines: Sequence[Deduction], year: int) -> Mapping[int, Decimal]:
    """Return the points of the lines that fall into the year, by unit."""
    sums: dict[int, Decimal] = {}
    for line in lines:
        if line.day.year == year:
            sums[line.unit_id] = sums.get(line.unit_id, Decimal("0.00")) + line.points
    return sums
