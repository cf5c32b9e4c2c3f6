"""The pure face of the calendar: what modules without database, framework and clock import."""

from app.calendar.counting import Calendar, SpecialDay, changed_days
from app.calendar.limits import Due, Limit, Unit, deadline, stated_deadline
from app.calendar.reasons import KIND_WORDS, DayReason, Explanation, Kind, Span, explain
from app.calendar.wording import say, say_remaining

__all__ = [
    "KIND_WORDS",
    "Calendar",
    "DayReason",
    "Due",
    "Explanation",
    "Kind",
    "Limit",
    "Span",
    "SpecialDay",
    "Unit",
    "changed_days",
    "deadline",
    "explain",
    "say",
    "say_remaining",
    "stated_deadline",
]
