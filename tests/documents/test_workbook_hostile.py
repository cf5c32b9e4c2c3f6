"""Files that mean harm end with a clear sentence, in little memory and time, and never with a crash."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.documents.workbook import LIMITS, Limits, UnreadableWorkbook, read_sheet
from tests.documents.hostile import HOSTILE, plain

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


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_ends_with_a_clear_sentence(name: str, tmp_path: Path, asker: subprocess.Popen[str]) -> None:
    kind, build, reasons = HOSTILE[name]
    path = tmp_path / f"file{kind}"
    build(path)
    began = time.monotonic()
    assert asker.stdin is not None
    assert asker.stdout is not None
    print(path, file=asker.stdin, flush=True)
    found = json.loads(asker.stdout.readline())
    assert found["reason"] in reasons
    assert found["said"].endswith(("。", "。请拆分后再上传。"))
    assert "Traceback" not in found["said"]
    assert time.monotonic() - began < LIMITS.wall_seconds
    assert found["reader"] < LIMITS.memory_bytes + OVERHEAD
    assert found["asker"] < OVERHEAD


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
