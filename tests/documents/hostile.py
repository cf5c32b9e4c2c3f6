"""Files that mean harm or are broken, each made from scratch in a folder of the test."""

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import xlsxwriter
from openpyxl import Workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
ROOTS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
)
FRAME = {
    "[Content_Types].xml": TYPES,
    "_rels/.rels": ROOTS,
    "xl/workbook.xml": BOOK,
    "xl/_rels/workbook.xml.rels": RELATIONS,
}


def package(path: Path, sheet: str, **parts: str) -> Path:
    """Write a workbook by hand: the XML of its only sheet, and of further parts by name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, text in FRAME.items():
            zipped.writestr(name, text)
        zipped.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, text in parts.items():
            zipped.writestr(f"xl/{name}.xml", text)
    return path


def worksheet(rows: str, rest: str = "") -> str:
    """Return the XML of a sheet around the XML of its rows."""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{rest}</worksheet>'


def inline(cell: str, text: str) -> str:
    """Return the XML of a cell that holds a text."""
    return f'<c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c>'


def plain(path: Path) -> Path:
    """Write a harmless workbook of two rows."""
    rows = f'<row r="1">{inline("A1", "序号")}</row><row r="2"><c r="A2"><v>1</v></c></row>'
    return package(path, worksheet(rows))


def _far_cell(path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "近", "远"
    book.save(path)


def _impossible_reference(path: Path) -> None:
    package(path, worksheet(f'<row r="99999999999">{inline("ZZZZZZZZ99999999999", "远")}</row>'))


def _zip_bomb(path: Path) -> None:
    plain(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as zipped, zipped.open("xl/media/image1.bin", "w") as part:
        for _ in range(300):
            part.write(bytes(2**20))


def _high_ratio(path: Path) -> None:
    plain(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("xl/media/image1.bin", bytes(30 * 2**20))


def _lying_sizes(path: Path) -> None:
    """Pack a sheet of 1 GB and say in both directories that it is small."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped:
        for name, text in FRAME.items():
            zipped.writestr(name, text)
        with zipped.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'.encode())
            for _ in range(1024):
                part.write(b"a" * 2**20)
    content = bytearray(path.read_bytes())
    place = content.rfind(b"PK\x01\x02")  # the last entry of the central directory is the sheet
    content[place + 24 : place + 28] = struct.pack("<I", 1000)
    path.write_bytes(content)


def _truncated(path: Path) -> None:
    plain(path)
    path.write_bytes(path.read_bytes()[:-200])


def _cut_inside(path: Path) -> None:
    plain(path)
    content = bytearray(path.read_bytes())
    place = content.find(b"xl/worksheets/sheet1.xml") + 40
    content[place : place + 60] = b"\xff" * 60
    path.write_bytes(content)


def _web_page(path: Path) -> None:
    path.write_text("<html><body><table><tr><td>序号</td></tr></table></body></html>", encoding="utf-8")


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _ole_garbage(path: Path) -> None:
    path.write_bytes(OLE + bytes(range(256)) * 64)


def _encrypted(path: Path) -> None:
    path.write_bytes(OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(2048))


def _entities(path: Path) -> None:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "哈">{levels}]>'
    package(path, head + worksheet(f'<row r="1">{inline("A1", "&a9;")}</row>'))


def _many_sheets(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        for number in range(200):
            book.add_worksheet(f"表{number}").write(0, 0, number)


def _many_entries(path: Path) -> None:
    plain(path)
    with zipfile.ZipFile(path, "a") as zipped:
        for number in range(2000):
            zipped.writestr(f"xl/media/{number}.bin", b"")


def _other_package(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("[Content_Types].xml", TYPES)
        zipped.writestr("word/document.xml", "<document/>")


def _too_wide(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, range(500))


def _too_long(path: Path) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(30_000):
            sheet.write_number(row, 0, row)


def _merged_everywhere(path: Path) -> None:
    rows = "".join(f'<row r="{n}">{inline(f"A{n}", "一")}{inline(f"GR{n}", "末")}</row>' for n in range(1, 2001))
    merged = "<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 500 + "</mergeCells>"
    package(path, worksheet(rows, merged))


def _repeated_text(path: Path) -> None:
    """Name one text of 30,000 characters in 100,000 cells: 3 GB once each cell has its own."""
    columns = [chr(65 + n) for n in range(10)]
    rows = "".join(
        f'<row r="{n}">' + "".join(f'<c r="{c}{n}" t="s"><v>0</v></c>' for c in columns) + "</row>"
        for n in range(1, 10_001)
    )
    package(path, worksheet(rows), sharedStrings=f'<sst xmlns="{MAIN}"><si><t>{"长" * 30_000}</t></si></sst>')


def _ill_formed(path: Path) -> None:
    package(path, f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"></sheetData></worksheet')


def _nested(path: Path) -> None:
    package(path, worksheet("<row>" * 200_000))


def _binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 20)


def _workbook_as_text(path: Path) -> None:
    plain(path)


def _unclosed_quote(path: Path) -> None:
    path.write_text('序号,问题\n1,"' + "字" * 200_000, encoding="utf-8")


HOSTILE: dict[str, tuple[str, Callable[[Path], object], set[str]]] = {
    "a cell at the far end": (".xlsx", _far_cell, {"memory", "extent", "damaged"}),
    "a cell beyond every sheet": (".xlsx", _impossible_reference, {"damaged", "extent", "memory"}),
    "300 MB of nothing": (".xlsx", _zip_bomb, {"size"}),
    "a ratio no office reaches": (".xlsx", _high_ratio, {"ratio"}),
    "sizes that lie": (".xlsx", _lying_sizes, {"memory", "damaged", "time"}),
    "the end cut off": (".xlsx", _truncated, {"damaged"}),
    "rot in the middle": (".xlsx", _cut_inside, {"damaged"}),
    "a web page called xlsx": (".xlsx", _web_page, {"kind"}),
    "a web page called xls": (".xls", _web_page, {"kind"}),
    "nothing": (".xlsx", _empty, {"empty"}),
    "nothing as text": (".csv", _empty, {"empty"}),
    "garbage in an old file": (".xls", _ole_garbage, {"damaged"}),
    "a password": (".xlsx", _encrypted, {"password"}),
    "a password on an old file": (".xls", _encrypted, {"password"}),
    "entities that multiply": (".xlsx", _entities, {"entity"}),
    "200 sheets": (".xlsx", _many_sheets, {"sheets"}),
    "2,000 parts": (".xlsx", _many_entries, {"entries"}),
    "a document that is no workbook": (".xlsx", _other_package, {"kind"}),
    "a new file called old": (".xls", plain, {"kind"}),
    "500 columns": (".xlsx", _too_wide, {"extent"}),
    "30,000 rows": (".xlsx", _too_long, {"extent"}),
    "regions merged over each other": (".xlsx", _merged_everywhere, {"extent"}),
    "a long text in every cell": (".xlsx", _repeated_text, {"size", "memory"}),
    "XML that does not close": (".xlsx", _ill_formed, {"damaged"}),
    "XML that nests": (".xlsx", _nested, {"damaged", "empty"}),
    "bytes called text": (".csv", _binary, {"kind"}),
    "a workbook called text": (".csv", _workbook_as_text, {"kind"}),
    "a quote that never closes": (".csv", _unclosed_quote, {"damaged"}),
    "a program": (".exe", _binary, {"kind"}),
    "macros": (".xlsm", plain, {"kind"}),
}
