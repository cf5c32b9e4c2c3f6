"""Taking in the ledgers of offices: from the cells of a sheet to rows that can be compared with what is on record."""

from app.ledgers.intake.cells import EVERY_TOWN
from app.ledgers.intake.dates import DateReading, read_date
from app.ledgers.intake.layouts import Column, Layout, find_layout, load_layouts
from app.ledgers.intake.matching import Directory, KnownUnit, Match
from app.ledgers.intake.readings import Doubt, Problem, RowReading, SheetReading
from app.ledgers.intake.rows import read_rows
from app.ledgers.intake.settling import SettledRow, identify, settle

__all__ = [
    "EVERY_TOWN",
    "Column",
    "DateReading",
    "Directory",
    "Doubt",
    "KnownUnit",
    "Layout",
    "Match",
    "Problem",
    "RowReading",
    "SettledRow",
    "SheetReading",
    "find_layout",
    "identify",
    "load_layouts",
    "read_date",
    "read_rows",
    "settle",
]
