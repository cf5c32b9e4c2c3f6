"""Derived facts of a case, each said twice in one place: of a row at hand, and as a condition of the database.

None of them is a state. A test draws cases at random and holds the two against each other.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, literal_column, select

from app.calendar import Calendar
from app.core.clock import ZONE
from app.ledgers.cases.models import Case, Listing
from app.ledgers.cases.words import CHECKED_STATES, WORKING_STATES
from app.ledgers.cases.work import Measure, Plan
from app.people import Actor, within

ZERO: ColumnElement[int] = literal_column(
    "0"
)  # written out: of a parameter no planner knows which partial index serves


@dataclass(frozen=True, slots=True)
class Facts:
    """What is asked for, all of it at once; what is 0 or False is not asked.

    `late`: overdue by that many working days or more; `soon`: due today or within that many working days; `returned`: sent
    back that many times or more; `still`: no move and no progress for that many days.
    """

    late: int = 0
    soon: int = 0
    returned: int = 0
    still: int = 0
    behind: bool = False
    contested: bool = False
    listed: bool = False
    rebounded: bool = False
    long_term: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """The business date, by the authority's calendar."""

    today: date
    calendar: Calendar

    def late_before(self, days: int) -> date:
        """Return the day before which a deadline must lie to be overdue by so many working days."""
        return self.calendar.add_working(self.today + timedelta(days=1), -days)

    def soon_until(self, days: int) -> date:
        """Return the last deadline that is at most so many working days away."""
        return self.calendar.add_working(self.today, days)

    def still_since(self, days: int) -> datetime:
        """Return the moment before which the last movement must lie to be so many days ago."""
        return datetime.combine(self.today - timedelta(days=days - 1), time(0), ZONE)


@dataclass(frozen=True, slots=True)
class Beside:
    """What other records say of a case, as far as the reader sees them: measures of the plan in force, objection, listing."""

    measures: Iterable[Any] = field(default=())
    is_contested: bool = False
    is_listed: bool = False


def is_late(case: Any, today: date) -> bool:
    """Say whether the case is overdue: the units are at work and the deadline in force lies before today."""
    return case.state in WORKING_STATES and case.due_on is not None and case.due_on < today


def late_days(case: Any, days: Days) -> int:
    """Return by how many working days the case is overdue."""
    return days.calendar.working_between(case.due_on, days.today) if is_late(case, days.today) else 0


def is_soon(case: Any, today: date, until: date) -> bool:
    """Say whether the deadline is near and not yet past."""
    return case.state in WORKING_STATES and case.due_on is not None and today <= case.due_on <= until


def still_days(case: Any, today: date) -> int:
    """Return the days since the last move or progress, by the authority's dates."""
    moved_on: date = case.moved_at.astimezone(ZONE).date()
    return (today - moved_on).days


def is_behind(case: Any, measures: Iterable[Any], today: date) -> bool:
    """Say whether a measure of the plan in force should be done and is not."""
    return case.state in WORKING_STATES and any(
        measure.due_on < today for measure in measures if measure.done_on is None and measure.dropped_on is None
    )


def holds(case: Any, asked: Facts, days: Days, beside: Beside) -> bool:
    """Say whether everything asked for is so of an open case at hand."""
    said = (
        (asked.late, late_days(case, days) >= asked.late),
        (asked.soon, is_soon(case, days.today, days.soon_until(asked.soon or 1))),
        (asked.returned, case.returned_count >= asked.returned),
        (asked.still, case.ended_on is None and still_days(case, days.today) >= asked.still),
        (asked.behind, is_behind(case, beside.measures, days.today)),
        (asked.contested, beside.is_contested),
        (asked.listed, beside.is_listed),
        (asked.rebounded, case.rebound_count > 0),
        (asked.long_term, case.state == "long_term"),
    )
    return all(is_so for wanted, is_so in said if wanted)


def working() -> ColumnElement[bool]:
    """Ask whether the units are at work; the planners do not know that such a case has not ended."""
    return and_(Case.ended_on.is_(None), Case.state.in_(WORKING_STATES))


def late(today: date) -> ColumnElement[bool]:
    """`is_late`, and with an earlier day `late_days`, of the database."""
    return and_(working(), Case.order_on < today)


def check_late(today: date) -> ColumnElement[bool]:
    """Ask the database whether the office is late with what it has to check itself."""
    return and_(Case.state.in_(CHECKED_STATES), Case.check_due_on < today)


def soon(today: date, until: date) -> ColumnElement[bool]:
    """`is_soon` of the database."""
    return and_(working(), Case.order_on.between(today, until))


def behind(actor: Actor, today: date) -> ColumnElement[bool]:
    """`is_behind` of the database, by the measures that the actor sees."""
    return and_(working(), measures_behind(actor, today).where(Measure.case_id == Case.id).exists())


def measures_behind(actor: Actor, today: date) -> Select[Any]:
    """Select the measures of plans in force that should be done and are not."""
    query = select(Measure.case_id).join(Plan, Plan.id == Measure.plan_id)
    current = select(Case.cycle).where(Case.id == Measure.case_id).correlate(Measure).scalar_subquery()
    return query.where(
        within(Measure, actor),
        Plan.state == "passed",
        Plan.cycle == current,
        Measure.due_on < today,
        Measure.done_on.is_(None),
        Measure.dropped_on.is_(None),
    )


def conditions(actor: Actor, asked: Facts, days: Days, contested: Select[int] | None) -> list[ColumnElement[bool]]:
    """Return `holds` as conditions of the database. `contested` selects the cases with an objection under way."""
    listed = exists().where(Listing.case_id == Case.id, within(Listing, actor)).correlate(Case)
    said: tuple[tuple[Any, Any], ...] = (
        (asked.late, lambda: late(days.late_before(asked.late))),
        (asked.soon, lambda: soon(days.today, days.soon_until(asked.soon))),
        (asked.returned, lambda: and_(Case.returned_count > ZERO, Case.returned_count >= asked.returned)),
        (asked.still, lambda: and_(Case.ended_on.is_(None), Case.moved_at < days.still_since(asked.still))),
        (asked.behind, lambda: behind(actor, days.today)),
        (asked.contested, lambda: false() if contested is None else Case.id.in_(contested)),
        (asked.listed, lambda: listed),
        (asked.rebounded, lambda: Case.rebound_count > ZERO),
        (asked.long_term, lambda: Case.state == "long_term"),
    )
    return [condition() for wanted, condition in said if wanted]
