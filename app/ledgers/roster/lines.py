"""A roster's rows as read and as judged: each is new, changed, unchanged or wrong."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import Invalid
from app.core.sheet import Cell, Sheet
from app.ledgers.intake import Problem
from app.ledgers.intake.cells import fold, read_text
from app.ledgers.roster.columns import RosterTable

HEAD_ROWS = 10
STATUS_WORDS = {"new": "新增", "changed": "变更", "unchanged": "无变化", "wrong": "有误"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet: its number (from 1) and its cells by field."""

    table: RosterTable
    number: int
    cells: dict[str, Cell]

    def text(self, name: str) -> str:
        """Return the text of a cell on one line; empty where blank."""
        return read_text(self.cells.get(name)).replace("\n", "")


@dataclass(slots=True)
class Line:
    """One row as judged: `name` tells a person which one it is, `values` are what would be written."""

    row: Row
    name: str
    status: str = "new"
    values: dict[str, Any] = field(default_factory=dict)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    row_id: int | None = None

    def blame(self, column: str, reason: str) -> None:
        """Say what is wrong in which column (by field)."""
        label = next((c.label for c in self.row.table.columns if c.name == column), column)
        self.problems.append(Problem(label, reason))
        self.status = "wrong"

    def compare(self, column: str, old: object, new: object) -> None:
        """Note a change of a field, for the eye."""
        label = next((c.label for c in self.row.table.columns if c.name == column), column)
        self.changes.append((label, _words(old), _words(new)))

    def settle(self, row_id: int | None) -> "Line":
        """Say that the row is known, and whether anything changes."""
        if self.status != "wrong":
            self.row_id = row_id
            self.status = "new" if row_id is None else "changed" if self.changes else "unchanged"
        return self


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do: the judged lines of each sheet that was read."""

    lines: tuple[Line, ...]

    def of(self, table: RosterTable) -> list[Line]:
        """Return the lines of one sheet."""
        return [line for line in self.lines if line.row.table is table]

    def count(self, status: str) -> int:
        """Count the lines of a status."""
        return sum(line.status == status for line in self.lines)

    @property
    def digest(self) -> str:
        """The digest of everything the plan would do: what was previewed is what is applied."""
        parts = (
            f"{line.row.table.name}|{line.row.number}|{line.status}|{line.row_id}|{sorted(line.values.items())}"
            for line in self.lines
        )
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def read_table(sheet: Sheet, table: RosterTable) -> list[Row]:
    """Read the rows below the heads; Invalid when a needed column is missing. Blank rows and examples are passed over."""
    head, places = _find_head(sheet, table)
    rows = []
    for number, cells in enumerate(sheet.rows[head + 1 :], head + 2):
        row = Row(table, number, {name: cells[at] for name, at in places.items() if at < len(cells)})
        if any(row.text(column.name) for column in table.columns) and not _is_example(row):
            rows.append(row)
    return rows


def _find_head(sheet: Sheet, table: RosterTable) -> tuple[int, dict[str, int]]:
    best: tuple[int, dict[str, int]] = (0, {})
    for number, cells in enumerate(sheet.rows[:HEAD_ROWS]):
        heads = {fold(read_text(cell)).rstrip("*＊"): at for at, cell in reversed(list(enumerate(cells)))}
        places = {column.name: heads[column.label] for column in table.columns if column.label in heads}
        if len(places) > len(best[1]):
            best = number, places
    missing = [column.label for column in table.columns if column.is_needed and column.name not in best[1]]
    if missing:
        raise Invalid({"file": f"“{table.sheet}”表缺少列：{'、'.join(missing)}。请使用模板，不要改动表头。"})
    return best


def _is_example(row: Row) -> bool:
    said = tuple(row.text(column.name) for column in row.table.columns)
    return said in row.table.examples


def check_needed(line: Line) -> None:
    """Blame every needed column that is blank."""
    for column in line.row.table.columns:
        if column.is_needed and not line.row.text(column.name):
            line.blame(column.name, "没有填写")


def blame_repeated(lines: Iterable[Line], column: str, key: Callable[[Line], str]) -> None:
    """Blame every line whose key came before; the empty key never did."""
    seen: set[str] = set()
    for line in lines:
        if key(line) and key(line) in seen:
            line.blame(column, "与前面的行重复")
        seen.add(key(line))


def _words(value: object) -> str:
    return "" if value is None else str(value)
