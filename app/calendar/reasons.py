"""Why a deadline falls on its date: every day from the start to it, counted or not, and by which notice."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Literal

from app.calendar.counting import FRIDAY, Calendar
from app.calendar.limits import Limit, last_day

Kind = Literal["counted", "weekend", "holiday", "worked_weekend", "local"]

KIND_WORDS: dict[Kind, str] = {
    "counted": "工作日",
    "weekend": "周末",
    "holiday": "放假",
    "worked_weekend": "调休上班",
    "local": "本地安排",
}


@dataclass(frozen=True, slots=True)
class DayReason:
    """One day: what kind it is, whether the limit counted it, and the name and notice that make it special."""

    day: date
    kind: Kind
    counted: bool
    name: str = ""
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Days that follow each other and are of one kind, name and notice."""

    first: date
    last: date
    kind: Kind
    counted: bool
    name: str
    notice: str

    @property
    def length(self) -> int:
        """Return the number of days, both ends counted."""
        return (self.last - self.first).days + 1

    @property
    def word(self) -> str:
        """Return the kind in Chinese."""
        return KIND_WORDS[self.kind]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The days after `start` up to and with `due_on`, one by one; the day of sending is not among them."""

    start: date
    due_on: date
    days: tuple[DayReason, ...]
    unknown_years: tuple[int, ...]

    @property
    def counted(self) -> int:
        """Return how many days were counted."""
        return sum(day.counted for day in self.days)

    @property
    def provisional(self) -> bool:
        """Say whether a year is missing, so that Monday to Friday was counted in it."""
        return bool(self.unknown_years)

    @property
    def notices(self) -> tuple[str, ...]:
        """Return the notices that made a difference, each once, in order."""
        return tuple(dict.fromkeys(day.notice for day in self.days if day.notice))

    def spans(self) -> Iterator[Span]:
        """Yield the days drawn together, as a page shows them."""
        for key, group in groupby(self.days, lambda day: (day.kind, day.counted, day.name, day.notice)):
            days = list(group)
            yield Span(days[0].day, days[-1].day, *key)


def explain(calendar: Calendar, start: date, due_on: date, limit: Limit | None = None) -> Explanation:
    """Say which days were counted and which were off, by which name and notice.

    Working days are counted unless `limit` is one of days or months: then every day up to its end is.
    """
    end = None if limit is None or limit.unit == "working_day" else last_day(start, limit)
    days = (start + timedelta(days=count + 1) for count in range((due_on - start).days))
    reasons = tuple(_reason(calendar, day, end) for day in days)
    return Explanation(start, due_on, reasons, calendar.unknown_years(start, due_on))


def _reason(calendar: Calendar, day: date, end: date | None) -> DayReason:
    counted = calendar.is_working(day) if end is None else day <= end
    special = calendar.special.get(day)
    if special is None:
        return DayReason(day, "counted" if day.weekday() <= FRIDAY else "weekend", counted)
    kind: Kind = "local" if special.local else "holiday" if special.off else "worked_weekend"
    return DayReason(day, kind, counted, special.name, special.notice)
