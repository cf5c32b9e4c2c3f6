"""Quiet hours over midnight, beside each other, and never forever; Asia/Shanghai has no summer time to trip over."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core.clock import ZONE
from app.ledgers.messages import first_loud, is_quiet

NIGHT = (20, 8)


@pytest.mark.parametrize(
    ("at", "wanted"),
    [
        ("2026-03-02T19:59", "2026-03-02T19:59"),
        ("2026-03-02T20:00", "2026-03-03T08:00"),
        ("2026-03-02T23:59", "2026-03-03T08:00"),
        ("2026-03-03T00:00", "2026-03-03T08:00"),
        ("2026-03-03T07:59", "2026-03-03T08:00"),
        ("2026-03-03T08:00", "2026-03-03T08:00"),
        ("2026-12-31T22:30", "2027-01-01T08:00"),
    ],
)
def test_night_ends_in_the_morning(at: str, wanted: str) -> None:
    there = datetime.fromisoformat(at).replace(tzinfo=ZONE)
    assert first_loud(there.astimezone(UTC), [NIGHT], ZONE) == datetime.fromisoformat(wanted).replace(tzinfo=ZONE)


def test_quiet_times_add_up() -> None:
    at = datetime(2026, 3, 2, 21, tzinfo=ZONE)
    assert first_loud(at, [NIGHT, (8, 10), (12, 14)], ZONE).hour == 10
    assert is_quiet(13, [NIGHT, (12, 14)])
    assert not is_quiet(14, [NIGHT, (12, 14)])


def test_equal_ends_mean_no_quiet_time_and_no_hour_is_lost_in_a_year() -> None:
    assert not any(is_quiet(hour, [(8, 8)]) for hour in range(24))
    at = datetime(2026, 1, 1, tzinfo=ZONE)
    for day in range(365):
        night = at + timedelta(days=day, hours=3)
        assert first_loud(night, [NIGHT], ZONE) - night == timedelta(hours=5)


def test_nobody_is_silenced_for_ever() -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=ZONE)
    assert first_loud(at, [(0, 12), (12, 0)], ZONE) == at
