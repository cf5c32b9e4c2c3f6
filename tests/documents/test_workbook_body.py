"""Rows written straight into a sheet: what the library would have written, byte for byte."""

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZipFile

import xlsxwriter
from python_calamine import CalamineWorkbook

from app.documents.workbook.body import Body, Cell

PIECES = (
    "河道",
    "垃圾",
    "<b>",
    "&amp;",
    '"',
    "'",
    "_x0041_",
    "_x",
    "\r",
    "\n",
    "\t",
    " ",
    "　",
    "=1+1",
    "𠮷",
    "a]]>b",
    "\u2028",
)
SEED = 20260518
Row = tuple[str | int | date | None, ...]
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def sheet_of(path: Path) -> bytes:
    with ZipFile(path) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def forms(book: Any) -> list[Any]:
    return [book.add_format({"border": 1}), book.add_format({"num_format": "yyyy"}), book.add_format({"bold": True})]


def by_the_library(path: Path, rows: list[Row]) -> bytes:
    with xlsxwriter.Workbook(path, OPTIONS) as book:
        sheet, form = book.add_worksheet(), forms(book)
        sheet.write_string(0, 0, "头", form[0])
        for at, row in enumerate(rows, 1):
            sheet.set_row(at, 30)
            for place, value in enumerate(row):
                if value is None:
                    sheet.write_blank(at, place, None, form[place])
                elif isinstance(value, date):
                    sheet.write_datetime(at, place, value, form[place])
                elif isinstance(value, int):
                    sheet.write_number(at, place, value, form[place])
                else:
                    sheet.write_string(at, place, value, form[place])
        sheet.write_string(len(rows) + 1, 0, "尾", form[0])
    return sheet_of(path)


def by_rows(path: Path, rows: list[Row]) -> bytes:
    with xlsxwriter.Workbook(path, OPTIONS) as book:
        sheet, form = book.add_worksheet(worksheet_class=Body), forms(book)
        sheet.write_string(0, 0, "头", form[0])
        cells = [Cell(place, one) for place, one in enumerate(form)]
        sheet.open_body(1)
        for at, row in enumerate(rows, 1):
            sheet.put(at, "".join(said(cell, at, value) for cell, value in zip(cells, row, strict=True)), 30)
        sheet.close_body(len(rows) + 1, 2)
        sheet.write_string(len(rows) + 1, 0, "尾", form[0])
    return sheet_of(path)


def said(cell: Cell, at: int, value: str | int | date | None) -> str:
    if value is None:
        return cell.blank(at)
    if isinstance(value, date):
        return cell.day(at, value)
    return cell.number(at, value) if isinstance(value, int) else cell.text(at, value)


def test_rows_are_what_the_library_writes(tmp_path: Path) -> None:
    print(f"seed {SEED}")
    random = Random(SEED)
    first = date(1900, 3, 1)
    for _ in range(40):
        rows: list[Row] = [
            (
                random.choice([None, "".join(random.choices(PIECES, k=random.randint(1, 6)))]),
                random.choice([None, first + timedelta(random.randrange(60_000))]),
                random.choice([None, random.randrange(10**6), "字"]),
            )
            for _ in range(8)
        ]
        assert by_rows(tmp_path / "a.xlsx", rows) == by_the_library(tmp_path / "b.xlsx", rows)


def test_a_text_that_looks_like_the_sheet_s_own_marks_stays_a_text(tmp_path: Path) -> None:
    by_rows(tmp_path / "a.xlsx", [("<r><t>甲</t></r>", None, None), ("a\x01b\ufffe", None, None)])
    found = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx")).get_sheet_by_index(0).to_python()
    assert [row[0] for row in found] == ["头", "<r><t>甲</t></r>", "ab", "尾"]
