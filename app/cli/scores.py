"""`flask scores show`: the score sheet of a year, for people as a table, for programs as JSON.

In JSON points are numbers with two decimals, negative for deductions; standings are proposed, contested, confirmed or
reversed; `confirmed` and `proposed` are the sums of the entries of that standing (contested ones are proposed still), and
`forecast` is what the points will be on 31 December if nothing happens. `group` and `rank` are null for units in no group.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendar import load_calendar
from app.cli.edges import said_plainly, the_database, the_moment
from app.ledgers.scores import EntryLine, UnitScore, entry_lines, score_sheet
from app.ledgers.scores.words import STANDINGS
from app.people import SYSTEM, Unit

HEADS = ("组别", "名次", "单位", "得分", "已确认", "拟扣", "年底预测")
ENTRY_HEADS = ("日期", "规则", "来源", "分值", "状态")
NUMBER = re.compile(r'"\\u0000(-?\d+\.\d\d)"')


@click.group("scores")
def scores_cli() -> None:
    """Scores, places and the entries behind them."""


@scores_cli.command("show")
@click.option("--unit", help="只看一个单位：名称、简称或代码；同时列出得分记录。")
@click.option("--year", type=click.IntRange(1990, 2100), help="年度；不填为今年。")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@with_appcontext
def show(unit: str | None, year: int | None, form: str) -> None:
    """Show every unit with its group, place, points, forecast and entries."""
    day = the_moment().day
    year = year or day.year
    with said_plainly(), the_database().session(read_only=True) as session:
        chosen = _find_units(session, unit) if unit else None
        sheet = [line for line in _sheet(session, year, day) if chosen is None or line.unit_id in chosen]
        entries = entry_lines(session, SYSTEM, sheet, year)
    if not sheet or all(line.rank is None for line in sheet):
        click.echo(f"{year} 年没有已批准的考核规则，或所选单位不在任何考核组，没有名次。", err=True)
    click.echo(as_json(sheet, entries) if form == "json" else "\n".join(_as_table(sheet, entries, bool(unit))))


def as_json(sheet: Sequence[UnitScore], entries: Mapping[int, Sequence[EntryLine]]) -> str:
    """Return the sheet as a JSON list; points are numbers written with two decimals."""
    rows = [_plain(line, entries.get(line.unit_id, ())) for line in sheet]
    return NUMBER.sub(r"\1", json.dumps(rows, ensure_ascii=False, indent=1))


def _find_units(session: Session, name: str) -> set[int]:
    """Return the units of that name, short name or code."""
    same = (Unit.name == name) | (Unit.short_name == name) | (Unit.code == name)
    found = set(session.scalars(select(Unit.id).where(same)))
    if not found:
        raise click.BadParameter(f"没有名称、简称或代码为“{name}”的单位。", param_hint="--unit")
    return found


def _sheet(session: Session, year: int, day: date) -> Iterator[UnitScore]:
    authorities = session.scalars(select(Unit.id).where(Unit.is_authority).order_by(Unit.position, Unit.id)).all()
    for authority_id in authorities:
        yield from score_sheet(session, SYSTEM, authority_id, year, day, load_calendar(session, authority_id))


def _plain(line: UnitScore, entries: Sequence[EntryLine]) -> dict[str, Any]:
    return {
        "unit": line.unit,
        "group": line.group.name if line.group else None,
        "rank": line.rank,
        "confirmed": _number(line.confirmed),
        "proposed": _number(line.proposed),
        "forecast": _number(line.forecast),
        "entries": [
            {
                "rule": entry.rule,
                "origin": entry.origin,
                "unit": entry.unit,
                "date": entry.day.isoformat(),
                "points": _number(entry.points),
                "standing": entry.standing,
            }
            for entry in entries
        ],
    }


def _number(points: Decimal | None) -> str | None:
    """Mark what is to be written as a number: a JSON number keeps its two decimals only if nobody makes it a float."""
    return None if points is None else f"\0{points:.2f}"


def _as_table(
    sheet: Sequence[UnitScore], entries: Mapping[int, Sequence[EntryLine]], with_entries: bool
) -> Iterator[str]:
    rows = [
        (
            line.group.name if line.group else "—",
            str(line.rank or "—"),
            line.unit,
            "—" if line.total is None else f"{line.total:.2f}",
            *(_signed(points) for points in (line.confirmed, line.proposed, line.forecast)),
        )
        for line in sheet
    ]
    yield from _aligned(HEADS, rows)
    for line in sheet if with_entries else ():
        own = entries.get(line.unit_id, ())
        yield ""
        yield f"{line.unit}：{len(own)} 条记录"
        yield from _aligned(
            ENTRY_HEADS, [(str(e.day), e.rule, e.origin, _signed(e.points), STANDINGS[e.standing]) for e in own]
        )


def _signed(points: Decimal | None) -> str:
    return "—" if points is None else f"{points:+.2f}" if points else "0.00"


def _aligned(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Pad to columns; a Chinese character takes two."""
    widths = [max(_width(row[number]) for row in (heads, *rows)) for number in range(len(heads))]
    for row in (heads, *rows):
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
