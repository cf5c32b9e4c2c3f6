"""Layouts an office made itself, beside those shipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Invalid
from app.ledgers.intake.cells import read_text
from app.ledgers.intake.guessing import USUAL, Choice, fields_to_choose
from app.ledgers.intake.headers import Rows, path_of
from app.ledgers.intake.layouts import UNFILLED, Layout, find_layout, load_books, load_layouts, make_layout
from app.ledgers.intake.models import OwnLayout
from app.people import Actor, visible

OWN = "own-"
WIDTHS = {"text": 26, "source": 12, "date": 12, "unit": 14, "units": 16, "photos": 24, "serial": 5, "status": 8}


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
    words = choice.words or (label,)
    path = list(path_of(words))
    header = list(map(list, dict.fromkeys((tuple(words), tuple(path), (path[-1],)))))  # the first is that on paper
    like = fields_to_choose().get(choice.field)
    if like is None:
        return {"field": f"{UNFILLED}{number}", "label": label, "kind": "text", "header": header, "derived": True}
    return {
        "field": choice.field,
        "label": label,
        "kind": like.kind,
        "header": header,
        "required": choice.field == "text",
        "ahead": like.ahead,
        "longest": like.longest,
        "derived": like.derived,
        "width": WIDTHS.get(like.kind, 12),
    }


def sign_off_of(rows: Rows, body: int) -> tuple[str, ...]:
    """Return the words of the last row of a sheet, if they ask for signatures."""
    last: Sequence[Any] = next((row for row in reversed(rows[body:]) if any(row)), ())
    words = list(dict.fromkeys(read_text(cell) for cell in last if cell))
    return tuple(word.split("：")[0].split(":")[0] + "：" for word in words) if _asks(words) else ()


def _asks(words: list[str]) -> bool:
    return bool(words) and all("：" in word or ":" in word for word in words)
