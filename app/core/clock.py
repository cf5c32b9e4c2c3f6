"""Time, injected. Only this module reads the machine's clock; everything else is given a Moment."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Protocol
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in UTC and the civil day it falls on in the authority's time zone."""

    at: datetime
    day: date

    @staticmethod
    def of(at: datetime, zone: ZoneInfo = ZONE) -> "Moment":
        """Make the moment of an aware instant."""
        return Moment(at.astimezone(UTC), at.astimezone(zone).date())

    @staticmethod
    def on(day: date, hour: int = 9, minute: int = 0, zone: ZoneInfo = ZONE) -> "Moment":
        """Make a moment of a civil day, nine in the morning unless told."""
        return Moment.of(datetime.combine(day, time(hour, minute), zone), zone)


class Clock(Protocol):
    """Whatever can say what time it is."""

    def now(self) -> Moment:
        """Return the present moment."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> Moment:
        """Read the machine's clock."""
        return Moment.of(datetime.now(UTC))


class SetClock:
    """A clock that stands where it is put: for the demo's lived quarter and for tests."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment

    def now(self) -> Moment:
        """Return the moment the clock was put to."""
        return self.moment
