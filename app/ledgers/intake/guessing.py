"""Guess where the header of an unknown workbook stands and what its columns hold, by the words of all layouts. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import cache

from app.core.sheet import Cell
from app.ledgers.intake.cells import fold, read_status, read_text
from app.ledgers.intake.headers import SEARCHED_ROWS, Rows, fit, header_paths, header_words, path_of
from app.ledgers.intake.layouts import OWN_NUMBER, Column, Layout, load_layouts

USUAL = "rectification"
NEVER = ("number", "contact", "against", "votes")
MOST_COLUMNS = 40
LONGEST_HEAD = 30  # characters of a header's words
SAMPLES = 20  # rows under a header that are looked at
LEAST_LIKENESS = 0.7
ROOTS = (
    ("时限", "due_on"),
    ("期限", "due_on"),
    ("牵头", "lead"),
    ("配合", "assisting"),
    ("进展", "progress"),
    ("成效", "progress"),
    ("备注", "remark"),
)
ENDS_IN_PROGRESS = re.compile(r"\(.*进展\)$")
LEAST_TEXT = 8  # characters on average from which an unknown column may be the text of the problem


@dataclass(frozen=True, slots=True)
class Choice:
    """One column of a workbook: the office's words from the upper to the lower header row, and the field it fills, or none."""

    words: tuple[str, ...]
    field: str = ""


@cache
def fields_to_choose() -> dict[str, Column]:
    """Return the fields a column may fill, each with the column that is usual for it."""
    found: dict[str, Column] = {}
    for layout in _layouts():
        for column in layout.columns:
            if column.field not in NEVER:
                found.setdefault(column.field, column)
    return found


def header_guess(rows: Rows) -> tuple[int, int]:
    """Return where the header probably stands: the index of its first row, and how many rows it has."""
    places = [(top, depth) for top in range(min(SEARCHED_ROWS, len(rows))) for depth in (1, 2)]
    likely = [(top, depth) for top, depth in places if _may_be_header(rows[top : top + depth], depth)]
    return max(likely, key=lambda place: (_known(rows, *place), place[1]), default=(0, 1))


def choices_of(rows: Rows, top: int, depth: int) -> tuple[Choice, ...]:
    """Return the columns under header rows (index of the first, how many), each with the field it probably fills, once."""
    words = header_words(rows[top : top + depth])[:MOST_COLUMNS]
    while words and words[-1] in ((), *OWN_NUMBER.headers):  # what we add to a workbook is no column of the office
        words.pop()
    paths = [path_of(said) for said in words]
    fields, body = _fields(paths), rows[top + depth : top + depth + SAMPLES]
    if "progress" not in fields.values():
        fields |= {place: "progress" for place in _called_progress(words)[:1]}
    taken = set(fields.values())
    for place, path in enumerate(paths):
        if path and place not in fields and (field := _likely(path, taken) or _told(body, place, taken)):
            fields[place] = field
            taken.add(field)
    if "text" not in taken and (longest := _wordiest(body, paths, fields)) is not None:
        fields[longest] = "text"
    return tuple(
        Choice(said, field if (field := fields.get(place, "")) not in NEVER else "") for place, said in enumerate(words)
    )


def _called_progress(words: list[tuple[str, ...]]) -> list[int]:
    """Return the columns whose words say in brackets at their end that they hold the progress: 整改成效（进展）."""
    return [place for place, said in enumerate(words) if said and ENDS_IN_PROGRESS.search(fold(said[-1]))]


def _layouts() -> list[Layout]:
    return sorted(load_layouts(), key=lambda layout: layout.code != USUAL)


def _fields(paths: list[tuple[str, ...]]) -> dict[int, str]:
    """Return the field of each column by the layout that knows most of them, and what it does not know by the others."""
    fits = [fit(layout, paths) for layout in _layouts()]
    fields: dict[int, str] = {}
    for places, _ in sorted(fits, key=lambda one: (len(one[0]), one[1]), reverse=True):
        for field, place in places.items():
            if place not in fields and field not in fields.values():
                fields[place] = field
    return fields


def _known(rows: Rows, top: int, depth: int) -> int:
    return len(_fields(header_paths(rows[top : top + depth])[:MOST_COLUMNS]))


def _may_be_header(rows: Rows, depth: int) -> bool:
    """Say whether rows hold nothing but short words; of two, the upper one must stand over the lower one's groups."""
    if len(rows) < depth or not all(_is_words(row) for row in rows):
        return False
    words = [[fold(read_text(cell)) for cell in row] for row in rows]
    if len(set(filter(None, words[0]))) < 2:  # noqa: PLR2004 - one word over the whole sheet is its title
        return False
    if depth == 1:
        return True
    pairs = list(zip(*words, strict=True))
    is_whole = any(upper and lower in ("", upper) for upper, lower in pairs)
    return is_whole and any(lower and lower != upper for upper, lower in pairs)


def _is_words(row: Sequence[Cell]) -> bool:
    if any(isinstance(cell, int | float | date) for cell in row):
        return False
    words = [fold(read_text(cell)) for cell in row if cell]
    return bool(words) and not any(len(word) > LONGEST_HEAD or ":" in word or word.isdecimal() for word in words)


def _likely(path: tuple[str, ...], taken: set[str]) -> str:
    """Return the field whose words stand in those of the header, or are nearest to them; nothing where none is near."""
    said = path[-1]
    free = [(word, field) for word, field in _words_known() if field not in taken]
    held = [(len(word), field) for word, field in free if len(word) > 1 and word in said]
    if held:
        return max(held, key=lambda one: one[0])[1]
    near = [(SequenceMatcher(None, said, word).ratio(), field) for word, field in free]
    best, field = max(near, key=lambda one: one[0], default=(0.0, ""))
    if best >= LEAST_LIKENESS:
        return field
    return next((field for root, field in ROOTS if root in said and field not in taken), "")


def _told(body: Rows, place: int, taken: set[str]) -> str:
    """Return the field that the cells under a header tell: states are plain to see."""
    said = [row[place] for row in body if place < len(row) and row[place]]
    is_status = bool(said) and "status" not in taken and all(read_status(cell) for cell in said)
    return "status" if is_status else ""


@cache
def _words_known() -> tuple[tuple[str, str], ...]:
    """Return each word that heads a column in some layout with the field it fills there, the usual layout first."""

    def words() -> Iterator[tuple[str, str]]:
        for layout in _layouts():
            for column in layout.columns:
                for path in (*column.headers, (fold(column.label),)):
                    yield path[-1], column.field

    found: dict[str, str] = {}
    for word, field in words():
        found.setdefault(word, field)
    return tuple(found.items())


def _wordiest(body: Rows, paths: list[tuple[str, ...]], fields: dict[int, str]) -> int | None:
    """Return the column nobody knows with the longest texts in it."""

    def length(place: int) -> float:
        said = [len(read_text(row[place])) for row in body if place < len(row) and row[place]]
        return sum(said) / len(said) if said else 0

    free = [place for place, path in enumerate(paths) if path and place not in fields]
    best = max(free, key=length, default=None)
    return best if best is not None and length(best) >= LEAST_TEXT else None
