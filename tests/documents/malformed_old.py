"""Old workbooks and tables of text that are broken: made from good ones, with what may be said of each."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.documents.malformed import ANY, DAMAGED, EMPTY, KIND, Made
from tests.documents.old_workbook import SECTOR, book, compound, write_old

ROWS: list[list[object]] = [["序号", "问题"], [1, "路灯不亮"]]


def _text(content: str | bytes, path: Path) -> None:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def _changed(change: Callable[[bytes], bytes], path: Path) -> None:
    path.write_bytes(change(write_old(path, ROWS).read_bytes()))


def _stream(name: str, content: bytes, path: Path) -> None:
    path.write_bytes(compound({name: content}))


def _in_a_ring(content: bytes) -> bytes:
    """Let the last sector of the stream be followed by its first."""
    place = SECTOR + 9 * 4  # the stream has eight sectors, numbered 2 to 9
    return content[:place] + (2).to_bytes(4, "little") + content[place + 4 :]


def _beyond(content: bytes) -> bytes:
    place = SECTOR + 2 * 4
    return content[:place] + (0x00FFFFFF).to_bytes(4, "little") + content[place + 4 :]


def _long_record(content: bytes) -> bytes:
    """Say of the first record of the sheet that it is longer than the file."""
    place = content.rfind(b"\x09\x08\x10\x00")
    return content[: place + 2] + b"\xff\xff" + content[place + 4 :]


def _far_sheet(content: bytes) -> bytes:
    """Say that the sheet begins behind the end of the file."""
    place = content.find(b"\x85\x00") + 4
    return content[:place] + b"\xff\xff\xff\x7f" + content[place + 4 :]


OLD: Made = {
    "an old file cut off": (".xls", partial(_changed, lambda content: content[:2000]), DAMAGED | EMPTY),
    "an old file whose sectors go in a ring": (".xls", partial(_changed, _in_a_ring), {*ANY, "memory", "time"}),
    "an old file whose sectors lie beyond": (".xls", partial(_changed, _beyond), DAMAGED | EMPTY),
    "an old file with a record that never ends": (".xls", partial(_changed, _long_record), ANY),
    "an old file whose sheet lies beyond": (".xls", partial(_changed, _far_sheet), DAMAGED | EMPTY),
    "an old file without a book": (".xls", partial(_stream, "WordDocument", bytes(9000)), DAMAGED | EMPTY),
    "an old file with an empty book": (".xls", partial(_stream, "Workbook", b""), DAMAGED | EMPTY),
    "an old file with hidden sheets": (".xls", partial(_stream, "Workbook", book(ROWS, hidden=1)), EMPTY),
    "an old file called new": (".xlsx", partial(_changed, bytes), KIND),
}
TEXT: Made = {
    "a table of nothing but commas": (".csv", partial(_text, ",,,\n,,,\n"), ANY),
    "a table of one mark": (".csv", partial(_text, "\ufeff"), {"", "empty"}),
    "a table whose rows differ in width": (".csv", partial(_text, "a,b\n1\n1,2,3,4\n\n"), ANY),
    "a table with every end of line": (".csv", partial(_text, "a,b\r1,2\n3,4\r\n"), ANY),
    "a table with marks of nought": (".csv", partial(_text, "a,b\n\0,\0\n"), KIND),
    "a table in no encoding": (".csv", partial(_text, b"a,b\n\x80\x81\xff\xff\xfe,1\n"), KIND),
    "a table in half an encoding": (".csv", partial(_text, b"\xff\xfea\0,\0b\0\n"), KIND),
    "a table with a quote inside": (".csv", partial(_text, 'a,b\n1,x"y"z\n"2,3\n'), ANY),
    "a table in GB18030 cut in a character": (".csv", partial(_text, "序号,问题\n1,路灯".encode("gb18030")[:-1]), KIND),
}
