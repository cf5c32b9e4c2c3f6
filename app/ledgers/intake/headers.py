"""Find the header of an office's ledger: which row it stands in, and which column fills which field."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.core.errors import Invalid
from app.core.sheet import Cell
from app.ledgers.intake.cells import fold, read_text
from app.ledgers.intake.layouts import Column, Layout

SEARCHED_ROWS = 20
Rows = Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Header:
    """Where a header stands: index of its first row, how many rows it has, and the index of each field's column.

    `unused` are the words of the columns that no field takes.
    """

    top: int
    depth: int
    places: dict[str, int]
    unused: tuple[str, ...]


def find_header(layout: Layout, rows: Rows) -> Header:
    """Return the place that fits most columns, most exactly. Raises Invalid that names the missing columns."""
    deepest = max(len(path) for column in layout.columns for path in column.headers)
    best, best_fit = None, (0, 0)
    for top in range(min(SEARCHED_ROWS, len(rows))):
        for depth in range(deepest, 0, -1):
            found, exact = _fit(layout, rows, top, depth)
            if (len(found.places), exact) > best_fit:
                best, best_fit = found, (len(found.places), exact)
    missing = [
        column.label for column in layout.columns if column.required and (not best or column.field not in best.places)
    ]
    if best is None or missing:
        raise Invalid(
            {"file": f"没有找到“{layout.name}”的表头，缺少列：{'、'.join(missing)}。请核对工作表和台账版式。"}
        )
    return best


def _fit(layout: Layout, rows: Rows, top: int, depth: int) -> tuple[Header, int]:
    """Return the header that would stand there, and how many of its columns fit by their whole path."""
    paths = header_paths(rows[top : top + depth])
    places, exact = fit(layout, paths)
    taken = set(places.values())
    unused = tuple(path[-1] for place, path in enumerate(paths) if path and place not in taken)
    return Header(top, depth, places, unused), exact


def fit(layout: Layout, paths: list[tuple[str, ...]]) -> tuple[dict[str, int], int]:
    """Return the place of each field of a layout among the columns of a header, and how many fit by their whole path."""
    places: dict[str, int] = {}
    exact = 0
    for whole in (True, False):
        for column in layout.columns:
            place = _place(column, paths, set(places.values()), whole=whole)
            if column.field not in places and place is not None:
                places[column.field] = place
                exact += whole
    return places, exact


def header_paths(header: Rows) -> list[tuple[str, ...]]:
    """Return for each column its words from the upper to the lower row, each once."""
    return [path_of(words) for words in header_words(header)]


def header_words(header: Rows) -> list[tuple[str, ...]]:
    """Return for each column the office's own words, brackets and all, from the upper to the lower row, each once."""
    width = max((len(row) for row in header), default=0)
    words = [
        ["".join(read_text(row[place]).split()) if place < len(row) else "" for row in header] for place in range(width)
    ]
    return [tuple(dict.fromkeys(word for word in column if word)) for column in words]


def path_of(words: Iterable[str]) -> tuple[str, ...]:
    """Return what words of a header are known by, without what stands in brackets: 反馈时间（年月日） is 反馈时间."""
    folded = [fold(word) for word in words]
    return tuple(dict.fromkeys(re.sub(r"\(.*?\)", "", word) or word for word in folded))


def _place(column: Column, paths: list[tuple[str, ...]], taken: set[int], *, whole: bool) -> int | None:
    """Return the first free column whose whole path, or else whose lowest word, is one of the column's headers."""
    for header in column.headers:
        for place, path in enumerate(paths):
            fits = path == header if whole else path[-1:] == header
            if fits and place not in taken:
                return place
    return None
