"""Workbooks as Excel wrote them until 2003 (.xls): a compound file with one stream of records, made by hand."""

import struct
from collections.abc import Sequence
from datetime import date
from pathlib import Path

SECTOR = 512
END, FAT, FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
SMALLEST = 4096  # a stream that is shorter would lie among the small ones
EPOCH = date(1899, 12, 30)
SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def write_old(path: Path, rows: Sequence[Sequence[object]], merged: Sequence[tuple[int, int, int, int]] = ()) -> Path:
    """Write one sheet called 整改台账; `merged` are regions as first row, last row, first column, last column, from 0."""
    path.write_bytes(compound({"Workbook": book(rows, merged)}))
    return path


def book(rows: Sequence[Sequence[object]], merged: Sequence[tuple[int, int, int, int]] = (), hidden: int = 0) -> bytes:
    """Return the stream of a workbook; `hidden` is 0 for shown, 1 for hidden."""
    formats = b"".join(record(0x00E0, struct.pack("<HHHBBBBIIH", 0, kind, 0, 0, 0, 0, 0, 0, 0, 0)) for kind in (0, 14))
    head = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + record(0x0042, b"\xb0\x04") + formats
    name = "整改台账".encode("utf-16-le")
    length = len(head) + 4 + 8 + len(name) + 4
    named = record(0x0085, struct.pack("<IBBBB", length, hidden, 0, len(name) // 2, 1) + name)
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    sheet += b"".join(cell(y, x, value) for y, row in enumerate(rows) for x, value in enumerate(row))
    if merged:
        regions = b"".join(struct.pack("<HHHH", *region) for region in merged)
        sheet += record(0x00E5, struct.pack("<H", len(merged)) + regions)
    return head + named + record(0x000A, b"") + sheet + record(0x000A, b"")


def cell(row: int, column: int, value: object) -> bytes:
    """Return the record of one cell: a date, a number or a text."""
    if isinstance(value, date):
        return record(0x0203, struct.pack("<HHHd", row, column, 1, (value - EPOCH).days))
    if isinstance(value, int | float):
        return record(0x0203, struct.pack("<HHHd", row, column, 0, value))
    if value is None:
        return b""
    words = str(value).encode("utf-16-le")
    return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(words) // 2, 1) + words)


def record(kind: int, body: bytes) -> bytes:
    """Return one record with its head."""
    return struct.pack("<HH", kind, len(body)) + body


def compound(streams: dict[str, bytes]) -> bytes:
    """Return a compound file that holds the streams."""
    padded = {
        name: content.ljust(max(SMALLEST, -(-len(content) // SECTOR) * SECTOR), b"\0")
        for name, content in streams.items()
    }
    first, table, body = 2, [FAT, END], b""
    folder = [entry("Root Entry", 5, END, 0, 1 if streams else FREE)]
    for content, name in ((content, name) for name, content in padded.items()):
        sectors = len(content) // SECTOR
        table += [*range(first + 1, first + sectors), END]
        folder.append(entry(name, 2, first, len(content), FREE))
        first, body = first + sectors, body + content
    folder += [bytes(128)] * (4 - len(folder))
    if len(table) > SECTOR // 4:
        raise ValueError("more than one sector of the table is not needed here")
    head = SIGNATURE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, SMALLEST, END, 0, END, 0) + struct.pack("<I", 0)
    head = head.ljust(SECTOR, b"\xff")
    listed = struct.pack(f"<{len(table)}I", *table).ljust(SECTOR, b"\xff")
    return head + listed + b"".join(folder) + body


def _padded(content: bytes) -> bytes:
    return content.ljust(max(SMALLEST, -(-len(content) // SECTOR) * SECTOR), b"\0")


def entry(name: str, kind: int, first: int, size: int, child: int) -> bytes:
    """Return one line of the folder of a compound file."""
    words = name.encode("utf-16-le") + b"\0\0"
    made = words.ljust(64, b"\0") + struct.pack("<HBBIII", len(words), kind, 1, FREE, FREE, child)
    return made + bytes(36) + struct.pack("<IQ", first, size)
