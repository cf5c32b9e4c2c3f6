"""Rows of a ledger that was handed out here and comes back: known by the case's own number, compared with what it says now.

A row says something new only where it differs both from what would be written out today and from what a file last said;
a cell that is empty leaves things as they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from app.core.sheet import Cell
from app.ledgers.cases import Case, Told, are_strangers
from app.ledgers.exports import UNNUMBERED, Record, Records, unnumbered, value_of
from app.ledgers.intake import (
    CONTACT,
    OWN_NUMBER,
    Directory,
    Doubt,
    Layout,
    RowReading,
    SettledRow,
    SheetReading,
    facts_of,
    read_cells,
    settle,
)
from app.people import visible
from app.workflows.context import Context

CHUNK = 400
LOST = "没有编号为“{}”的问题，或者您无权查看"
TWICE = "与第 {} 行是同一件；如果是另一个问题，请清空这一行隐藏列“督考编号”里的内容"
BLANK = "没有填写"
STRANGE = "编号相同，但内容与本单位的 {} 完全不同，可能是别的单位导出的台账"


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a row that names a case was held to be. `facts` are those of the file over what files said before."""

    case_id: int | None
    facts: dict[str, str]
    changes: dict[str, list[str]]
    problems: tuple[tuple[str, str], ...] = ()
    doubts: tuple[Doubt, ...] = ()


def recognise(
    context: Context, authority_id: int, sheet: SheetReading, rows: Iterable[SettledRow], directory: Directory
) -> dict[int, Recognised]:
    """Return, by row number, what the rows that name a case say; rows without a number are none of them."""
    named = {row.reading.number: row for row in rows if row.reading.text(OWN_NUMBER.field)}
    numbers = {row.reading.text(OWN_NUMBER.field) for row in named.values()}
    records = _records(context, authority_id, sheet.layout, sorted(numbers))
    found: dict[int, Recognised] = {}
    first: dict[str, int] = {}
    for number, row in named.items():
        said = row.reading.text(OWN_NUMBER.field)
        if said not in records:
            found[number] = _wrong(row, LOST.format(said[:40]))
        elif first.setdefault(said, number) != number:
            found[number] = _wrong(row, TWICE.format(first[said]))
        else:
            found[number] = _compared(context, sheet, row, records[said], directory)
    return found


def _records(context: Context, authority_id: int, layout: Layout, numbers: list[str]) -> dict[str, Record]:
    """Return the cases that are named and seen, by what names them."""
    fields = {column.field for column in layout.columns if column.kind != "photos"}
    reader, found = Records(context.session, context.actor, fields, context.day, layout.ledger_of), dict[str, Record]()
    mine = visible(Case, context.actor).where(Case.authority_id == authority_id)
    for start in range(0, len(numbers), CHUNK):
        part = numbers[start : start + CHUNK]
        ids = [unnumbered(said) for said in part if unnumbered(said)]
        wanted = mine.where(or_(Case.number.in_(part), Case.id.in_(ids) & Case.number.is_(None)))
        query: Any = wanted.with_only_columns(Case.id, Case.number)
        names = {case_id: number or f"{UNNUMBERED}{case_id}" for case_id, number in context.session.execute(query)}
        records = reader.of_cases(names)
        found |= {names[case_id]: record for case_id, record in records.items()}
        found |= _numbered_since(
            context, reader, mine, [said for said in part if unnumbered(said) and said not in found]
        )
    return found


def _numbered_since(context: Context, reader: Records, mine: Any, said: list[str]) -> dict[str, Record]:
    """Return the cases that were written out before they had a number and have one by now."""
    ids = {unnumbered(one): one for one in said}
    if not ids:
        return {}
    seen = set(
        context.session.scalars(select(Case.id).where(Case.id.in_(mine.with_only_columns(Case.id)), Case.id.in_(ids)))
    )
    return {ids[case_id]: record for case_id, record in reader.of_cases(seen).items()}


def _compared(
    context: Context, sheet: SheetReading, row: SettledRow, record: Record, directory: Directory
) -> Recognised:
    ours = _read_back(context, sheet, record)
    (settled,) = settle(SheetReading(sheet.layout, sheet.filled_in, (ours,), (), ()), directory)
    theirs, own, last = facts_of(row), facts_of(settled), record.facts
    said = {
        column.field: theirs.get(column.field, "")
        for column in sheet.layout.columns
        if column.field not in (CONTACT, OWN_NUMBER.field) and column.field in row.reading.values
    }
    if row.reading.text("dated_by"):
        said.pop("found_on", None)
    changes = {
        field: [own.get(field, ""), words]
        for field, words in said.items()
        if row.reading.values[field] != ours.values.get(field) and words not in (own.get(field, ""), last.get(field))
    }
    known = {(problem.column, problem.reason) for problem in settled.problems}
    problems = [(problem.column, problem.reason) for problem in row.problems if problem.reason != BLANK]
    fresh = tuple(problem for problem in problems if problem not in known)
    facts = last | {field: words for field, words in said.items() if words}
    return Recognised(record.case.id, facts, changes, fresh, _strangeness(row, record))


def _strangeness(row: SettledRow, record: Record) -> tuple[Doubt, ...]:
    """Have a person look at a row that has the number of a case and tells of something else altogether."""
    case, last = record.case, record.facts
    told = Told(row.reading.text("title"), row.reading.text("text"))
    said_before = told.text == last.get("text") or (bool(told.title) and told.title == last.get("title"))
    if said_before or not are_strangers(told, Told(case.title, case.text)):
        return ()
    number = row.reading.text(OWN_NUMBER.field)
    return (Doubt(OWN_NUMBER.label, number, case.title[:40], STRANGE.format(number)),)


def _read_back(context: Context, sheet: SheetReading, record: Record) -> RowReading:
    """Read what would be written of the case today, as a file is read."""
    cells: dict[str, Cell] = {}
    for column in sheet.layout.columns:
        value = value_of(column, record, 0, context.day)
        if not isinstance(value, tuple) and column.kind != "serial":
            cells[column.field] = value
    return read_cells(sheet.layout, cells, sheet.filled_in)


def _wrong(row: SettledRow, said: str) -> Recognised:
    return Recognised(None, facts_of(row), {}, ((OWN_NUMBER.label, said),))
