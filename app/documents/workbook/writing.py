"""Write a ledger as a workbook by its layout, row by row: what has been written needs no memory any more."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from app.documents.workbook.body import Body, Cell, is_plain, writable
from app.documents.workbook.pictures import shrink
from app.ledgers.exports import LONGEST_CELL
from app.ledgers.intake import OWN_NUMBER, Column, Layout

Written = str | int | date | tuple[Path, ...] | None
MOST_PICTURES = 3  # in one cell
FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True, "border": 1}
LEADS = tuple("=+-@\t\r\n＝＋－＠")  # what a program could take for the beginning of a formula
DAY = 'yyyy"年"m"月"d"日"'
A4, POINT, SIDE = 9, 4 / 3, 0.5  # paper, pixels of a point, inches of margin
CHARACTER = 7  # pixels of one character of a column's width, and 5 beside them
PADDING = 3  # pixels around a picture
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True}
MOST_ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class Face:
    """What stands around the rows, filled in: title, left and right above them, and the sheet's name."""

    title: str
    left: str = ""
    right: str = ""


def write_ledger(path: Path, layout: Layout, face: Face, rows: Iterable[Sequence[Written]]) -> int:
    """Write the rows to the path and return how many there were. Each row: the shown columns, then the case's own number.

    The number stands in a hidden column outside the printed area; by it the row is known again when it comes back.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(dir=path.parent)))
        book = stack.enter_context(xlsxwriter.Workbook(path, {**OPTIONS, "tmpdir": str(folder)}))
        return _Sheet(book, layout, folder).write(face, rows)


class _Sheet:
    def __init__(self, book: Any, layout: Layout, folder: Path) -> None:
        self.sheet = book.add_worksheet((layout.sheet or layout.name)[:31], worksheet_class=Body)
        self.layout, self.folder = layout, folder
        self.columns = layout.shown
        self.last = len(self.columns) - 1
        self.top = 1 + bool(layout.left or layout.right)
        self.first = self.top + layout.depth
        self.text = book.add_format({**FONT, "num_format": "@"})
        self.risky = book.add_format({**FONT, "num_format": "@", "quote_prefix": True})
        self.day = book.add_format({**FONT, "num_format": DAY, "align": "center"})
        self.count = book.add_format({**FONT, "align": "center"})
        self.head = book.add_format({**FONT, "bold": True, "align": "center", "bg_color": "#EDEDED"})
        self.title = book.add_format(
            {"font_name": "方正小标宋简体", "font_size": 18, "align": "center", "valign": "vcenter"}
        )
        self.side = book.add_format({"font_name": "宋体", "font_size": 11, "valign": "vcenter"})
        self.other = book.add_format({"font_name": "宋体", "font_size": 11, "valign": "vcenter", "align": "right"})
        self.pictures = 0
        self.writers = [self._writer(place, column) for place, column in enumerate(self.columns)]
        self.own = self._words(self.last + 1)

    def write(self, face: Face, rows: Iterable[Sequence[Written]]) -> int:
        """Write everything from top to bottom and return the number of rows."""
        self._widths()
        self._above(face)
        self._header()
        at, most = self.first, self.first + MOST_ROWS
        self.sheet.open_body(at)
        for row in rows:
            if at >= most:
                raise ValueError(f"more than {MOST_ROWS} rows")
            self._row(at, row)
            at += 1
        self.sheet.close_body(at, self.last + 1)
        self._below(at)
        self._page(at)
        return at - self.first

    def _widths(self) -> None:
        for place, column in enumerate(self.columns):
            self.sheet.set_column(place, place, column.width)
        self.sheet.set_column(self.last + 1, self.last + 1, 18, None, {"hidden": True})

    def _above(self, face: Face) -> None:
        self.sheet.set_row(0, 36)
        self._merged(0, 0, self.last, face.title, self.title)
        if self.top > 1:
            half = self.last // 2
            self.sheet.set_row(1, 21)
            self._merged(1, 0, half, face.left, self.side)
            self._merged(1, half + 1, self.last, face.right, self.other)

    def _merged(self, row: int, start: int, end: int, words: str, form: Any) -> None:
        if end > start:
            self.sheet.merge_range(row, start, row, end, words, form)
        else:
            self.sheet.write_string(row, start, words, form)

    def _header(self) -> None:
        depth = self.layout.depth
        for level in range(depth):
            self.sheet.set_row(self.top + level, 30 if level == depth - 1 else 21)
            for place, column in enumerate(self.columns):
                words = column.heads[level] if level < len(column.heads) else ""
                same = level < len(column.heads) - 1 and place and self._above_of(place - 1, level) == words
                self.sheet.write_string(self.top + level, place, "" if same else words, self.head)
            self.sheet.write_string(self.top + level, self.last + 1, "" if level else OWN_NUMBER.label, self.head)
        for top, start, bottom, end in self._regions():
            # merge_range writes the region's lower row, after which a streamed sheet takes no more of the upper one
            self.sheet.merge.append([self.top + top, start, self.top + bottom, end])

    def _above_of(self, place: int, level: int) -> str:
        heads = self.columns[place].heads
        return heads[level] if level < len(heads) - 1 else ""

    def _regions(self) -> list[tuple[int, int, int, int]]:
        """Return the merged regions of the header, rows counted from its first: groups across, single words down."""
        depth, found = self.layout.depth, []
        if depth == 1:
            return []
        start = 0
        for place in range(1, len(self.columns) + 1):
            group = self._above_of(start, 0)
            if place <= self.last and group and self._above_of(place, 0) == group:
                continue
            if not group:
                found.append((0, start, depth - 1, start))
            elif place - 1 > start:
                found.append((0, start, 0, place - 1))
            start = place
        return [*found, (0, self.last + 1, depth - 1, self.last + 1)]

    def _row(self, at: int, row: Sequence[Written]) -> None:
        cells = [write(at, value) for write, value in zip(self.writers, row, strict=False)]
        self.sheet.put(at, "".join(cells) + self.own(at, row[-1]), self.layout.row_height)

    def _writer(self, place: int, column: Column) -> Callable[[int, Any], str]:
        if column.kind == "photos":
            return partial(self._photos, place)
        if column.kind == "serial":
            return Cell(place, self.count).number
        return self._day(place) if column.kind == "date" else self._words(place)

    def _words(self, place: int) -> Callable[[int, Any], str]:
        usual, risky = Cell(place, self.text), Cell(place, self.risky)

        def write(at: int, words: Any) -> str:
            if not words:
                return usual.blank(at)
            if is_plain(words):
                return usual.plain(at, words)
            said = words[:LONGEST_CELL]
            if not said[0].isprintable():
                said = writable(said)
            if not said:
                return usual.blank(at)
            return (risky if said.startswith(LEADS) else usual).text(at, said)

        return write

    def _day(self, place: int) -> Callable[[int, Any], str]:
        day, words = Cell(place, self.day).day, self._words(place)
        return lambda at, value: day(at, value) if isinstance(value, date) else words(at, value)

    def _photos(self, place: int, at: int, files: Any) -> str:
        """Put the pictures side by side into the cell, as large as it lets them be."""
        shown = (files or ())[:MOST_PICTURES]
        cell = Cell(place, self.text).blank(at)
        if not shown:
            return cell
        height = (self.layout.row_height or 100) * POINT - 2 * PADDING
        room = (self.columns[place].width * CHARACTER + 5) / len(shown) - 2 * PADDING
        for number, file in enumerate(shown):
            small = self.folder / f"picture-{self.pictures}.jpg"
            size = shrink(file, small)
            if size is None:
                continue
            self.pictures += 1
            scale = min(room / size[0], height / size[1])
            where = {"x_offset": number * (room + 2 * PADDING) + PADDING, "y_offset": PADDING, "object_position": 1}
            self.sheet.insert_image(at, place, str(small), {**where, "x_scale": scale, "y_scale": scale})
        return cell

    def _below(self, at: int) -> None:
        """Write the sign-off row, its words spread over the width."""
        count = len(self.layout.sign_off)
        if not count:
            return
        self.sheet.set_row(at, 30)
        edges = [(self.last + 1) * number // count for number in range(count + 1)]
        for number, words in enumerate(self.layout.sign_off):
            self._merged(at, edges[number], edges[number + 1] - 1, words, self.side)

    def _page(self, end: int) -> None:
        sheet, foot = self.sheet, bool(self.layout.sign_off)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(SIDE, SIDE, SIDE, 0.6)
        sheet.center_horizontally()
        sheet.repeat_rows(self.top, self.first - 1)
        sheet.print_area(0, 0, end - 1 + foot, self.last)
        sheet.freeze_panes(self.first, 0)
        sheet.set_footer("&C第 &P 页，共 &N 页")
