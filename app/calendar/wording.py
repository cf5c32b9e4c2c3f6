"""Dates and remaining time in the words of the screen."""

from datetime import date

from app.calendar.counting import Calendar

_WEEKDAYS = "一二三四五六日"


def say(day: date) -> str:
    """Return a date as every page writes it: 2026-03-20（周五）."""
    return f"{day.isoformat()}（周{_WEEKDAYS[day.weekday()]}）"


def say_remaining(calendar: Calendar, today: date, due_on: date) -> str:
    """Say how long is left or how long it is overdue, in working days; today itself is not counted.

    Where only days off lie between today and the deadline, no working day is left or overdue, and that is said.
    """
    if today == due_on:
        return "今天到期"
    working = calendar.working_between(today, due_on)
    if today < due_on:
        return f"还剩 {working} 个工作日" if working else f"还剩 {(due_on - today).days} 天（均为休息日）"
    return f"逾期 {-working} 个工作日" if working else "已过期（其后均为休息日）"
