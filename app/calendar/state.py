"""The State Council's years (2004 on) as the chinesecalendar package has them."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from chinese_calendar import Holiday, constants

from app.calendar.counting import Calendar, SpecialDay

_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}  # as the notices say it


def state_notice(year: int) -> str:
    """Return the title of the State Council's notice for a year."""
    return f"国务院办公厅关于{year}年部分节假日安排的通知"


@cache
def state_calendar() -> Calendar:
    """Return the calendar of all the years the package knows, without anything local."""
    days = [*_special(constants.holidays, off=True), *_special(constants.workdays, off=False)]
    return Calendar.of({day.day.year: day.notice for day in days}, days)


def _special(days: Mapping[date, str], *, off: bool) -> list[SpecialDay]:
    names = {holiday.value: _NAMES.get(holiday.chinese, holiday.chinese) for holiday in Holiday}
    return [SpecialDay(day, off, names[name], state_notice(day.year)) for day, name in days.items()]
