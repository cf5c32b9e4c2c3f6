"""What the rows of a ledger say once they are read: values, problems, doubts."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.ledgers.intake.dates import SheetDate
from app.ledgers.intake.layouts import Layout

Value = str | date | Decimal | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is wrong: the column's words and the reason, fit to show."""

    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a person should confirm: what the cell says, what it was read as, and why that is not certain."""

    column: str
    said: str
    read_as: str
    why: str


@dataclass(slots=True)
class RowReading:
    """One row: its number in the sheet (from 1), its 序号, the values by field, the words as written by field.

    `figures` are dates that the file holds as numbers with a fraction: their words would not tell 2026.1 from 2026.10.
    A field that is blank or could not be read is absent from `values`. Derived fields: `source_kind`, `discovery`,
    and `dated_by` where the day is that of the sheet.
    """

    number: int
    serial: str = ""
    values: dict[str, Value] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    def text(self, name: str) -> str:
        """Return a text field, or an empty text."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ""

    def day(self, name: str) -> date | None:
        """Return a date field, or None."""
        value = self.values.get(name)
        return value if isinstance(value, date) else None

    def names(self, name: str) -> tuple[str, ...]:
        """Return the names of units in a field."""
        value = self.values.get(name, ())
        return value if isinstance(value, tuple) else ()


@dataclass(frozen=True, slots=True)
class SheetReading:
    """What a sheet says: when it was filled in, its rows, the rows passed over with their words, and columns nobody reads."""

    layout: Layout
    filled_in: SheetDate
    rows: tuple[RowReading, ...]
    passed_over: tuple[tuple[int, str], ...]
    unused_columns: tuple[str, ...]

    @property
    def stated_on(self) -> date | None:
        """The day on which it was filled in, if it says so."""
        return self.filled_in.day
