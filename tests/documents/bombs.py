"""Small files that would become large: each a name, what makes it, and by what they may be refused."""

import gzip
import zipfile
from pathlib import Path

from tests.documents.hostile import FRAME, HOSTILE, MAIN, inline, package, plain, worksheet
from tests.documents.malformed import ROW, Made
from tests.documents.old_workbook import write_old

LONG_ONES = (
    "a cell at the far end",
    "a cell beyond every sheet",
    "300 MB of nothing",
    "a ratio no office reaches",
    "sizes that lie",
    "entities that multiply",
    "200 sheets",
    "2,000 parts",
    "500 columns",
    "30,000 rows",
    "regions merged over each other",
    "a long text in every cell",
    "XML that nests",
)


def _outer_entity(path: Path) -> None:
    head = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "/etc/passwd">]>'
    package(path, head + worksheet(f'<row r="1">{inline("A1", "&a;")}</row>'))


def _entity_among_texts(path: Path) -> None:
    texts = f'<!DOCTYPE x [<!ENTITY a "{"哈" * 50_000}">]><sst xmlns="{MAIN}"><si><t>{"&a;" * 10_000}</t></si></sst>'
    package(path, worksheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), sharedStrings=texts)


def _far_row(path: Path) -> None:
    package(path, worksheet(f'{ROW}<row r="1048576">{inline("A1048576", "远")}</row>'))


def _far_column(path: Path) -> None:
    package(path, worksheet(f'<row r="1">{inline("A1", "近")}{inline("XFD1", "远")}</row>'))


def _million_regions(path: Path) -> None:
    """Merge a region that is large in each of 200,000 lines: 2 MB packed."""
    row = f'<row r="1">{inline("A1", "一")}</row><row r="2000">{inline("GR2000", "末")}</row>'
    regions = "".join(f'<mergeCell ref="A1:GR{1000 + n % 1000}"/>' for n in range(200_000))
    package(path, worksheet(row, f"<mergeCells>{regions}</mergeCells>"))


def _bomb_in_a_bomb(path: Path) -> None:
    plain(path)
    inner = gzip.compress(bytes(250 * 2**20), 1)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("xl/media/inner.zip", inner)
        zipped.writestr("xl/media/outer.bin", bytes(199 * 2**20))


def _one_wide_line(path: Path) -> None:
    path.write_bytes(b"," * (2 * 2**20))


def _wide_lines(path: Path) -> None:
    path.write_bytes((b"1," * 150 + b"\n") * 8_000)


def _long_texts(path: Path) -> None:
    """Hold a sheet of cells that each have 30,000 characters of their own: 60 MB that pack well."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, text in FRAME.items():
            zipped.writestr(name, text)
        rows = (f'<row r="{n}">{inline(f"A{n}", "a" * 30_000)}</row>' for n in range(1, 2001))
        zipped.writestr("xl/worksheets/sheet1.xml", worksheet("".join(rows)))


def _old_far_cell(path: Path) -> None:
    write_old(path, [[*([None] * 250), "远"]])


BOMBS: Made = {name: HOSTILE[name] for name in LONG_ONES} | {
    "an entity that reads a file": (".xlsx", _outer_entity, {"entity"}),
    "an entity among the texts": (".xlsx", _entity_among_texts, {"entity"}),
    "a row at the far end": (".xlsx", _far_row, {"extent", "memory"}),
    "a column at the far end": (".xlsx", _far_column, {"extent"}),
    "a region in 200,000 lines": (".xlsx", _million_regions, {"extent", "ratio"}),
    "a bomb inside a bomb": (".xlsx", _bomb_in_a_bomb, {"size", "ratio"}),
    "one line of two million commas": (".csv", _one_wide_line, {"extent"}),
    "lines that make 1.2 million cells": (".csv", _wide_lines, {"extent"}),
    "60 MB of text in a small file": (".xlsx", _long_texts, {"ratio", "size"}),
    "an old file with a cell far to the right": (".xls", _old_far_cell, {"extent"}),
}
