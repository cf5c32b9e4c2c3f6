"""A sheet whose rows go straight into its stream: the library's own way, an object for each cell, takes far longer.

Everything around the rows stays the library's. What is written here is what it writes for a streamed sheet, cell for cell.
"""

import re
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

FIRST_DAY = date(1899, 12, 30).toordinal()  # the day before the first, as the format counts a leap day that never was
_ODD = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_x")
_PLAIN = re.compile(r"(?=[\w（(“《【])[^&<>_\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]{1,32767}(?<!\s)")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # what the format has no way to say


is_plain = _PLAIN.fullmatch  # a text of a length a cell may have that stands in a cell as it is: nearly all


def writable(said: str) -> str:
    """Return the text without what the format cannot say."""
    return _UNWRITABLE.sub("", said)


class Body(Worksheet):  # type: ignore[misc]
    """A streamed sheet that takes whole rows of written cells."""

    def open_body(self, at: int) -> None:
        """Write what stands above the row `at`, the first of the body."""
        self._write_single_row(at)

    def put(self, at: int, cells: str, height: float | None = None) -> None:
        """Write a row, counted from 0; `height` in points."""
        tall = f' ht="{height:g}" customHeight="1"' if height else ""
        self.fh.write(f'<row r="{at + 1}"{tall}>{cells}</row>')

    def close_body(self, at: int, last: int) -> None:
        """Go on in the library's way at the row `at`; the body reached to the column `last`."""
        self._check_dimensions(at - 1, last)
        self.previous_row = at


class Cell:
    """The cells of one column in one format."""

    def __init__(self, place: int, form: Any) -> None:
        self.column, self.style = xl_col_to_name(place), form._get_xf_index()

    def blank(self, at: int) -> str:
        """Return a cell with nothing but its format."""
        return f'<c r="{self.column}{at + 1}" s="{self.style}"/>'

    def plain(self, at: int, said: str) -> str:
        """Return a cell with a plain text."""
        return f'<c r="{self.column}{at + 1}" s="{self.style}" t="inlineStr"><is><t>{said}</t></is></c>'

    def text(self, at: int, said: str) -> str:
        """Return a cell with a text that begins with what can be written; what cannot is left out of the rest."""
        if _ODD.search(said):
            said = escape(Worksheet._escape_control_characters(writable(said)))
        space = ' xml:space="preserve"' if said[0].isspace() or said[-1].isspace() else ""
        return f'<c r="{self.column}{at + 1}" s="{self.style}" t="inlineStr"><is><t{space}>{said}</t></is></c>'

    def number(self, at: int, value: int) -> str:
        """Return a cell with a whole number."""
        return f'<c r="{self.column}{at + 1}" s="{self.style}"><v>{value}</v></c>'

    def day(self, at: int, value: date) -> str:
        """Return a cell with a day, as the format counts days."""
        return self.number(at, value.toordinal() - FIRST_DAY)
