"""The layouts of the ledgers that offices hand in, as data (packs/layouts/*.toml)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.core.errors import Invalid

PACK = Path(__file__).parents[3] / "packs" / "layouts"
KINDS = frozenset({"text", "person", "date", "unit", "units", "class", "status", "number", "ref", "source", "serial"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field it fills, its words in the office's header, and what its cells must hold.

    `ahead` says that its dates lie ahead (deadlines), not behind. `longest` counts characters, 0 is any length.
    """

    field: str
    label: str
    kind: str
    headers: tuple[tuple[str, ...], ...]
    required: bool = False
    ahead: bool = False
    longest: int = 0


@dataclass(frozen=True, slots=True)
class SourceRule:
    """What the words of a source say: its kind and who discovered. One of the `hints`, if any, must be in `also_in`."""

    words: tuple[str, ...]
    kind: str
    discovery: str
    hints: tuple[str, ...] = ()
    also_in: tuple[str, ...] = ("source",)
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """A ledger as an office lays it out. `source` and `discovery` hold where no rule says more."""

    code: str
    name: str
    sheet: str
    source: str
    discovery: str
    stated_on: tuple[str, ...]
    furniture: tuple[str, ...]
    columns: tuple[Column, ...]
    sources: tuple[SourceRule, ...]

    def label_of(self, field: str) -> str:
        """Return the column's words on the screen for a field."""
        return next(column.label for column in self.columns if column.field == field)


@cache
def load_layouts(folder: Path = PACK) -> tuple[Layout, ...]:
    """Read every layout of a pack, by file name. Raises ValueError for a column of an unknown kind."""
    return tuple(_layout(tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.toml")))


def find_layout(wanted: str) -> Layout:
    """Return the layout of that name or code. Raises Invalid and names the layouts there are."""
    for layout in load_layouts():
        if wanted in (layout.code, layout.name):
            return layout
    names = "、".join(layout.name for layout in load_layouts())
    raise Invalid({"layout": f"没有名为“{wanted}”的台账版式，可选：{names}。"})


def _layout(data: dict[str, Any]) -> Layout:
    return Layout(
        code=data["code"],
        name=data["name"],
        sheet=data.get("sheet", ""),
        source=data["source"],
        discovery=data["discovery"],
        stated_on=tuple(data["stated_on"]),
        furniture=tuple(data["furniture"]),
        columns=tuple(_column(row) for row in data["columns"]),
        sources=tuple(SourceRule(**_frozen(row)) for row in data.get("sources", ())),
    )


def _column(row: dict[str, Any]) -> Column:
    if row["kind"] not in KINDS:
        raise ValueError(f"unknown kind of column: {row['kind']}")
    headers = tuple(tuple(path) for path in row["header"])
    rest = {key: value for key, value in row.items() if key != "header"}
    return Column(headers=headers, **rest)


def _frozen(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
