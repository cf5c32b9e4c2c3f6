"""Taking in the ledgers of offices: from the cells of a sheet to rows that can be compared with what is on record."""

from app.ledgers.intake.cells import EVERY_KIND, EVERY_TOWN
from app.ledgers.intake.dates import DateReading, SheetDate, read_date
from app.ledgers.intake.doubles import find_doubles
from app.ledgers.intake.facts import compare, contact_of, facts_of, source_text, title_of
from app.ledgers.intake.guessing import Choice, choices_of, fields_to_choose, header_guess
from app.ledgers.intake.kept import CONTACT, keep_reading, read_kept, readable, words_of
from app.ledgers.intake.layouts import OWN_NUMBER, Column, Layout, find_layout, load_books, load_layouts, make_layout
from app.ledgers.intake.matching import Directory, GroupName, KnownUnit, Match, plain_name
from app.ledgers.intake.models import ImportBatch, ImportRow, ImportTask, OwnLayout
from app.ledgers.intake.own_layouts import (
    Sketch,
    layout_of,
    layouts_of,
    sign_off_of,
    sketch_data,
)
from app.ledgers.intake.readings import Doubt, Problem, RowReading, SheetReading
from app.ledgers.intake.rows import read_cells, read_rows
from app.ledgers.intake.scopes import TAKERS
from app.ledgers.intake.settling import SettledRow, identify, settle

__all__ = [
    "CONTACT",
    "EVERY_KIND",
    "EVERY_TOWN",
    "OWN_NUMBER",
    "TAKERS",
    "Choice",
    "Column",
    "DateReading",
    "Directory",
    "Doubt",
    "GroupName",
    "ImportBatch",
    "ImportRow",
    "ImportTask",
    "KnownUnit",
    "Layout",
    "Match",
    "OwnLayout",
    "Problem",
    "RowReading",
    "SettledRow",
    "SheetDate",
    "SheetReading",
    "Sketch",
    "choices_of",
    "compare",
    "contact_of",
    "facts_of",
    "fields_to_choose",
    "find_doubles",
    "find_layout",
    "header_guess",
    "identify",
    "keep_reading",
    "layout_of",
    "layouts_of",
    "load_books",
    "load_layouts",
    "make_layout",
    "plain_name",
    "read_cells",
    "read_date",
    "read_kept",
    "read_rows",
    "readable",
    "settle",
    "sign_off_of",
    "sketch_data",
    "source_text",
    "title_of",
    "words_of",
]
