"""Layouts an office made itself, beside those shipped; and what a header of its workbook probably means."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Invalid
from app.ledgers.intake.cells import fold, read_text
from app.ledgers.intake.headers import Rows, header_paths
from app.ledgers.intake.layouts import Column, Layout, find_layout, load_books, load_layouts, make_layout
from app.ledgers.intake.models import OwnLayout
from app.people import Actor, visible

OWN = "own-"
USUAL = "rectification"
NEVER = ("number", "contact", "against", "votes")
MOST_COLUMNS = 40
WIDTHS = {"text": 26, "source": 12, "date": 12, "unit": 14, "units": 16, "photos": 24, "serial": 5, "status": 8}


@dataclass(frozen=True, slots=True)
class Choice:
    """One column of a workbook: its words from the upper to the lower header row, and the field it fills, or none."""

    words: tuple[str, ...]
    field: str = ""


@dataclass(frozen=True, slots=True)
class Sketch:
    """A layout as it is being made from a sheet: what stands above the header, its columns, what signs it off."""

    name: str
    title: str
    columns: tuple[Choice, ...]
    sign_off: tuple[str, ...] = ()


def layouts_of(session: Session, actor: Actor) -> tuple[Layout, ...]:
    """Return the layouts an actor may choose from: those shipped, and those of the own authority that are in use."""
    own = session.scalars(visible(OwnLayout, actor).where(OwnLayout.retired_at.is_(None)).order_by(OwnLayout.id))
    return (*load_layouts(), *(layout_from(row) for row in own))


def layout_of(session: Session, code: str) -> Layout:
    """Return a layout by its code, retired ones too. Raises Invalid where there is none.

    Whose layouts a person may choose is asked of layouts_of; this one serves what was chosen before.
    """
    digits = code.removeprefix(OWN)
    if code.startswith(OWN) and digits.isdecimal() and len(digits) <= 15:  # noqa: PLR2004 - digits of any id
        row = session.scalars(select(OwnLayout).where(OwnLayout.id == int(digits))).one_or_none()
        if row is not None:
            return layout_from(row)
    return load_books().get(code) or find_layout(code)


def layout_from(row: OwnLayout) -> Layout:
    """Return the layout of a row on record."""
    return make_layout({**row.data, "code": f"{OWN}{row.id}", "name": row.name})


@cache
def fields_to_choose() -> dict[str, Column]:
    """Return the fields a column may fill, each with the column that is usual for it."""
    found: dict[str, Column] = {}
    for layout in sorted(load_layouts(), key=lambda one: one.code != USUAL):
        for column in layout.columns:
            if column.field not in NEVER:
                found.setdefault(column.field, column)
    return found


def choices_of(rows: Rows, top: int, depth: int) -> tuple[Choice, ...]:
    """Return the columns under header rows (index of the first, how many), each with the field its words suggest once."""
    taken: set[str] = set()
    found = []
    for words in header_paths(rows[top : top + depth])[:MOST_COLUMNS]:
        field = _meant(words[-1]) if words else ""
        found.append(Choice(words, field if field not in taken else ""))
        taken.add(field)
    while found and not found[-1].words:
        found.pop()
    return tuple(found)


def header_guess(rows: Rows) -> tuple[int, int]:
    """Return where the header probably stands: the row with most words that mean a field, and two rows if the upper groups."""
    known = [sum(bool(_meant(fold(read_text(cell)))) for cell in row) for row in rows[:20]]
    lowest = max(range(len(known)), key=known.__getitem__, default=0)
    upper = lowest - 1
    if upper >= 0 and known[upper] and set(rows[upper]) - set(rows[lowest]):
        return upper, 2
    below = lowest + 1
    repeated = (
        below < len(known) and known[below] and any(a == b for a, b in zip(rows[lowest], rows[below], strict=True) if a)
    )
    return lowest, 2 if repeated else 1


def sketch_data(sketch: Sketch) -> dict[str, Any]:
    """Return what a file of packs/layouts would say. Raises Invalid where columns are missing or named twice."""
    fields = [choice.field for choice in sketch.columns if choice.field]
    double = sorted({field for field in fields if fields.count(field) > 1})
    known = fields_to_choose()
    if double:
        raise Invalid({"columns": f"“{known[double[0]].label}”选了两次，每项内容只能对应一列。"})
    if "text" not in fields:
        raise Invalid({"columns": f"请指定哪一列是“{known['text'].label}”，没有它台账无法导入和导出。"})
    usual = find_layout(USUAL)
    return {
        "sheet": sketch.name[:31],
        "title": sketch.title,
        "left": usual.left,
        "right": usual.right,
        "sign_off": list(sketch.sign_off),
        "source": usual.source,
        "discovery": usual.discovery,
        "sources_of": USUAL,
        "stated_on": list(usual.stated_on),
        "furniture": [*usual.furniture, *(words.rstrip("：:") for words in sketch.sign_off)],
        "row_height": 111 if {"photos", "before", "after"} & set(fields) else 0,
        "columns": [_column(number, choice) for number, choice in enumerate(sketch.columns)],
    }


def _column(number: int, choice: Choice) -> dict[str, Any]:
    """Return one column; one that fills no field is written empty and never read."""
    label = choice.words[-1] if choice.words else f"第{number + 1}列"
    path = list(choice.words) or [label]
    like = fields_to_choose().get(choice.field)
    if like is None:
        return {"field": f"blank{number}", "label": label, "kind": "text", "header": [path], "derived": True}
    return {
        "field": choice.field,
        "label": label,
        "kind": like.kind,
        "header": [path, [label]] if len(path) > 1 else [path],
        "required": choice.field == "text",
        "ahead": like.ahead,
        "longest": like.longest,
        "derived": like.derived,
        "width": WIDTHS.get(like.kind, 12),
    }


def _meant(words: str) -> str:
    """Return the field that some shipped layout fills under these words."""
    return _words_known().get(words, "")


@cache
def _words_known() -> dict[str, str]:
    found: dict[str, str] = {}
    for field, column in fields_to_choose().items():
        found |= {path[-1]: field for path in column.headers if path[-1] not in found}
    for layout in load_layouts():
        for column in layout.columns:
            if column.field not in NEVER:
                found |= {path[-1]: column.field for path in column.headers if path[-1] not in found}
    return found


def sign_off_of(rows: Rows, body: int) -> tuple[str, ...]:
    """Return the words of the last row of a sheet, if they ask for signatures."""
    last: Sequence[Any] = next((row for row in reversed(rows[body:]) if any(row)), ())
    words = list(dict.fromkeys(read_text(cell) for cell in last if cell))
    return tuple(word.split("：")[0].split(":")[0] + "：" for word in words) if _asks(words) else ()


def _asks(words: list[str]) -> bool:
    return bool(words) and all("：" in word or ":" in word for word in words)
