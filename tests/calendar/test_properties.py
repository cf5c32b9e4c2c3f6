"""What must hold for every calendar: monotonic deadlines, counting that agrees with walking, no crash."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendar import (
    Calendar,
    Limit,
    SpecialDay,
    deadline,
    explain,
    say,
    say_remaining,
    state_calendar,
    stated_deadline,
)

UNHURRIED = settings(deadline=None, print_blob=True)  # the blob is the seed that a failure prints
FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)
ANY_DAY = st.dates(FIRST, LAST)
NEAR_DAY = st.dates(date(2025, 11, 1), date(2027, 3, 1))
STATE = state_calendar()
NEAR = Calendar.of(STATE.years, [day for day in STATE.special.values() if day.day.year in (2025, 2026)])
SPECIALS = st.builds(SpecialDay, NEAR_DAY, st.booleans(), st.just("某日"), st.just("某文件"), st.booleans())
CALENDARS = st.builds(lambda days: NEAR.with_days(*days), st.lists(SPECIALS, max_size=40))
LIMITS = st.one_of(
    st.builds(Limit, st.integers(0, 120), st.just("working_day")),
    st.builds(Limit, st.integers(0, 200), st.just("day")),
    st.builds(Limit, st.integers(0, 12), st.just("month")),
)


def local(day: date, *, off: bool) -> SpecialDay:
    return SpecialDay(day, off, "某日", "某文件", local=True)


def walked(calendar: Calendar, first: date, last: date) -> int:
    days = (first + timedelta(days=count) for count in range((last - first).days + 1))
    return sum(calendar.is_working(day) for day in days)


@UNHURRIED
@given(CALENDARS, NEAR_DAY, LIMITS, NEAR_DAY)
def test_adding_a_holiday_never_moves_a_deadline_earlier(
    calendar: Calendar, start: date, limit: Limit, day: date
) -> None:
    more = calendar.with_days(local(day, off=True))
    assert deadline(more, start, limit).on >= deadline(calendar, start, limit).on
    assert stated_deadline(more, start).on >= stated_deadline(calendar, start).on


@UNHURRIED
@given(CALENDARS, NEAR_DAY, LIMITS, NEAR_DAY)
def test_adding_a_working_day_never_moves_a_deadline_later(
    calendar: Calendar, start: date, limit: Limit, day: date
) -> None:
    more = calendar.with_days(local(day, off=False))
    assert deadline(more, start, limit).on <= deadline(calendar, start, limit).on
    assert stated_deadline(more, start).on <= stated_deadline(calendar, start).on


@UNHURRIED
@given(CALENDARS, NEAR_DAY, NEAR_DAY)
def test_counting_agrees_with_walking_day_by_day(calendar: Calendar, first: date, last: date) -> None:
    first, last = sorted((first, last))
    assert calendar.count_working(first, last) == walked(calendar, first, last)
    assert calendar.working_between(first, last) == walked(calendar, first + timedelta(days=1), last)
    assert calendar.working_between(last, first) == -calendar.working_between(first, last)
    assert calendar.count_working(last + timedelta(days=1), first) == 0


@UNHURRIED
@given(CALENDARS, NEAR_DAY, st.integers(1, 200))
def test_the_nth_working_day_is_worked_and_the_nth(calendar: Calendar, start: date, n: int) -> None:
    after, before = calendar.add_working(start, n), calendar.add_working(start, -n)
    assert calendar.is_working(after)
    assert walked(calendar, start + timedelta(days=1), after) == n
    assert calendar.is_working(before)
    assert walked(calendar, before, start - timedelta(days=1)) == n


@UNHURRIED
@given(CALENDARS, NEAR_DAY)
def test_next_working_is_the_first_worked_day_not_before(calendar: Calendar, day: date) -> None:
    found = calendar.next_working(day)
    assert found >= day
    assert walked(calendar, day, found) == 1
    assert calendar.add_working(day, 0) == found


@UNHURRIED
@given(ANY_DAY, ANY_DAY, LIMITS)
def test_no_date_from_1990_to_2100_raises(start: date, other: date, limit: Limit) -> None:
    calendar = STATE
    due = deadline(calendar, start, limit)
    assert calendar.is_working(due.on)
    assert due.on >= start
    missing = [year for year in range(start.year, due.on.year + 1) if year not in range(2004, 2027)]
    assert due.provisional == bool(missing)
    assert say(start)
    assert say_remaining(calendar, start, other)
    stated_deadline(calendar, other)


@UNHURRIED
@given(CALENDARS, NEAR_DAY, LIMITS)
def test_the_explanation_counts_what_was_counted(calendar: Calendar, start: date, limit: Limit) -> None:
    due = deadline(calendar, start, limit)
    reason = explain(calendar, start, due.on, limit)
    assert len(reason.days) == (due.on - start).days
    assert sum(span.length for span in reason.spans()) == len(reason.days)
    assert reason.provisional == due.provisional
    if limit.unit == "working_day" and limit.count > 0:
        assert reason.counted == limit.count
    if limit.unit == "day":
        assert reason.counted == limit.count
