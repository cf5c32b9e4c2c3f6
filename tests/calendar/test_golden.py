"""The golden values of the law on dates, and the state's calendar they stand on."""

from datetime import date

import pytest

from app.calendar import Calendar, Limit, deadline, state_calendar, state_notice

GOLDEN = [
    ("2026-02-09", 5, "2026-02-14"),
    ("2026-02-09", 10, "2026-02-28"),
    ("2026-02-09", 15, "2026-03-06"),
    ("2026-04-28", 3, "2026-05-06"),
    ("2026-04-28", 10, "2026-05-14"),
    ("2026-09-21", 5, "2026-09-29"),
    ("2026-09-21", 10, "2026-10-12"),
    ("2025-01-24", 1, "2025-01-26"),
    ("2025-09-26", 5, "2025-10-10"),
    ("2024-09-27", 1, "2024-09-29"),
]


@pytest.mark.parametrize(("start", "count", "due"), GOLDEN)
def test_limit_in_working_days_ends_on_the_golden_date(start: str, count: int, due: str) -> None:
    result = deadline(state_calendar(), date.fromisoformat(start), Limit(count, "working_day"))
    assert result.on == date.fromisoformat(due)
    assert not result.provisional


@pytest.mark.parametrize(("start", "count", "due"), GOLDEN)
def test_counting_from_start_to_the_golden_date_gives_the_limit_back(start: str, count: int, due: str) -> None:
    first, last = date.fromisoformat(start), date.fromisoformat(due)
    assert state_calendar().working_between(first, last) == count
    assert state_calendar().working_between(last, first) == -count
    assert len(list(state_calendar().working_days(first, last))) == count


def test_national_day_2024_leaves_four_working_days() -> None:
    assert state_calendar().count_working(date(2024, 9, 29), date(2024, 10, 9)) == 4


def test_worked_saturday_and_sunday_are_working_days() -> None:
    calendar = state_calendar()
    assert calendar.is_working(date(2026, 2, 14))
    assert calendar.is_working(date(2025, 1, 26))
    assert not calendar.is_working(date(2026, 2, 15))
    assert calendar.special[date(2026, 2, 14)].name == "春节"


def test_the_state_is_known_from_2004_to_2026_and_named_by_its_notices() -> None:
    calendar = state_calendar()
    assert list(calendar.years) == list(range(2004, 2027))
    assert calendar.years[2026] == "国务院办公厅关于2026年部分节假日安排的通知" == state_notice(2026)
    assert not calendar.knows(2027)
    assert calendar.knows(date(2026, 12, 31))


def test_days_off_of_the_worked_example_are_those_of_the_law() -> None:
    calendar = state_calendar()
    due, fifth, tenth, twelfth = (date(2026, *day) for day in ((3, 20), (3, 27), (4, 3), (4, 8)))
    assert [calendar.working_between(due, day) for day in (fifth, tenth, twelfth)] == [5, 10, 12]
    assert calendar.add_working(due, -3) == date(2026, 3, 17)
    assert calendar.working_between(due, date(2026, 4, 13)) == 15


def test_an_empty_calendar_counts_monday_to_friday() -> None:
    empty = Calendar.of({}, [])
    assert empty.add_working(date(2026, 2, 9), 5) == date(2026, 2, 16)
    assert deadline(empty, date(2026, 2, 9), Limit(5, "working_day")).provisional
