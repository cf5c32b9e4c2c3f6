"""The program that opens a stranger's workbook: request and answer are JSON on standard input and output.

It is run by its path with `python -I` and imports nothing of the application, so it starts fast and can reach nothing.
"""

import csv
import io
import json
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from runpy import run_path
from typing import Any

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
IS_ENCRYPTED = 0x1
HEAD_BYTES = 4096
FORMULAS = str(Path(__file__).with_name("formulas.py"))
MOST_OPEN = 100  # quotes that never close, from which a file is refused
FEW_COLUMNS = 3
SAVE_AS = "请在 Excel 或 WPS 中打开，另存为 xlsx 后再上传。"
PROTECTED = "文件有密码，无法读取。请取消打开密码后再上传。"
DAMAGED = "文件已损坏或不完整，无法读取。" + SAVE_AS


class UnreadableError(Exception):
    """The file is refused: a short code and a sentence for the person."""

    def __init__(self, reason: str, said: str) -> None:
        self.reason, self.said = reason, said
        super().__init__(said)


def main() -> None:
    """Answer one request."""
    request = json.load(sys.stdin)
    limits = request["limits"]
    _confine(limits)
    try:
        answer = _read(request, limits)
    except UnreadableError as refused:
        answer = {"reason": refused.reason, "said": refused.said}
    except MemoryError:
        sys.exit(3)
    except BaseException:  # a panic of the parser is no Exception
        answer = {"reason": "damaged", "said": DAMAGED}
    sys.stdout.write(json.dumps(answer))


def _confine(limits: dict[str, int]) -> None:
    seconds = limits["cpu_seconds"]
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory_bytes"], limits["memory_bytes"]))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _read(request: dict[str, Any], limits: dict[str, int]) -> dict[str, object]:
    path, kind = Path(request["path"]), request["kind"]
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.strip():
        raise UnreadableError("empty", "文件是空的，没有可以导入的内容。")
    if kind == ".csv":
        return _read_csv(path, head, request["name"], limits)
    _check_kind(path, head, kind)
    has_pictures = kind == ".xlsx" and _check_package(path, limits)
    return _read_workbook(path, request, limits) | {"pictures": has_pictures}


def _check_kind(path: Path, head: bytes, kind: str) -> None:
    if head.startswith(OLE) and ENCRYPTED in path.read_bytes():
        raise UnreadableError("password", PROTECTED)
    if head.startswith(ZIP if kind == ".xlsx" else OLE):
        return
    if head.startswith((ZIP, OLE)):
        right = "xlsx" if head.startswith(ZIP) else "xls"
        raise UnreadableError("kind", f"文件内容与扩展名 {kind} 不符，更像 {right} 文件。{SAVE_AS}")
    if b"<html" in head.lower() or b"<table" in head.lower():
        raise UnreadableError("kind", f"不是Excel文件：内容是网页，只是改了扩展名。{SAVE_AS}")
    raise UnreadableError("kind", f"不是Excel文件：内容与扩展名 {kind} 不符。{SAVE_AS}")


def _check_package(path: Path, limits: dict[str, int]) -> bool:
    """Look at the table of contents before anything is unpacked; say whether there are pictures in it."""
    try:
        package = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as broken:
        raise UnreadableError("damaged", DAMAGED) from broken
    with package:
        entries = package.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        ratio = unpacked / max(1, path.stat().st_size)
        if len(entries) > limits["entries"]:
            raise UnreadableError(
                "entries", f"文件内部有 {len(entries)} 个部件，最多 {limits['entries']} 个。{SAVE_AS}"
            )
        if unpacked > limits["unpacked_bytes"]:
            most = limits["unpacked_bytes"] / 2**20
            raise UnreadableError("size", f"文件过大：展开后 {unpacked / 2**20:.0f} MB，最多 {most:.0f} MB。{SAVE_AS}")
        if ratio > limits["ratio"] and unpacked > limits["ratio_from_bytes"]:
            raise UnreadableError("ratio", f"压缩比异常（{ratio:.0f} 倍），文件可能有害，没有读取。{SAVE_AS}")
        if any(entry.flag_bits & IS_ENCRYPTED for entry in entries):
            raise UnreadableError("password", PROTECTED)
        names = {entry.filename for entry in entries}
        if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
            raise UnreadableError("kind", f"不是Excel文件：是压缩包，但里面没有工作簿。{SAVE_AS}")
        _check_declarations(package, entries)
        return any(name.startswith("xl/media/") for name in names)


def _check_declarations(package: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo]) -> None:
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels")):
            try:
                with package.open(entry) as part:
                    head = part.read(HEAD_BYTES).upper()
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as broken:
                raise UnreadableError("damaged", DAMAGED) from broken
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise UnreadableError("entity", f"文件含有实体声明，可能有害，没有读取。{SAVE_AS}")


def _read_workbook(path: Path, request: dict[str, Any], limits: dict[str, int]) -> dict[str, object]:
    import python_calamine as calamine  # noqa: PLC0415 - loaded under the limits, and not at all for a refused file

    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        shown = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == calamine.SheetTypeEnum.WorkSheet and sheet.visible == calamine.SheetVisibleEnum.Visible
        ]
        name = _choose(shown, request, limits)
        found = book.get_sheet_by_name(name)
        _check_extent(found.end, limits)
        rows = found.to_python(skip_empty_area=False)
        merged = found.merged_cell_ranges or []
    except calamine.PasswordError as locked:
        raise UnreadableError("password", PROTECTED) from locked
    except calamine.CalamineError as broken:
        raise UnreadableError("damaged", DAMAGED) from broken
    is_new = request["kind"] == ".xlsx"  # the older kind always holds the results of its formulas
    unsaved = run_path(FORMULAS)["find_unsaved"](path, book.sheet_names.index(name)) if is_new else []
    if not rows:
        raise UnreadableError("empty", f"工作表“{name}”是空的，没有可以导入的内容。")
    plain = _plain(rows, limits)
    _fill(plain, merged, limits)
    return {"name": name, "names": shown, "rows": plain, "formulas": unsaved}


def _choose(names: list[str], request: dict[str, Any], limits: dict[str, int]) -> str:
    if not names:
        raise UnreadableError("empty", "文件里没有可见的工作表。")
    if len(names) > limits["sheets"]:
        raise UnreadableError("sheets", f"工作表太多：{len(names)} 个，最多 {limits['sheets']} 个。请只保留要导入的。")
    wanted = request["sheet"]
    if wanted is not None and wanted not in names:
        raise UnreadableError("sheet", f"工作表“{wanted}”不存在，可选：{'、'.join(names[:20])}。")
    if wanted is not None:
        return str(wanted)
    return request["preferred"] if request["preferred"] in names else names[0]


def _check_extent(end: tuple[int, int] | None, limits: dict[str, int]) -> None:
    rows, columns = (end[0] + 1, end[1] + 1) if end else (0, 0)
    if rows > limits["rows"] or columns > limits["columns"] or rows * columns > limits["cells"]:
        most = f"最多 {limits['rows']} 行、{limits['columns']} 列、{limits['cells']} 个单元格"
        raise UnreadableError(
            "extent", f"表格过大：{rows} 行、{columns} 列，{most}。请删除表格以外的内容或拆分后再上传。"
        )


def _plain(rows: Iterable[Iterable[object]], limits: dict[str, int]) -> list[list[object]]:
    """Turn cells into JSON values, counting the characters."""
    left, plain = limits["characters"], []
    for row in rows:
        values = [_value(cell) for cell in row]
        left -= sum(len(value) for value in values if isinstance(value, str))
        if left < 0:
            raise UnreadableError("size", f"文件过大：文字超过 {limits['characters']} 个字。请拆分后再上传。")
        plain.append(values)
    return plain


def _value(cell: object) -> object:
    if isinstance(cell, datetime):
        return {"moment": cell.isoformat()}
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 2**53 else cell if abs(cell) < float("inf") else None
    if isinstance(cell, bool | int):
        return cell
    return str(cell) if cell not in ("", None) else None


def _fill(
    rows: list[list[object]],
    merged: Iterable[tuple[tuple[int, int], tuple[int, int]]],
    limits: dict[str, int],
) -> None:
    """Give every cell of a merged region the region's value, within the sheet's own extent."""
    left = limits["cells"]
    height, width = len(rows), len(rows[0]) if rows else 0
    for (top, start), (bottom, end) in merged:
        if top >= height or start >= width:
            continue
        area_rows = rows[top : bottom + 1]
        columns = range(start, min(end + 1, width))
        left -= len(area_rows) * len(columns)
        if left < 0:
            raise UnreadableError("extent", "合并单元格过多，无法读取。请取消不必要的合并后再上传。")
        value = rows[top][start]
        for row in area_rows:
            for column in columns:
                row[column] = value


def _read_csv(path: Path, head: bytes, name: str, limits: dict[str, int]) -> dict[str, object]:
    if head.startswith((ZIP, OLE)):
        raise UnreadableError("kind", f"文件内容与扩展名 .csv 不符，更像 Excel 文件。{SAVE_AS}")
    lines = list(io.StringIO(_decode(path.read_bytes()), newline=""))
    delimiter = max(",\t;", key=lines[0].count) if lines else ","
    rows: list[list[object]] = []
    quotes: list[tuple[int, int, int]] = []
    width = 0
    try:
        for row, column, line in _records(lines, delimiter):
            width = max(width, len(row))
            _check_extent((len(rows), width - 1), limits)
            rows.append([value if value.strip() else None for value in row])
            if column is not None:
                quotes.append((len(rows), column, line))
    except csv.Error as broken:
        raise UnreadableError("damaged", DAMAGED) from broken
    plain = [row + [None] * (width - len(row)) for row in rows]
    return {"name": name, "names": [name], "rows": plain, "quotes": quotes}


def _records(lines: list[str], delimiter: str) -> Iterator[tuple[list[str], int | None, int]]:
    """Yield each row; one in which a quote opens and never closes ends with its line, and tells column and line."""
    at = begun = opened = most = 0
    while at < len(lines):
        reader = csv.reader(map(lines.__getitem__, range(at, len(lines))), delimiter=delimiter, strict=True)
        try:
            for row in reader:
                if any(_holds_rows(cell, delimiter, most) for cell in row):
                    raise csv.Error("rows in a cell")
                begun, most = at + reader.line_num, max(most, len(row))
                yield row, None, begun
            return
        except csv.Error:
            row, column = _read_line(lines[begun], delimiter)
            opened += column is not None
            if opened > MOST_OPEN:
                said = f'文件里有 {MOST_OPEN} 多处英文引号（"）没有闭合，最后一处在第 {begun + 1} 行。'
                raise UnreadableError("quotes", said + SAVE_AS) from None
            yield row, column, begun + 1
            at = begun = begun + 1


def _holds_rows(cell: str, delimiter: str, columns: int) -> bool:
    """Say whether whole rows stand in a cell: two quotes that have nothing to do with each other."""
    return columns > FEW_COLUMNS and any(line.count(delimiter) >= columns - 1 for line in cell.split("\n")[1:])


def _read_line(line: str, delimiter: str) -> tuple[list[str], int | None]:
    """Read one line by itself; the column is that of a quote which is still open at its end and stays in the cell."""
    reader = csv.reader([line, "\n"], delimiter=delimiter)
    *whole, last = next(reader)
    if reader.line_num == 1:
        return [*whole, last], None
    return [*whole, *('"' + last.rstrip("\r\n")).split(delimiter)], len(whole)


def _decode(content: bytes) -> str:
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableError("kind", "不是文本表格：CSV 文件应为 UTF-8 或 GB18030 编码。" + SAVE_AS)


if __name__ == "__main__":
    main()
