"""Quiet hours: when nothing may be sent, and when it may be sent again. Pure arithmetic over hours of the civil day."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

Quiet = tuple[int, int]  # from this full hour until before that one; over midnight when the second is not greater
HOURS = 24


def is_quiet(hour: int, quiets: Iterable[Quiet]) -> bool:
    """Say whether the hour (0 to 23) lies in one of the quiet times; equal ends mean no quiet time."""
    return any(start <= hour < end if start < end else (hour >= start or hour < end) for start, end in _real(quiets))


def first_loud(at: datetime, quiets: Iterable[Quiet], zone: ZoneInfo) -> datetime:
    """Return the first instant from `at` on that is not quiet; `at` itself where no hour of the day is loud."""
    quiets = list(quiets)
    local = at.astimezone(zone)
    for _ in range(HOURS):
        if not is_quiet(local.hour, quiets):
            return local.astimezone(at.tzinfo)
        local = datetime.combine(local.date(), time(local.hour), zone) + timedelta(hours=1)
    return at


def _real(quiets: Iterable[Quiet]) -> list[Quiet]:
    return [quiet for quiet in quiets if quiet[0] != quiet[1]]
