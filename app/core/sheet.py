"""A worksheet as plain values, the same for every file it was read from."""

from dataclasses import dataclass
from datetime import date, datetime

Cell = str | int | float | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, its rows (all of one width, None where blank), and the names of all sheets of the file.

    The first row of `rows` is row 1 of the sheet. Every cell of a merged region holds the value of the region.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    names: tuple[str, ...]
