"""Reading a typed or uploaded year: one line a day, 日期 休/班 名称."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.calendar.counting import FRIDAY, SpecialDay
from app.calendar.wording import say
from app.core.errors import Invalid

MOST_LINES = 400
_DATE = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")
_MARKS = {"休": True, "班": False}
_PARTS = 3


@dataclass(frozen=True, slots=True)
class StatedYear:
    """A whole year as a notice states it: the days off and the worked weekends."""

    year: int
    notice: str
    days: tuple[SpecialDay, ...]


def parse_year(text: str, year: int, notice: str) -> StatedYear:
    """Read lines such as `2027-01-01 休 元旦` and `2027-02-06 班 春节调休`; blank lines and # lines are passed over.

    Raises Invalid with one entry for each wrong line (`line 3`), or one for `days` when the whole is not a year.
    """
    lines = text.lstrip("\ufeff").splitlines()
    if len(lines) > MOST_LINES:
        raise Invalid({"days": f"共 {len(lines)} 行，一年的安排最多 {MOST_LINES} 行，请核对文件。"})
    days: dict[date, SpecialDay] = {}
    errors: dict[str, str] = {}
    for number, line in _filled(lines):
        read = _read(line, year, notice)
        if isinstance(read, SpecialDay) and read.day in days:
            read = f"{say(read.day)}前面已经写过。"
        if isinstance(read, str):
            errors[f"line {number}"] = f"第 {number} 行：{read}"
        else:
            days[read.day] = read
    if not errors and not any(day.off for day in days.values()):
        errors["days"] = f"没有写 {year} 年的任何放假日，请按“{year}-01-01 休 元旦”逐行填写。"
    if errors:
        raise Invalid(errors)
    return StatedYear(year, notice, tuple(sorted(days.values(), key=lambda day: day.day)))


def _filled(lines: list[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line


def _read(line: str, year: int, notice: str) -> SpecialDay | str:
    """Return the day a line says, or what is wrong with the line."""
    shown = line.strip()[:40]
    parts = line.split(maxsplit=2)
    if len(parts) < _PARTS or parts[1] not in _MARKS:
        return f"“{shown}”应写成“日期 休或班 名称”，如“{year}-01-01 休 元旦”。"
    day = _date(parts[0])
    if day is None:
        return f"“{parts[0][:20]}”不是有效日期，应写成 {year}-01-01。"
    if day.year != year:
        return f"{say(day)}不在 {year} 年。"
    off = _MARKS[parts[1]]
    if not off and day.weekday() <= FRIDAY:
        return f"{say(day)}本来就是工作日，不是调休上班，请核对日期。"
    return SpecialDay(day, off, parts[2].strip()[:60], notice)


def _date(text: str) -> date | None:
    found = _DATE.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None
