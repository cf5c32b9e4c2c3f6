"""Handing ledgers out: what each case says in the columns of a layout, and the exports that were asked for."""

from app.ledgers.exports import scopes as _scopes  # noqa: F401
from app.ledgers.exports.cells import LONGEST_CELL, UNNUMBERED, Value, own_number, row_reader, unnumbered, value_of
from app.ledgers.exports.kept import keep_filters, read_filters
from app.ledgers.exports.models import Export
from app.ledgers.exports.records import BATCH, Photo, Record, Records

__all__ = [
    "BATCH",
    "LONGEST_CELL",
    "UNNUMBERED",
    "Export",
    "Photo",
    "Record",
    "Records",
    "Value",
    "keep_filters",
    "own_number",
    "read_filters",
    "row_reader",
    "unnumbered",
    "value_of",
]
