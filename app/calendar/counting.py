"""The calendar as one immutable value: which days are worked, and counting them in O(log n)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from types import MappingProxyType

FRIDAY = 4


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that a notice declares off or worked; `local` when an authority added it for itself."""

    day: date
    off: bool
    name: str
    notice: str
    local: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """Known years with their notices, and the special days. Monday to Friday counts where nothing else is said.

    Of several entries for one day the last counts, and a local one before any other.
    A local day in a year that is not known counts, but leaves the year unknown.
    """

    years: Mapping[int, str]
    special: Mapping[date, SpecialDay]
    _turns: tuple[int, ...] = field(init=False, repr=False, compare=False)  # ordinals that differ from Monday–Friday
    _shifts: tuple[int, ...] = field(init=False, repr=False, compare=False)  # what the first i of them add together
    _counts: tuple[int, ...] = field(init=False, repr=False, compare=False)  # working days up to each of them
    _worked: dict[int, tuple[date, ...]] = field(init=False, repr=False, compare=False)  # years asked for day by day

    def __post_init__(self) -> None:
        """Precompute the rows that counting looks into."""
        turns = sorted(d.day for d in self.special.values() if d.off == (d.day.weekday() <= FRIDAY))
        shifts = tuple(accumulate((-1 if self.special[day].off else 1 for day in turns), initial=0))
        ordinals = tuple(day.toordinal() for day in turns)
        counts = tuple(_weekdays(ordinal) + shifts[at + 1] for at, ordinal in enumerate(ordinals))
        for name, value in (("_turns", ordinals), ("_shifts", shifts), ("_counts", counts), ("_worked", {})):
            object.__setattr__(self, name, value)

    @staticmethod
    def of(years: Mapping[int, str], days: Iterable[SpecialDay]) -> "Calendar":
        """Make a calendar of the notices of its known years and of special days, in the order they were said."""
        special = {day.day: day for day in sorted(days, key=lambda day: day.local)}
        return Calendar(MappingProxyType(dict(sorted(years.items()))), MappingProxyType(special))

    def with_days(self, *days: SpecialDay) -> "Calendar":
        """Return this calendar with more special days."""
        return Calendar.of(self.years, [*self.special.values(), *days])

    def knows(self, day_or_year: date | int) -> bool:
        """Say whether the year is loaded."""
        return (day_or_year if isinstance(day_or_year, int) else day_or_year.year) in self.years

    def unknown_years(self, first: date, last: date) -> tuple[int, ...]:
        """Return the years from first to last that are not loaded."""
        return tuple(year for year in range(first.year, last.year + 1) if year not in self.years)

    def is_working(self, day: date) -> bool:
        """Say whether the day is worked."""
        special = self.special.get(day)
        return day.weekday() <= FRIDAY if special is None else not special.off

    def next_working(self, day: date) -> date:
        """Return the day itself if it is worked, else the next working day."""
        return day if self.is_working(day) else self._nth(self._until(day.toordinal()) + 1)

    def add_working(self, start: date, n: int) -> date:
        """Return the n-th working day after start (start excluded); before it for negative n.

        n = 0 gives start itself, moved to the next working day when it is a day off.
        """
        if n == 0:
            return self.next_working(start)
        ordinal = start.toordinal()
        return self._nth(self._until(ordinal) + n if n > 0 else self._until(ordinal - 1) + 1 + n)

    def count_working(self, first: date, last: date) -> int:
        """Count the working days from first to last, both counted; 0 when last is before first."""
        return max(0, self._until(last.toordinal()) - self._until(first.toordinal() - 1))

    def working_between(self, after: date, until: date) -> int:
        """Count the working days after `after` up to and with `until`; negative when until lies before after."""
        return self._until(until.toordinal()) - self._until(after.toordinal())

    def working_days(self, after: date, until: date) -> Iterator[date]:
        """Yield the working days after `after` up to and with `until`."""
        for year in range(after.year, until.year + 1):
            days = self._worked.get(year) or self._worked.setdefault(year, self._days_of(year))
            yield from days[bisect_right(days, after) : bisect_right(days, until)]

    def _days_of(self, year: int) -> tuple[date, ...]:
        """Return the working days of a year."""
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        return tuple(day for day in map(date.fromordinal, range(first, last + 1)) if self.is_working(day))

    def _until(self, ordinal: int) -> int:
        """Count the working days from the beginning of time up to and with a day."""
        return _weekdays(ordinal) + self._shifts[bisect_right(self._turns, ordinal)]

    def _nth(self, count: int) -> date:
        """Return the earliest day up to and with which there are `count` working days."""
        at = bisect_left(self._counts, count)
        weeks, rest = divmod(count - self._shifts[at] - 1, 5)
        ordinal = 7 * weeks + rest + 1
        return date.fromordinal(ordinal if at == len(self._turns) else min(ordinal, self._turns[at]))


def changed_days(before: Calendar, after: Calendar) -> tuple[date, ...]:
    """Return the days that are worked in one calendar and off in the other, in order."""
    candidates = sorted(before.special.keys() | after.special.keys())
    return tuple(day for day in candidates if before.is_working(day) != after.is_working(day))


def _weekdays(ordinal: int) -> int:
    """Count Mondays to Fridays up to and with an ordinal; ordinal 1 was a Monday."""
    weeks, rest = divmod(ordinal, 7)
    return 5 * weeks + min(rest, 5)
