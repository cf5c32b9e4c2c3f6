"""Limits (期限) in working days, days or months, and the deadline each leads to."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from app.calendar.counting import Calendar
from app.core.errors import Invalid

Unit = Literal["working_day", "day", "month"]

LONGEST = 9999
WORDS: dict[Unit, str] = {"working_day": "个工作日", "day": "日", "month": "个月"}
_SHAPE = re.compile(r"(?P<count>\d{1,4}|[零〇一二两三四五六七八九十百]{1,5})(?P<unit>个?工作[日天]|个?月|[日天])")
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take: 0 to 9999 working days (工作日), days (日) or months (月)."""

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse what no office would mean."""
        if not 0 <= self.count <= LONGEST or self.unit not in WORDS:
            raise ValueError(f"limit out of range: {self.count} {self.unit}")

    @staticmethod
    def parse(text: str) -> "Limit":
        """Read a limit as offices write it (3个工作日, 30日, 两个月); Invalid for anything else."""
        found = _SHAPE.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
        count = _number(found["count"]) if found else None
        if found is None or count is None:
            raise Invalid({"limit": f"“{text.strip()[:40]}”不是期限，请写成“3个工作日”“30日”或“2个月”。"})
        unit: Unit = "working_day" if "工作" in found["unit"] else "month" if "月" in found["unit"] else "day"
        return Limit(count, unit)

    def __str__(self) -> str:
        """Return the limit in Chinese, as `parse` reads it."""
        return f"{self.count}{WORDS[self.unit]}"


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline: the date in force, whether it is provisional (暂定), and the date an office stated itself."""

    on: date
    provisional: bool
    stated: date | None = None


def deadline(calendar: Calendar, start: date, limit: Limit) -> Due:
    """Return when a limit that begins with `start` ends; the day of sending does not count (domain, Dates).

    What ends on a day off moves to the next working day; months end on the last day of a shorter month.
    Provisional when a day from start to the result lies in a year that is not known.
    """
    if limit.unit == "working_day":
        on = calendar.add_working(start, limit.count)
    else:
        on = calendar.next_working(last_day(start, limit))
    return Due(on, bool(calendar.unknown_years(start, on)))


def stated_deadline(calendar: Calendar, stated: date) -> Due:
    """Keep a date as an office stated it, beside the date in force: the next working day if it is a day off."""
    on = calendar.next_working(stated)
    return Due(on, bool(calendar.unknown_years(stated, on)), stated)


def last_day(start: date, limit: Limit) -> date:
    """Return the day on which a limit in days or months ends, before it is moved off a day off."""
    if limit.unit == "day":
        return start + timedelta(days=limit.count)
    year, month = divmod(start.year * 12 + start.month - 1 + limit.count, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _number(text: str) -> int | None:
    """Read digits or a Chinese number below a thousand; None for what is neither."""
    if text.isdecimal():
        return int(text)
    shape = re.fullmatch(r"(?:(.)百零?)?(?:(.?)十)?(.?)", text)
    if shape is None:
        return None
    hundreds, tens, ones = shape.groups()
    tens = "零" if tens is None else tens or "一"
    digits = [_DIGITS.get(part) for part in (hundreds or "零", tens, ones or "零")]
    if None in digits:
        return None
    return sum((digit or 0) * weight for digit, weight in zip(digits, (100, 10, 1), strict=True))
