"""Limits as offices write them, and the deadlines they lead to."""

from datetime import date

import pytest

from app.calendar import Due, Limit, SpecialDay, deadline, state_calendar, stated_deadline
from app.calendar.days import Unit
from app.core.errors import Invalid

CALENDAR = state_calendar()


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("3个工作日", 3, "working_day"),
        ("3 个工作日", 3, "working_day"),
        ("５工作日", 5, "working_day"),
        ("三个工作日", 3, "working_day"),
        ("30日", 30, "day"),
        ("30天", 30, "day"),
        ("十五日", 15, "day"),
        ("二十日", 20, "day"),
        ("一百零五天", 105, "day"),
        ("2个月", 2, "month"),
        ("两个月", 2, "month"),
        ("0日", 0, "day"),
    ],
)
def test_limit_is_read_as_offices_write_it(text: str, count: int, unit: Unit) -> None:
    limit = Limit.parse(text)
    assert limit == Limit(count, unit)
    assert Limit.parse(str(limit)) == limit


@pytest.mark.parametrize(
    "text", ["", "日", "3", "三", "-3日", "3.5日", "3周", "百日", "一二日", "99999日", "立即", "3个工作日内"]
)
def test_what_is_no_limit_is_refused_in_words(text: str) -> None:
    with pytest.raises(Invalid, match="不是期限"):
        Limit.parse(text)


def test_limits_out_of_range_do_not_exist() -> None:
    with pytest.raises(ValueError, match="out of range"):
        Limit(-1, "day")
    with pytest.raises(ValueError, match="out of range"):
        Limit(10_000, "day")


def test_limits_are_said_in_chinese() -> None:
    said = [str(Limit(3, unit)) for unit in ("working_day", "day", "month")]
    assert said == ["3个工作日", "3日", "3个月"]


@pytest.mark.parametrize(
    ("start", "limit", "on"),
    [
        (date(2026, 3, 2), Limit(30, "day"), date(2026, 4, 1)),
        (date(2026, 9, 15), Limit(30, "day"), date(2026, 10, 15)),
        (date(2026, 9, 3), Limit(30, "day"), date(2026, 10, 8)),  # 3 October is a day off
        (date(2026, 1, 31), Limit(1, "month"), date(2026, 2, 28)),  # a Saturday worked
        (date(2024, 1, 31), Limit(1, "month"), date(2024, 2, 29)),
        (date(2026, 8, 31), Limit(1, "month"), date(2026, 9, 30)),
        (date(2026, 2, 1), Limit(2, "month"), date(2026, 4, 1)),
        (date(2026, 2, 4), Limit(2, "month"), date(2026, 4, 7)),  # 4 to 6 April are off
        (date(2025, 11, 15), Limit(3, "month"), date(2026, 2, 24)),
        (date(2026, 3, 21), Limit(0, "working_day"), date(2026, 3, 23)),
        (date(2026, 3, 20), Limit(0, "working_day"), date(2026, 3, 20)),
    ],
)
def test_limit_that_ends_on_a_day_off_moves_to_the_next_working_day(start: date, limit: Limit, on: date) -> None:
    assert deadline(CALENDAR, start, limit) == Due(on, provisional=False)


def test_stated_date_is_kept_beside_the_date_in_force() -> None:
    assert stated_deadline(CALENDAR, date(2026, 10, 3)) == Due(date(2026, 10, 8), False, date(2026, 10, 3))
    assert stated_deadline(CALENDAR, date(2026, 3, 20)) == Due(date(2026, 3, 20), False, date(2026, 3, 20))


def test_deadline_that_touches_an_unknown_year_is_provisional_until_it_is_known() -> None:
    start, limit = date(2026, 12, 30), Limit(3, "working_day")
    assert deadline(CALENDAR, start, limit) == Due(date(2027, 1, 4), provisional=True)
    new_year = SpecialDay(date(2027, 1, 1), True, "元旦", "通知")
    known = CALENDAR.of({**CALENDAR.years, 2027: "通知"}, [*CALENDAR.special.values(), new_year])
    assert deadline(known, start, limit) == Due(date(2027, 1, 5), provisional=False)
    assert stated_deadline(CALENDAR, date(2027, 3, 6)) == Due(date(2027, 3, 8), True, date(2027, 3, 6))


def test_local_day_in_an_unknown_year_counts_but_leaves_it_provisional() -> None:
    calendar = CALENDAR.with_days(SpecialDay(date(2027, 1, 4), True, "本县", "县府办通知", local=True))
    due = deadline(calendar, date(2026, 12, 30), Limit(3, "working_day"))
    assert due == Due(date(2027, 1, 5), provisional=True)
