"""Working days, limits and deadlines; the years an office has loaded. Pure modules import `app.calendar.days`."""

from app.calendar.days import (
    KIND_WORDS,
    Calendar,
    DayReason,
    Due,
    Explanation,
    Kind,
    Limit,
    Span,
    SpecialDay,
    Unit,
    changed_days,
    deadline,
    explain,
    say,
    say_remaining,
    stated_deadline,
)
from app.calendar.records import CalendarChange, CalendarDay, CalendarYear
from app.calendar.state import state_calendar, state_notice
from app.calendar.yearfile import StatedYear, parse_year
from app.calendar.years import LocalDay, add_local_day, import_year, load_calendar, seed_state_years

__all__ = [
    "KIND_WORDS",
    "Calendar",
    "CalendarChange",
    "CalendarDay",
    "CalendarYear",
    "DayReason",
    "Due",
    "Explanation",
    "Kind",
    "Limit",
    "LocalDay",
    "Span",
    "SpecialDay",
    "StatedYear",
    "Unit",
    "add_local_day",
    "changed_days",
    "deadline",
    "explain",
    "import_year",
    "load_calendar",
    "parse_year",
    "say",
    "say_remaining",
    "seed_state_years",
    "state_calendar",
    "state_notice",
    "stated_deadline",
]
