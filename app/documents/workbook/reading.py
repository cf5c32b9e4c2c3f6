"""Read one sheet of an uploaded workbook in a process of its own, which may use little memory and little time."""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.core.errors import Invalid
from app.core.sheet import Cell, OpenQuote, Sheet

READER = Path(__file__).with_name("reader.py")
KINDS = (".xlsx", ".xls", ".csv")
TOO_LARGE = "文件展开后过大，或在很远的位置有内容，无法读取。请删除表格以外的单元格，另存为新的 xlsx 文件后再上传。"
TOO_SLOW = "文件过于复杂，未能在规定时间内读完。请只保留要导入的工作表，另存为 xlsx 后再上传。"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: bytes, counts, characters of text and seconds."""

    file_bytes: int = 20 * 2**20
    entries: int = 1000
    unpacked_bytes: int = 200 * 2**20
    ratio: int = 100
    ratio_from_bytes: int = 10 * 2**20
    sheets: int = 100
    rows: int = 25_000
    columns: int = 200
    cells: int = 1_000_000
    characters: int = 20_000_000
    memory_bytes: int = 768 * 2**20
    cpu_seconds: int = 20
    wall_seconds: int = 40


LIMITS = Limits()


class UnreadableWorkbook(Invalid):
    """The file cannot be read. `reason` is a short code; the text says what the person can do about it."""

    def __init__(self, reason: str, said: str) -> None:
        self.reason = reason
        super().__init__({"sheet" if reason == "sheet" else "file": said})


def read_sheet(
    path: Path, *, filename: str = "", sheet: str | None = None, preferred: str = "", limits: Limits = LIMITS
) -> Sheet:
    """Read the named sheet, or else the `preferred` one if the file has it, or else the first that is visible.

    `filename` is the name the person gave the file, when the stored one differs. Raises UnreadableWorkbook.
    """
    kind = Path(filename or path.name).suffix.lower()
    if kind not in KINDS:
        raise UnreadableWorkbook("kind", f"不是Excel文件（{kind or '没有扩展名'}）。请上传 xlsx、xls 或 csv 文件。")
    size = path.stat().st_size
    if size > limits.file_bytes:
        said = f"文件过大：{size / 2**20:.1f} MB，最多 {limits.file_bytes / 2**20:.0f} MB。请拆分后再上传。"
        raise UnreadableWorkbook("size", said)
    name = Path(filename or path.name).stem
    request = {"path": str(path.resolve()), "name": name, "kind": kind, "sheet": sheet, "preferred": preferred}
    answer = _ask_reader(request | {"limits": asdict(limits)}, limits)
    if "said" in answer:
        raise UnreadableWorkbook(answer["reason"], answer["said"])
    rows = tuple(tuple(_cell(value) for value in row) for row in answer["rows"])
    quotes = tuple(OpenQuote(*quote) for quote in answer.get("quotes", ()))
    formulas = frozenset((row, column) for row, column in answer.get("formulas", ()) if row <= limits.rows)
    below = max((row for row, _ in formulas), default=0) - len(rows)  # rows of which nothing but formulas is left
    rows += tuple((None,) * len(rows[0]) for _ in range(below))
    return Sheet(answer["name"], rows, tuple(answer["names"]), quotes, formulas, answer.get("pictures", False))


def _ask_reader(request: dict[str, object], limits: Limits) -> dict[str, Any]:
    """Run the reader; a reader that dies without an answer has met its limits."""
    command = [sys.executable, "-I", str(READER)]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program of ours; the file's name travels on standard input
            command, input=json.dumps(request).encode(), capture_output=True, timeout=limits.wall_seconds, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise UnreadableWorkbook("time", TOO_SLOW) from late
    if done.returncode != 0 or not done.stdout:
        slow = done.returncode in (-24, -9)  # SIGXCPU, or SIGKILL at the hard limit
        raise UnreadableWorkbook("time" if slow else "memory", TOO_SLOW if slow else TOO_LARGE)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _cell(value: object) -> Cell:
    if isinstance(value, dict):
        if "day" in value:
            return date.fromisoformat(value["day"])
        return datetime.fromisoformat(value["moment"])
    return value if isinstance(value, str | int | float | bool) else None
