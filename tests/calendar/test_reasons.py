"""Why a deadline falls on its date, and the words for dates and remaining time."""

from datetime import date

import pytest

from app.calendar import (
    KIND_WORDS,
    Calendar,
    Limit,
    SpecialDay,
    changed_days,
    explain,
    say,
    say_remaining,
    state_calendar,
    state_notice,
)

CALENDAR = state_calendar()


def test_explanation_names_holiday_worked_weekend_and_notice() -> None:
    reason = explain(CALENDAR, date(2026, 4, 28), date(2026, 5, 14))
    assert reason.counted == 10
    assert not reason.provisional
    assert reason.notices == (state_notice(2026),)
    shown = [(span.first.day, span.last.day, span.kind, span.counted, span.name) for span in reason.spans()]
    assert shown == [
        (29, 30, "counted", True, ""),
        (1, 5, "holiday", False, "劳动节"),
        (6, 8, "counted", True, ""),
        (9, 9, "worked_weekend", True, "劳动节"),
        (10, 10, "weekend", False, ""),
        (11, 14, "counted", True, ""),
    ]
    assert [span.word for span in reason.spans()][1] == "放假"
    assert set(KIND_WORDS) == {"counted", "weekend", "holiday", "worked_weekend", "local"}


def test_explanation_of_a_limit_in_days_counts_every_day_and_shows_the_move() -> None:
    reason = explain(CALENDAR, date(2026, 9, 3), date(2026, 10, 8), Limit(30, "day"))
    assert reason.counted == 30
    moved = [day.day for day in reason.days if not day.counted]
    assert moved == [date(2026, 10, day) for day in range(4, 9)]


def test_local_days_and_unknown_years_are_named() -> None:
    local = SpecialDay(date(2027, 1, 4), True, "县庆日", "云岭县通知", local=True)
    reason = explain(CALENDAR.with_days(local), date(2026, 12, 30), date(2027, 1, 5))
    assert reason.unknown_years == (2027,)
    assert reason.provisional
    assert [(day.kind, day.counted, day.notice) for day in reason.days if day.name] == [("local", False, "云岭县通知")]


def test_nothing_is_counted_when_the_deadline_is_the_start() -> None:
    reason = explain(CALENDAR, date(2026, 3, 20), date(2026, 3, 20))
    assert reason.days == ()
    assert list(reason.spans()) == []


def test_dates_are_said_with_their_weekday() -> None:
    assert say(date(2026, 3, 20)) == "2026-03-20（周五）"
    assert say(date(2026, 3, 22)) == "2026-03-22（周日）"


@pytest.mark.parametrize(
    ("today", "due_on", "said"),
    [
        (date(2026, 3, 17), date(2026, 3, 20), "还剩 3 个工作日"),
        (date(2026, 3, 20), date(2026, 3, 20), "今天到期"),
        (date(2026, 3, 21), date(2026, 3, 20), "已过期（其后均为休息日）"),
        (date(2026, 3, 22), date(2026, 3, 20), "已过期（其后均为休息日）"),
        (date(2026, 3, 23), date(2026, 3, 20), "逾期 1 个工作日"),
        (date(2026, 3, 27), date(2026, 3, 20), "逾期 5 个工作日"),
        (date(2026, 4, 6), date(2026, 3, 20), "逾期 10 个工作日"),
        (date(2026, 10, 2), date(2026, 10, 4), "还剩 2 天（均为休息日）"),
        (date(2026, 10, 2), date(2026, 10, 8), "还剩 1 个工作日"),
    ],
)
def test_remaining_time_is_said_in_working_days(today: date, due_on: date, said: str) -> None:
    assert say_remaining(CALENDAR, today, due_on) == said


def test_only_days_that_turn_from_worked_to_off_or_back_are_changed() -> None:
    off_weekday = SpecialDay(date(2026, 3, 19), True, "停工", "通知", local=True)
    off_weekend = SpecialDay(date(2026, 3, 21), True, "周末", "通知", local=True)
    worked_holiday = SpecialDay(date(2026, 5, 1), False, "加班", "通知", local=True)
    more = CALENDAR.with_days(off_weekday, off_weekend, worked_holiday)
    assert changed_days(CALENDAR, more) == (date(2026, 3, 19), date(2026, 5, 1))
    assert changed_days(more, CALENDAR) == changed_days(CALENDAR, more)


def test_local_day_counts_before_the_state_in_whatever_order_they_are_said() -> None:
    state = SpecialDay(date(2026, 5, 1), True, "劳动节", "通知")
    local = SpecialDay(date(2026, 5, 1), False, "值守", "县通知", local=True)
    for days in ([state, local], [local, state]):
        assert Calendar.of({2026: "通知"}, days).special[state.day] == local
