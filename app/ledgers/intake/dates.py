"""Read a date as offices write it: whole, partial, without a year, as a serial number, or impossible."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from unicodedata import normalize

from app.core.sheet import Cell

FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST = 60  # characters of a date, a range and all
SERIAL_ZERO = date(1899, 12, 30)
SERIALS = range(32_874, 73_416)  # 1990-01-01 to 2100-12-31 as a workbook counts days
HALF_YEAR = timedelta(days=183)
NO_YEAR = "没有写年份，表上也没有填报日期"
UNREADABLE = "看不懂的日期“{}”"
NO_DAY = "“{}”要从填报日期推算，表上没有填报日期，请写成完整日期"
BY_TITLE = "没有写年份，按表头的年份"

_YEAR = r"(?:(?P<year>\d{4}|\d{2}(?=年))[年/.\-])?"
_BY = r"(?P<by>之前|以前|前|以内|内|止)?"
_CLOCK = re.compile(r"(?:\s+|T|(?<=[日号]))\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_BLANK = re.compile(r"(?<!\d)\s+|\s+(?!\d)")  # a blank between two digits parts two numbers
_DAY = re.compile(rf"{_YEAR}(?P<month>\d{{1,2}})[月/.\-](?P<day>\d{{1,2}})[日号]?{_BY}")
_COMPACT = re.compile(rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}}){_BY}")
_MONTH = re.compile(rf"{_YEAR}(?P<month>\d{{1,2}})(?:月份?)?(?P<part>上旬|中旬|下旬|初|底|末)?{_BY}")
_QUARTER = re.compile(rf"(?:(?P<year>\d{{4}})年度?)?(?:第?(?P<quarter>[1-4])季度|(?P<half>上|下)半年)[底末内]?{_BY}")
_WHOLE_YEAR = re.compile(rf"(?:(?P<year>\d{{4}})年?|(?P<this>今年|本年度?)|(?=年[底末内]))(?:年?[底末内])?{_BY}")
_RECKONED = re.compile(
    r"(?P<year>今|本|当|明|来|次|后|去|上)年度?(?=.)|(?P<month>本|当|这个|下个?|次|上个?)月份?"
    r"|(?P<quarter>本|当|下个?|上个?)季度?"
)
_THIS_MONTH = re.compile(r"^(?:于|到|至)?(?=月[底末内])")
_STEPS = {"今": 0, "本": 0, "当": 0, "这个": 0, "明": 1, "来": 1, "次": 1, "下": 1, "下个": 1, "后": 2}
_STEPS |= {"去": -1, "上": -1, "上个": -1}
_TO_BE_DONE = re.compile(
    r"^(?:力争|争取|确保|计划|原则上)(?=[于到]?\d|[今本当明下次])|(?:全部|全面)?(?:完成|整改|办结|销号|到位|落实)+$"
)
_RANGE = re.compile(r"(.*\d.*?)(?:至|到|~|—+|–)(.+)")
_WEEKDAY = re.compile(r"\((?:星期|周)[一二三四五六日天]\)|(?:星期|周)[一二三四五六日天]$")
_CHINESE_DAY = re.compile(
    r"([〇零○一二三四五六七八九]{4}年)?(十[一二]?|[一二三四五六七八九])月(?:([二三]?十?[一二三四五六七八九]|[二三]?十)[日号])?"
)
_DIGITS = {mark: str(value) for value, mark in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_PART_ENDS = {"上旬": 10, "初": 10, "中旬": 20}


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a cell says: a day, perhaps one to be confirmed (`doubt` says why), or a problem and no day."""

    day: date | None
    doubt: str = ""
    problem: str = ""


class SheetDate(NamedTuple):
    """When a sheet was filled in: its own day, or else only the month or year that its title names (2026-10, 2026)."""

    day: date | None = None
    period: str = ""

    @property
    def base(self) -> date | None:
        """The day from which 下月 and a missing year are reckoned; none of a whole year."""
        if self.day is None and len(self.period) > len("2026"):
            year, month = (int(part) for part in self.period.split("-"))
            return date(year, month, monthrange(year, month)[1])
        return self.day

    @property
    def year(self) -> int:
        """The year of the sheet, 0 where it names none."""
        return self.day.year if self.day else int(self.period[:4] or 0)


NO_DATE = SheetDate()


@dataclass(frozen=True, slots=True)
class _Context:
    sheet: SheetDate
    ahead: bool


def read_date(value: Cell, *, stated_on: date | None = None, period: str = "", ahead: bool = False) -> DateReading:
    """Read one cell. A missing year, and what 下月 is, are taken from `stated_on`, else from `period` (2026-10, 2026).

    `ahead` says that the date is a deadline. Partial dates mean their last day and are to be confirmed, as are those reckoned
    from the sheet; impossible ones are a problem.
    """
    if isinstance(value, datetime):
        return _checked(value.year, value.month, value.day)
    if isinstance(value, date):
        return _checked(value.year, value.month, value.day)
    if isinstance(value, bool) or value is None:
        return DateReading(None, problem="" if value is None else UNREADABLE.format(value))
    if isinstance(value, float):
        return _read_fraction(value)
    said = str(value).strip()
    plain = _plain(said)
    if len(plain) > LONGEST:
        return DateReading(None, problem=UNREADABLE.format(said[:40]))
    context = _Context(SheetDate(stated_on, period), ahead)
    return _read_said(plain, said, context) if plain else DateReading(None)


def _read_said(plain: str, said: str, context: _Context) -> DateReading:
    """Read a date whose words may be reckoned from the day of the sheet: 明年一季度末, 下月底前."""
    whole = _reckoned(plain := _TO_BE_DONE.sub("", plain), context.sheet)
    if whole is None:
        return DateReading(None, problem=NO_DAY.format(said[:40]))
    reading = _read_plain(whole, said, context)
    if whole == plain or reading.day is None:
        return reading
    why = "按填报日期推算" if context.sheet.day else "按表头的年月推算"
    return DateReading(reading.day, "；".join(filter(None, (why, reading.doubt))))


def _reckoned(plain: str, sheet: SheetDate) -> str | None:
    """Put numbers for the years, months and quarters named from the day of the sheet; None where it has none."""
    words = _THIS_MONTH.sub("本", plain)
    named = [found.lastgroup for found in _RECKONED.finditer(words)]
    if not named:
        return plain
    base = sheet.base or (date(sheet.year, 12, 31) if sheet.year and set(named) == {"year"} else None)
    return _RECKONED.sub(lambda found: _numbered(found, base), words) if base else None


def _numbered(found: re.Match[str], base: date) -> str:
    if found["year"]:
        return f"{base.year + _STEPS[found['year']]}年"
    if found["month"]:
        years, month = divmod(base.month - 1 + _STEPS[found["month"]], 12)
        return f"{base.year + years}年{month + 1}月"
    years, quarter = divmod((base.month - 1) // 3 + _STEPS[found["quarter"]], 4)
    return f"{base.year + years}年{quarter + 1}季度"


def _plain(said: str) -> str:
    """Fold widths, drop the clock, blanks and weekdays, and turn Chinese numerals into digits."""
    text = _CLOCK.sub("", normalize("NFKC", said).strip())
    text = _WEEKDAY.sub("", _BLANK.sub("", text))
    text = re.sub(r"第?([一二三四])季度", lambda found: f"{_number(found[1])}季度", text)
    return _CHINESE_DAY.sub(_digits, text)


def _digits(found: re.Match[str]) -> str:
    year = "".join(_DIGITS.get(mark, mark) for mark in found[1] or "")
    return f"{year}{_number(found[2])}月" + (f"{_number(found[3])}日" if found[3] else "")


def _number(numeral: str) -> int:
    tens, ten, ones = numeral.rpartition("十")
    value = int(_DIGITS[ones]) if ones else 0
    return value + (10 * int(_DIGITS[tens] if tens else 1) if ten else 0)


def _read_plain(plain: str, said: str, context: _Context) -> DateReading:
    if plain.isdecimal() and int(plain) in SERIALS:
        return DateReading(SERIAL_ZERO + timedelta(days=int(plain)))
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], _Context], DateReading]], ...] = (
        (_COMPACT, _read_day),
        (_DAY, _read_day),
        (_QUARTER, _read_quarter),
        (_WHOLE_YEAR, _read_year),
        (_MONTH, _read_month),
    )
    deadline = re.sub(r"^(?:于|到|至|截至|截止到?)", "", plain)
    for pattern, read in readers:
        found = pattern.fullmatch(deadline)
        if found and (pattern is not _MONTH or "月" in plain or found["year"]):
            return read(found, context)
    return _read_range(plain, said, context)


def _read_day(found: re.Match[str], context: _Context) -> DateReading:
    month, day = int(found["month"]), int(found["day"])
    doubt = "“前”按当日截止理解" if found["by"] else ""
    if not found["year"]:
        return _without_year(month, day, context)
    if len(found["year"]) < 4:  # noqa: PLR2004 - digits of a whole year
        doubt = "年份只写了两位"
    year = int(found["year"]) + (2000 if len(found["year"]) < 4 else 0)  # noqa: PLR2004
    return _checked(year, month, day, doubt)


def _without_year(month: int, day: int, context: _Context) -> DateReading:
    """Take the year of the sheet's own date, or the neighbouring one where the season makes that the likely one."""
    stated = context.sheet.base
    if not context.sheet.year:
        return DateReading(None, problem=NO_YEAR)
    why = "没有写年份，按填报日期的年份" if context.sheet.day else BY_TITLE
    reading = _checked(context.sheet.year, month, day, why)
    if reading.day is None or stated is None:
        return reading
    if not context.ahead and reading.day > stated:
        return _checked(stated.year - 1, month, day, "没有写年份，按填报日期之前最近的一年")
    if context.ahead and reading.day < stated - HALF_YEAR:
        return _checked(stated.year + 1, month, day, "没有写年份，按填报日期之后最近的一年")
    return reading


def _read_month(found: re.Match[str], context: _Context) -> DateReading:
    month = int(found["month"])
    year = int(found["year"]) if found["year"] else context.sheet.year
    year += 2000 if 0 < year < 100 else 0  # noqa: PLR2004 - a year of two digits
    if not 1 <= month <= 12:  # noqa: PLR2004 - months
        return DateReading(None, problem=f"{month}月不存在")
    if not year:
        return DateReading(None, problem=NO_YEAR)
    day = _PART_ENDS.get(found["part"] or "") or monthrange(year, month)[1]
    if not found["year"]:
        return _without_year(month, day, context)
    return _checked(year, month, day, "只写到月，按当月最后一天" if day > 20 else "只写到旬，按该旬最后一天")  # noqa: PLR2004


def _read_quarter(found: re.Match[str], context: _Context) -> DateReading:
    month = int(found["quarter"]) * 3 if found["quarter"] else 6 if found["half"] == "上" else 12
    year = int(found["year"]) if found["year"] else context.sheet.year
    if not year:
        return DateReading(None, problem=NO_YEAR)
    if not found["year"] and context.ahead and (base := context.sheet.base) and date(year, month, 1) < base - HALF_YEAR:
        year += 1
    return _checked(year, month, monthrange(year, month)[1], "只写到季度或半年，按最后一天")


def _read_year(found: re.Match[str], context: _Context) -> DateReading:
    year = int(found["year"]) if found["year"] else context.sheet.year
    return _checked(year, 12, 31, "只写到年，按当年最后一天") if year else DateReading(None, problem=NO_YEAR)


def _read_range(plain: str, said: str, context: _Context) -> DateReading:
    """Read “3月1日至5日的一段”: a deadline is its end, a finding its beginning."""
    found = _RANGE.fullmatch(plain)
    if not found:
        return DateReading(None, problem=UNREADABLE.format(said[:40]))
    start = _read_plain(found[1], found[1], context)
    later = _Context(SheetDate(start.day) if start.day else context.sheet, context.ahead)
    chosen = _read_plain(found[2], found[2], later) if context.ahead else start
    if chosen.day is None:
        return DateReading(None, problem=UNREADABLE.format(said[:40]))
    return DateReading(chosen.day, "写的是一段时间，按" + ("最后一天" if context.ahead else "第一天"))


def _read_fraction(value: float) -> DateReading:
    """Read 2026.4, which was meant as a month; 2026.1 may have been 2026.10."""
    bounded = min(max(value, 0.0), SERIALS.stop)
    if int(bounded) in SERIALS:
        return DateReading(SERIAL_ZERO + timedelta(days=int(bounded)))
    year, month = divmod(round(bounded * 100), 100)
    if FIRST_YEAR <= year <= LAST_YEAR and month == 10:  # noqa: PLR2004 - .1 and .10 are the same number
        return DateReading(None, problem=f"“{year}.1”可能是1月，也可能是10月，请写成完整日期")
    month = month // 10 if month % 10 == 0 else month
    if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12:  # noqa: PLR2004 - months
        return DateReading(date(year, month, monthrange(year, month)[1]), "只写到月，按当月最后一天")
    return DateReading(None, problem=UNREADABLE.format(value))


def _checked(year: int, month: int, day: int, doubt: str = "") -> DateReading:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return DateReading(None, problem=f"年份 {year} 不合理")
    try:
        return DateReading(date(year, month, day), doubt)
    except ValueError:
        return DateReading(None, problem=f"{year}年{month}月{day}日不存在")
