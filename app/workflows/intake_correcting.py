"""Rows of a previewed file put right on the page: what was typed is read as a cell of the file is, and is kept."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.audit import Fact, record
from app.core.errors import Invalid
from app.ledgers.cases import names_in, withhold
from app.ledgers.intake import (
    CONTACT,
    ImportBatch,
    ImportRow,
    Layout,
    SheetDate,
    keep_reading,
    layout_of,
    read_cells,
    read_kept,
    readable,
    words_of,
)
from app.workflows.context import Context
from app.workflows.intake import mandate_for, rows_of, still_open

LONGEST_CELL = 20_000
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed into the cells of one row, by field, and the digest of the words that stood there before."""

    seen: str
    cells: Mapping[str, str]


@dataclass(slots=True)
class Corrected:
    """What became of it: rows that were changed, and those that somebody else had changed meanwhile."""

    changed: list[int] = field(default_factory=list)
    overtaken: list[int] = field(default_factory=list)


def cells_of(row: ImportRow, layout: Layout) -> dict[str, str]:
    """Return the words in the cells of a row as they stand now, by field."""
    reading = read_kept(row.number, row.serial, row.reading)
    return words_of(reading, layout) | ({CONTACT: row.contact} if row.contact else {})


def changes_of(row: ImportRow, layout: Layout, typed: Typed) -> dict[str, str]:
    """Return the typed cells that say something else than what stands there now, by field.

    The contact of a citizen is not shown: it stands as it is until it is typed anew.
    """
    words, fields = cells_of(row, layout), {column.field for column in readable(layout)}
    given = {name: said for name, said in typed.cells.items() if name in fields and (said or name != CONTACT)}
    return {name: said for name, said in given.items() if said != words.get(name, "")}


def digest_of(words: Mapping[str, str]) -> str:
    """Return what tells two states of a row apart."""
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()[:16]


def correct_rows(context: Context, batch: ImportBatch, typed: Mapping[int, Typed]) -> Corrected:
    """Put typed words in place of the file's. Nothing at all is written while one row was changed by somebody else.

    The file is to be judged again then. Invalid where a cell is longer than any may be.
    """
    still_open(context, batch, None)
    if len(typed) > MOST_ROWS or any(len(said) > LONGEST_CELL for one in typed.values() for said in one.cells.values()):
        raise Invalid({"cells": f"一次最多改 {MOST_ROWS} 行，每格最多 {LONGEST_CELL} 字。"})
    layout, found = layout_of(context.session, batch.layout), Corrected()
    wanted = []
    for row in rows_of(context.session, batch, typed):
        words, new = cells_of(row, layout), changes_of(row, layout, typed[row.number])
        if new and digest_of(words) != typed[row.number].seen:
            found.overtaken.append(row.number)
        if new:
            wanted.append((row, words, new))
    if not found.overtaken and wanted:
        for row, words, new in wanted:
            _read_anew(batch, layout, row, words | new)
            row.typed = row.typed | {name: said for name, said in new.items() if name != CONTACT}
            row.is_chosen = False
            found.changed.append(row.number)
        _note(context, batch, layout, wanted)
    return found


def _read_anew(batch: ImportBatch, layout: Layout, row: ImportRow, words: Mapping[str, str]) -> None:
    old = read_kept(row.number, row.serial, row.reading)
    figures = {name: value for name, value in old.figures.items() if words.get(name) == old.said.get(name)}
    reading = read_cells(layout, {**words, **figures}, SheetDate(batch.stated_on, batch.period))
    reading.number = row.number
    row.reading, row.serial = keep_reading(reading), reading.serial[:60]
    row.contact = reading.text(CONTACT) or None


def _note(
    context: Context, batch: ImportBatch, layout: Layout, rows: list[tuple[ImportRow, dict[str, str], dict[str, str]]]
) -> None:
    """Record what stood in each cell and what was typed; contacts of citizens stay outside."""
    said: dict[str, Any] = {
        str(row.number): {
            layout.label_of(name): [
                withhold(said, names_in(contact)).text[:200] for said in (words.get(name, ""), typed)
            ]
            for name, typed in new.items()
            if name != CONTACT
        }
        for row, words, new in rows
        for contact in (f"{words.get(CONTACT, '')}\n{new.get(CONTACT, '')}",)
    }
    grant = mandate_for(context, batch.authority_id)
    fact = Fact(
        "import.rows_corrected",
        f"import:{batch.id}",
        batch.authority_id,
        data={"file": batch.file_name, "rows": said},
        mandate_id=grant.mandate_id,
    )
    record(context.session, fact, context.actor, context.moment)
