"""What the page that makes a layout shows: the first rows of the workbook, its columns, and the fields they may fill."""

import re
from collections.abc import Mapping
from typing import Any

from app.core.sheet import Sheet
from app.ledgers.intake import Choice, choices_of, fields_to_choose, header_guess

SHOWN_ROWS = 12
SHOWN_COLUMNS = 40
LONGEST = 40
LONGEST_NAME = 31
ASKING = re.compile(r"[^：:]{1,10}[：:]")
NAMELESS = re.compile(r"(?:Sheet|工作表|附件|附表|表)\s*\d*", re.IGNORECASE)
DEPTHS = (1, 2)


def page_data(sheet: Sheet, given: Mapping[str, str], errors: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the data of the page; `given` are header rows, name and fields as typed."""
    (top, depth), columns = header_asked(sheet, given)
    is_told = "field-0" in given
    return {
        "sheet": sheet.name,
        "rows": [_row(number, row, top, depth) for number, row in enumerate(sheet.rows[:SHOWN_ROWS])],
        "top": top + 1,
        "depth": depth,
        "depths": DEPTHS,
        "most": min(SHOWN_ROWS, len(sheet.rows)),
        "name": given.get("name", "")[:60] or _name(sheet, top),
        "columns": [
            {
                "number": number,
                "words": " / ".join(column.words) or "（没有列名）",
                "sample": _sample(sheet, number, top + depth),
                "field": given.get(f"field-{number}", "") if is_told else column.field,
            }
            for number, column in enumerate(columns)
        ],
        "fields": [(field, column.label) for field, column in fields_to_choose().items()],
        "errors": dict(errors or {}),
    }


def header_asked(sheet: Sheet, given: Mapping[str, str]) -> tuple[tuple[int, int], tuple[Choice, ...]]:
    """Return where the header stands (index of its first row, how many rows) as told or guessed, and its columns."""
    top, depth = header_guess(sheet.rows)
    if (said := given.get("top", "")).isdecimal() and 0 < int(said[:4]) <= len(sheet.rows):
        top = int(said[:4]) - 1
        depth = 2 if given.get("depth") == "2" and top + 1 < len(sheet.rows) else 1
    return (top, depth), choices_of(sheet.rows, top, depth)


def title_of_sheet(sheet: Sheet, top: int) -> str:
    """Return the longest words above the header that stand alone in their row and ask for nothing (填报单位：)."""
    alone = [{" ".join(str(cell).split()) for cell in row if cell} for row in sheet.rows[:top]]
    words = [said for row in alone if len(row) == 1 for said in row if not ASKING.match(said)]
    return max(words, key=len, default="")[:100]


def _name(sheet: Sheet, top: int) -> str:
    """Return the name of the sheet, or what stands above its header where that name says nothing."""
    is_plain = NAMELESS.fullmatch(sheet.name) is not None
    return (title_of_sheet(sheet, top)[:LONGEST_NAME] if is_plain else "") or sheet.name


def _row(number: int, row: Any, top: int, depth: int) -> dict[str, Any]:
    cells = [str(cell)[:LONGEST] if cell is not None else "" for cell in row[:SHOWN_COLUMNS]]
    return {"number": number + 1, "cells": cells, "is_head": top <= number < top + depth}


def _sample(sheet: Sheet, place: int, first: int) -> str:
    found = (row[place] for row in sheet.rows[first : first + SHOWN_ROWS] if place < len(row) and row[place])
    return str(next(found, ""))[:LONGEST]
