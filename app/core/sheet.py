"""A worksheet as plain values, the same for every file it was read from."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

Cell = str | int | float | bool | date | datetime | None


class OpenQuote(NamedTuple):
    """A quote of a text file that never closes: its row (from 1), its column (from 0), and its line in the file (from 1)."""

    row: int
    column: int
    line: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, its rows (all of one width, None where blank), and the names of all sheets of the file.

    The first row of `rows` is row 1 of the sheet. Every cell of a merged region holds the value of the region. A cell with
    an open quote holds what stands up to the next delimiter, the quote included. `formulas` are the blank cells (row from 1,
    column from 0) in which a formula stands whose result was never saved. Pictures are told of and not read.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    names: tuple[str, ...]
    quotes: tuple[OpenQuote, ...] = ()
    formulas: frozenset[tuple[int, int]] = frozenset()
    has_pictures: bool = False
