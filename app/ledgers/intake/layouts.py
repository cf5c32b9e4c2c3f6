"""The layouts of the ledgers that offices hand in, as data (packs/layouts/*.toml)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.core.errors import Invalid
from app.ledgers.intake.words import FACTS

PACK = Path(__file__).parents[3] / "packs" / "layouts"
BOOKS = PACK.parent / "books"
NEVER_READ: dict[str, Any] = {"source": "", "discovery": "", "stated_on": [], "furniture": []}
UNFILLED = "blank"  # how the fields of columns begin that fill no field: written empty and never read
KINDS = frozenset(
    {"text", "person", "date", "unit", "units", "class", "status", "number", "ref", "source", "serial", "photos"}
)
STATUS_WORDS = {"finished": "是", "unfinished": "否", "long_term": "长期坚持"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field it fills, its words in the office's header, and what its cells must hold.

    `ahead` says that its dates lie ahead (deadlines), not behind. `longest` counts characters, 0 is any length.
    `width` counts characters on paper; what is not `shown` is read and never written; what is `derived` is written and
    never read. `words` are those of a status on paper.
    """

    field: str
    label: str
    kind: str
    headers: tuple[tuple[str, ...], ...]
    required: bool = False
    ahead: bool = False
    longest: int = 0
    width: int = 12
    shown: bool = True
    derived: bool = False
    words: tuple[tuple[str, str], ...] = ()

    @property
    def heads(self) -> tuple[str, ...]:
        """The words of its header on paper, from the upper to the lower row."""
        first = self.headers[0]
        return first if len(first) > 1 else (self.label,)

    def word_of(self, status: str) -> str:
        """Return the word of a status on paper; what is behind is unfinished where the layout has no word for it."""
        words = {**STATUS_WORDS, **dict(self.words)}
        return words.get(status, words["unfinished"])


OWN_NUMBER = Column(
    "number", "督考编号", "ref", (("督考编号",),), shown=False
)  # by which a row written out is known again


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
    """A ledger as an office lays it out. `source` and `discovery` hold where no rule says more.

    `title`, `left` and `right` stand above the header and may name {authority}, {unit}, {day} and {year}; `sign_off` stands
    below the rows; `row_height` is in points, 0 for as high as the words need.
    """

    code: str
    name: str
    sheet: str
    source: str
    discovery: str
    stated_on: tuple[str, ...]
    furniture: tuple[str, ...]
    columns: tuple[Column, ...]
    sources: tuple[SourceRule, ...]
    title: str = ""
    left: str = ""
    right: str = ""
    sign_off: tuple[str, ...] = ()
    row_height: int = 0

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns on the screen and on paper, in order."""
        return tuple(column for column in self.columns if column.shown)

    @property
    def ledger_of(self) -> str:
        """The kind of feedback it is the ledger of; empty for one of all kinds."""
        return "" if self.sources else self.source

    @property
    def depth(self) -> int:
        """How many rows its header has on paper."""
        return max(len(column.heads) for column in self.shown)

    def label_of(self, field: str) -> str:
        """Return the column's words on the screen for a field, or the usual ones where it has no such column."""
        return next((column.label for column in self.columns if column.field == field), FACTS.get(field, field))


@cache
def load_layouts(folder: Path = PACK) -> tuple[Layout, ...]:
    """Read every layout of a pack, by file name. Raises ValueError for a column of an unknown kind."""
    return tuple(make_layout(tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.toml")))


@cache
def load_books() -> dict[str, Layout]:
    """Read the layouts of the lists and books, by code: views of the same record that are handed out and never read in."""
    data = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(BOOKS.glob("*.toml"))]
    return {row["code"]: make_layout(NEVER_READ | row) for row in data}


def find_layout(wanted: str) -> Layout:
    """Return the layout of that name or code. Raises Invalid and names the layouts there are."""
    for layout in load_layouts():
        if wanted in (layout.code, layout.name):
            return layout
    names = "、".join(layout.name for layout in load_layouts())
    raise Invalid({"layout": f"没有名为“{wanted}”的台账版式，可选：{names}。"})


def make_layout(data: dict[str, Any]) -> Layout:
    """Return the layout that the data describe. Raises ValueError or KeyError for what is none."""
    return Layout(
        code=data["code"],
        name=data["name"],
        sheet=data.get("sheet", ""),
        source=data["source"],
        discovery=data["discovery"],
        stated_on=tuple(data["stated_on"]),
        furniture=tuple(data["furniture"]),
        columns=(*(_column(row) for row in data["columns"]), OWN_NUMBER),
        sources=tuple(SourceRule(**_frozen(row)) for row in _source_rules(data)),
        title=data.get("title", "") or data["name"],
        left=data.get("left", ""),
        right=data.get("right", ""),
        sign_off=tuple(data.get("sign_off", ())),
        row_height=data.get("row_height", 0),
    )


def _source_rules(data: dict[str, Any]) -> list[dict[str, Any]]:
    if like := data.get("sources_of"):
        data = tomllib.loads((PACK / f"{like}.toml").read_text(encoding="utf-8"))
    rules: list[dict[str, Any]] = data.get("sources", [])
    return rules


def _column(row: dict[str, Any]) -> Column:
    if row["kind"] not in KINDS:
        raise ValueError(f"unknown kind of column: {row['kind']}")
    headers = tuple(tuple(path) for path in row.get("header", [[row["label"]]]))
    words = tuple(row.get("words", {}).items())
    rest = {key: value for key, value in row.items() if key not in ("header", "words")}
    return Column(headers=headers, words=words, **rest)


def _frozen(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
