"""Workbooks that no program should write: each a name, what makes it from a good one, and what may be said of it.

An empty reason says that the file is read, as far as it can be: what it holds is plain values all the same.
"""

import struct
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.documents.hostile import BOOK, FRAME, LINKS, MAIN, RELATIONS, TYPES, inline, package, plain, worksheet

READ = ""
ROW = f'<row r="1">{inline("A1", "序号")}</row>'
Made = dict[str, tuple[str, Callable[[Path], object], set[str]]]


def _parts(path: Path, sheet: str | bytes = "", **frame: str | bytes | None) -> None:
    """Write a workbook with parts of its frame replaced, or left out where they are None."""
    names = {"types": "[Content_Types].xml", "roots": "_rels/.rels", "book": "xl/workbook.xml"}
    names |= {"relations": "xl/_rels/workbook.xml.rels"}
    parts: dict[str, str | bytes | None] = {**FRAME, **{names[key]: content for key, content in frame.items()}}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in {**parts, "xl/worksheets/sheet1.xml": sheet or worksheet(ROW)}.items():
            if content is not None:
                zipped.writestr(name, content)


def _sheet(rows: str, path: Path, rest: str = "") -> None:
    package(path, worksheet(rows, rest))


def _cells(said: str, path: Path, **parts: str) -> None:
    package(path, worksheet(f'{ROW}<row r="2">{said}</row>'), **parts)


def _merged(said: str, path: Path) -> None:
    cells = f'<row r="2">{inline("A2", "一")}{inline("C2", "三")}</row>'
    package(path, worksheet(ROW + cells, f'<mergeCells><mergeCell ref="{said}"/></mergeCells>'))


def _edited(change: Callable[[bytes], bytes], path: Path) -> None:
    path.write_bytes(change(plain(path).read_bytes()))


def _compressed(way: int, path: Path) -> None:
    with zipfile.ZipFile(path, "w", way) as zipped:
        for name, text in FRAME.items():
            zipped.writestr(name, text)
        zipped.writestr("xl/worksheets/sheet1.xml", worksheet(ROW))


def _with_entry(name: str, path: Path) -> None:
    plain(path)
    with zipfile.ZipFile(path, "a") as zipped:
        zipped.writestr(name, b"x")


def _locked(content: bytes) -> bytes:
    """Say of every entry that it is encrypted."""
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        parts = content.split(mark)
        content = mark.join([parts[0], *(part[: place - 4] + b"\x01\0" + part[place - 2 :] for part in parts[1:])])
    return content


def _wrong_sum(content: bytes) -> bytes:
    place = content.rfind(b"PK\x01\x02")
    return content[: place + 16] + struct.pack("<I", 1) + content[place + 20 :]


def _no_directory(content: bytes) -> bytes:
    return content[: content.find(b"PK\x01\x02")]


def _twice(path: Path) -> None:
    content = plain(path).read_bytes()
    path.write_bytes(content + content)


DAMAGED, KIND, EMPTY = {"damaged"}, {"kind"}, {"empty"}
ANY = {READ, "damaged", "empty"}
HIDDEN = BOOK.replace('sheetId="1"', 'sheetId="1" state="veryHidden"')
NO_SHEETS = f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets/></workbook>'
CHART = RELATIONS.replace("/worksheet", "/chartsheet")

XLSX: Made = {
    "no table of types": (".xlsx", partial(_parts, types=None), KIND),
    "no workbook inside": (".xlsx", partial(_parts, book=None), KIND),
    "no roots": (".xlsx", partial(_parts, roots=None), ANY),
    "no relations": (".xlsx", partial(_parts, relations=None), DAMAGED | EMPTY),
    "a relation to a part that is missing": (
        ".xlsx",
        partial(_parts, relations=RELATIONS.replace("sheet1", "sheet9")),
        DAMAGED | EMPTY,
    ),
    "a relation that leaves the file": (
        ".xlsx",
        partial(_parts, relations=RELATIONS.replace("worksheets/sheet1.xml", "../../../etc/passwd")),
        DAMAGED | EMPTY,
    ),
    "a relation to the net": (
        ".xlsx",
        partial(_parts, relations=RELATIONS.replace("worksheets/sheet1.xml", "http://198.51.100.1/x")),
        DAMAGED | EMPTY,
    ),
    "a sheet of no bytes": (".xlsx", partial(_parts, sheet=b" "), DAMAGED | EMPTY),
    "a sheet of noise": (".xlsx", partial(_parts, sheet=bytes(range(256)) * 8), DAMAGED | EMPTY),
    "a sheet in bytes that are no UTF-8": (
        ".xlsx",
        partial(_parts, sheet=worksheet(ROW).encode().replace("序号".encode(), b"\xff\xfe\xff")),
        ANY,
    ),
    "a sheet in another encoding than it says": (".xlsx", partial(_parts, sheet=worksheet(ROW).encode("utf-16")), ANY),
    "a book without sheets": (".xlsx", partial(_parts, book=NO_SHEETS), EMPTY),
    "nothing but hidden sheets": (".xlsx", partial(_parts, book=HIDDEN), EMPTY),
    "nothing but a chart": (".xlsx", partial(_parts, relations=CHART), DAMAGED | EMPTY),
    "two sheets of one name": (
        ".xlsx",
        partial(_parts, book=BOOK.replace("</sheets>", '<sheet name="表" sheetId="1" r:id="rId1"/></sheets>')),
        ANY,
    ),
    "a sheet without rows": (".xlsx", partial(_sheet, ""), EMPTY),
    "a text that is not among the texts": (
        ".xlsx",
        partial(_cells, '<c r="A2" t="s"><v>9999</v></c>', sharedStrings=f'<sst xmlns="{MAIN}"/>'),
        ANY,
    ),
    "a text where there are none": (".xlsx", partial(_cells, '<c r="A2" t="s"><v>0</v></c>'), ANY),
    "a cell of an unknown kind": (".xlsx", partial(_cells, '<c r="A2" t="zz"><v>1</v></c>'), ANY),
    "a number in letters": (".xlsx", partial(_cells, '<c r="A2"><v>abc</v></c>'), ANY),
    "a number beyond all numbers": (".xlsx", partial(_cells, '<c r="A2"><v>1e999</v></c>'), ANY),
    "no number": (".xlsx", partial(_cells, '<c r="A2"><v>NaN</v></c>'), ANY),
    "a row before the first": (".xlsx", partial(_sheet, f'<row r="-1">{inline("A1", "一")}</row>'), ANY),
    "a row of nought": (".xlsx", partial(_sheet, f'<row r="0">{inline("A0", "一")}</row>'), ANY),
    "the same row three times": (".xlsx", partial(_sheet, ROW * 3), ANY),
    "cells in no order": (".xlsx", partial(_cells, inline("C2", "三") + inline("A2", "一")), ANY),
    "a place that is none": (".xlsx", partial(_cells, inline("1A", "一")), ANY),
    "a region from the end to the beginning": (".xlsx", partial(_merged, "C9:A1"), ANY),
    "a region that is none": (".xlsx", partial(_merged, "??"), ANY),
    "a region beyond the sheet": (".xlsx", partial(_merged, "B2:XFD9"), ANY),
    "a date before time": (
        ".xlsx",
        partial(_cells, '<c r="A2" s="1"><v>-5</v></c><c r="B2" s="1"><v>99999999999</v></c>'),
        ANY,
    ),
    "mistakes of formulas": (".xlsx", partial(_cells, '<c r="A2" t="e"><v>#REF!</v></c>'), ANY),
    "a formula that was never reckoned": (
        ".xlsx",
        partial(_cells, '<c r="A2"><f>HYPERLINK("http://198.51.100.1","看")</f></c>'),
        ANY,
    ),
    "a formula that calls a program": (
        ".xlsx",
        partial(_cells, '<c r="A2" t="str"><f>cmd|\'/c calc\'!A0</f><v>一</v></c>'),
        ANY,
    ),
    "texts with marks of control": (
        ".xlsx",
        partial(_cells, inline("A2", "一_x0000_二_x000D_\u200b\u2028")),
        ANY,
    ),
    "half a character": (".xlsx", partial(_cells, inline("A2", "&#xD800;")), ANY),
    "a name that climbs out": (".xlsx", partial(_with_entry, "../../../../tmp/out.xml"), ANY),
    "a name from the root": (".xlsx", partial(_with_entry, "/etc/passwd"), ANY),
    "rubbish behind the end": (".xlsx", partial(_edited, lambda content: content + bytes(70_000)), ANY),
    "rubbish before the beginning": (".xlsx", partial(_edited, lambda content: b"MZ" + content), KIND),
    "two files in one": (".xlsx", _twice, ANY),
    "locked parts": (".xlsx", partial(_edited, _locked), {"password"}),
    "a wrong checksum": (".xlsx", partial(_edited, _wrong_sum), ANY),
    "no table of contents": (".xlsx", partial(_edited, _no_directory), DAMAGED),
    "an uncommon way to compress": (".xlsx", partial(_compressed, zipfile.ZIP_LZMA), ANY),
    "types that are not closed": (".xlsx", partial(_parts, types=TYPES[:-3], book=BOOK[:-20]), DAMAGED | EMPTY),
}
