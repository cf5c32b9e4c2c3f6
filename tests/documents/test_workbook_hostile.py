"""Broken files and files that mean harm end with a clear sentence or as plain values, in little memory and time."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import Invalid
from app.documents.workbook import LIMITS, Limits, UnreadableWorkbook, read_sheet
from app.ledgers.intake import find_layout, read_rows
from tests.documents.bombs import BOMBS
from tests.documents.hostile import HOSTILE, plain
from tests.documents.malformed import READ, XLSX, Made
from tests.documents.malformed_old import OLD, TEXT

MALFORMED: Made = {name: made for name, made in HOSTILE.items() if name not in BOMBS} | XLSX | OLD | TEXT
OVERHEAD = 64 * 2**20
ROOT = Path(__file__).parents[2]
# in a process of its own: what a reader needs is measured from the size of who starts it
PROBE = """
import json, resource, sys
from pathlib import Path
from app.documents.workbook import UnreadableWorkbook, read_sheet

def used(whose):
    return resource.getrusage(whose).ru_maxrss * 1024

for line in sys.stdin:
    before, found = used(resource.RUSAGE_SELF), {"reason": "", "said": ""}
    try:
        read_sheet(Path(line.strip()))
    except UnreadableWorkbook as refused:
        found = {"reason": refused.reason, "said": str(refused)}
    found |= {"asker": used(resource.RUSAGE_SELF) - before, "reader": used(resource.RUSAGE_CHILDREN)}
    print(json.dumps(found), flush=True)
"""


@pytest.fixture(scope="module")
def asker() -> Iterator[subprocess.Popen[str]]:
    """A small process that reads the files it is told and says how that went."""
    command = [sys.executable, "-c", PROBE]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as made:
        yield made


TINY = Limits(file_bytes=100)


def test_control_a_harmless_file_made_the_same_way_is_read(tmp_path: Path) -> None:
    sheet = read_sheet(plain(tmp_path / "ordinary.xlsx"))
    assert sheet.rows == (("序号",), (1,))


def ask(asker: subprocess.Popen[str], path: Path) -> dict[str, Any]:
    """Have a file read and return how that went."""
    began = time.monotonic()
    assert asker.stdin is not None
    assert asker.stdout is not None
    print(path, file=asker.stdin, flush=True)
    found: dict[str, Any] = json.loads(asker.stdout.readline())
    assert time.monotonic() - began < LIMITS.wall_seconds
    assert found["reader"] < LIMITS.memory_bytes + OVERHEAD
    assert found["asker"] < OVERHEAD
    assert not found["said"] or found["said"].endswith("。")
    return found


def test_there_are_as_many_files_as_were_promised() -> None:
    assert len(MALFORMED) >= 60
    assert len(BOMBS) >= 20


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_file_ends_with_a_clear_sentence_or_as_plain_values(
    name: str, tmp_path: Path, asker: subprocess.Popen[str]
) -> None:
    kind, build, reasons = MALFORMED[name]
    path = tmp_path / f"file{kind}"
    build(path)
    assert ask(asker, path)["reason"] in reasons
    if READ in reasons:
        _is_plain(path)


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_is_refused_in_little_memory(name: str, tmp_path: Path, asker: subprocess.Popen[str]) -> None:
    kind, build, reasons = BOMBS[name]
    path = tmp_path / f"file{kind}"
    build(path)
    assert path.stat().st_size < LIMITS.file_bytes
    assert ask(asker, path)["reason"] in reasons


def _is_plain(path: Path) -> None:
    """What was read holds no link, no formula that was never reckoned, and can be read as a ledger or is refused."""
    try:
        rows = read_sheet(path).rows
        assert all(cell is None or isinstance(cell, str | int | float | date) for row in rows for cell in row)
        assert "198.51.100.1" not in str(rows)
        read_rows(find_layout("整改台账"), rows)
    except Invalid:
        return


def test_file_over_the_size_is_refused_unopened(tmp_path: Path) -> None:
    with pytest.raises(UnreadableWorkbook, match="文件过大") as refused:
        read_sheet(plain(tmp_path / "big.xlsx"), limits=TINY)
    assert refused.value.reason == "size"


def test_reader_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "slow.csv"
    path.write_text("字,\n" * 4_000_000, encoding="utf-8")
    slow = Limits(cpu_seconds=1, wall_seconds=15, rows=10**9, cells=10**9, memory_bytes=4 * 2**30)
    with pytest.raises(UnreadableWorkbook) as refused:
        read_sheet(path, limits=slow)
    assert refused.value.reason == "time"


def test_reader_that_needs_too_much_memory_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_text("字,\n" * 2_000_000, encoding="utf-8")
    small = Limits(rows=10**9, cells=10**9, memory_bytes=96 * 2**20)
    with pytest.raises(UnreadableWorkbook) as refused:
        read_sheet(path, limits=small)
    assert refused.value.reason == "memory"
