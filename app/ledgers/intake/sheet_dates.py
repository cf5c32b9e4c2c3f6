"""Find out when a sheet was filled in: its own date around the rows, or what its title names."""

import re

from app.ledgers.intake import cells
from app.ledgers.intake.dates import FIRST_YEAR, LAST_YEAR, SheetDate, read_date
from app.ledgers.intake.headers import Header, Rows
from app.ledgers.intake.layouts import Layout

FOOT_ROWS = 10  # rows at the end among which sign-off lines are looked for
_WHOLE_DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_CHINESE_YEAR = re.compile(r"二〇[〇一二三四五六七八九]{2}(?=年)")
_PERIOD = re.compile(r"(?<!\d)(?P<year>\d{4})年(?:(?P<month>\d{1,2})月(?!\d{1,2}日))?")


def date_of_sheet(layout: Layout, rows: Rows, header: Header) -> SheetDate:
    """Return the sheet's own date (填报日期：…) from around the rows, else a whole date, a month or a year in its title."""
    body = header.top + header.depth
    edges = [*rows[: header.top], *rows[max(body, len(rows) - FOOT_ROWS) :]]
    for word in layout.stated_on:
        for row in edges:
            for value, following in zip(row, [*row[1:], None], strict=True):
                label, colon, rest = cells.fold(cells.read_text(value)).partition(":")
                if label == word:
                    day = read_date(rest if colon and rest else following).day
                    if day:
                        return SheetDate(day)
    above = _words_of(rows[: header.top])
    whole = _WHOLE_DATE.search(above)
    period = _period_in(above) or _period_in(_words_of(rows[header.top : body]))
    return SheetDate(read_date(whole[0]).day if whole else None, period)


def _words_of(rows: Rows) -> str:
    return "".join(cells.fold(cells.read_text(value)) for row in rows for value in row)


def _period_in(title: str) -> str:
    """Return the month (2026-10), else the year (2026), that a title names; nothing where it names several years."""
    plain = _CHINESE_YEAR.sub(
        lambda found: "".join(str("〇一二三四五六七八九".index(mark)) for mark in found[0]), title
    )
    found = [(found["year"], found["month"] or "") for found in _PERIOD.finditer(plain)]
    years = {year for year, _ in found}
    months = {month.zfill(2) for _, month in found if month and 1 <= int(month) <= 12}  # noqa: PLR2004 - months
    if len(years) != 1 or not FIRST_YEAR <= int(min(years)) <= LAST_YEAR:
        return ""
    return f"{min(years)}-{min(months)}" if len(months) == 1 else min(years)
