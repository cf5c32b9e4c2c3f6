"""Handing a ledger out against the bare writer: `python -m bench.export [--cases N] [--database sqlite|postgresql]`.

Both write the same cells in the same formats. The product reads them from the database, through what a supervisor sees, a
batch at a time; the bare writer has them in memory already. Times are seconds of the processor, in brackets by the clock.
Each runs in a process of its own, so that its memory is its own.
"""

import argparse
import multiprocessing
import time
from collections.abc import Callable
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import select

import app.schema  # noqa: F401 - registers every table
from app.core.clock import Moment, SystemClock
from app.core.db import Database
from app.core.loaded import keep_loaded
from app.documents.ledger_files import Place, write_file
from app.documents.workbook.writing import DAY, FONT
from app.ledgers.cases import Case, Filters
from app.ledgers.intake import find_layout
from app.people import find_person, load_actor
from app.workflows import Context
from app.workflows.exporting import Wanted
from bench.seed import fill
from bench.stock import open_stock

LAYOUT, ENGINES = "整改台账", ("sqlite", "postgresql")
MOST_TIMES, MOST_MEMORY = 2.0, 300
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def main() -> None:
    """Read the command line and print a line for each engine."""
    parser = argparse.ArgumentParser(prog="python -m bench.export", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--database", choices=[*ENGINES, "both"], default="both")
    options = parser.parse_args()
    now = SystemClock().now()
    print("| database | rows | export s | bare writer s | times | limit | memory MiB | limit |")
    print("| --- | --: | --: | --: | --: | --: | --: | --: |")
    for engine in ENGINES if options.database == "both" else (options.database,):
        print(run(engine, options.cases, now))


def run(engine: str, cases: int, now: Moment) -> str:
    """Measure one engine and return its line."""
    with open_stock(engine) as stock, TemporaryDirectory() as folder:
        fill(stock, "web", cases, now)
        database = stock.open("web")
        urls = database.url, database.owner_url
        database.dispose()
        path = Path(folder) / "export.xlsx"
        rows, busy, passed, memory = alone(export_rows, (urls, path, now))
        _, bare_busy, bare_passed, _ = alone(_bare, (path, Path(folder) / "bare.xlsx"))
    return (
        f"| {engine} | {rows:,} | {busy:.1f} ({passed:.1f}) | {bare_busy:.1f} ({bare_passed:.1f}) "
        f"| {busy / bare_busy:.2f} ({passed / bare_passed:.2f}) | {MOST_TIMES:.0f} | {memory:.0f} | {MOST_MEMORY} |"
    )


def alone(work: Callable[..., tuple[int, float, float]], given: tuple[Any, ...]) -> tuple[int, float, float, float]:
    """Run the work in a fresh process; return its rows, its seconds of processor and clock, and its peak memory in MiB."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_told, args=(theirs, work, given))
    process.start()
    rows, busy, passed, memory = ours.recv()
    process.join()
    return rows, busy, passed, memory


def _told(pipe: Connection, work: Callable[..., tuple[int, float, float]], given: tuple[Any, ...]) -> None:
    keep_loaded()  # as the worker does
    rows, busy, passed = work(*given)
    pipe.send((rows, busy, passed, _peak()))


def _peak() -> float:
    """Return the peak memory of this process since it began, in MiB (what the system counts beside it holds the parent's)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def export_rows(urls: tuple[str, str], path: Path, now: Moment, most: int = 0) -> tuple[int, float, float]:
    """Hand out every case, or about the first so many by deadline; return rows, seconds of processor and clock."""
    database = Database(*urls)
    with database.session(read_only=True) as session:
        person = find_person(session, "supervisor")
        actor = load_actor(session, person.id, now.day) if person else None
        assert actor is not None
        later = select(Case.due_on).where(Case.due_on.is_not(None)).order_by(Case.due_on).offset(most).limit(1)
        filters = Filters(state="all", due_to=session.scalar(later) if most else None)
        began = time.process_time(), time.perf_counter()
        wanted = Wanted(find_layout(LAYOUT), filters)
        session.rollback()
        rows = write_file(Context(session, actor, now), wanted, Place(path.parent, path))
    return rows, time.process_time() - began[0], time.perf_counter() - began[1]


def _bare(source: Path, target: Path) -> tuple[int, float, float]:
    """Write the cells of the export once more, in their formats, with the writer library alone; only that is timed."""
    rows = CalamineWorkbook.from_path(str(source)).get_sheet_by_index(0).to_python()
    began = time.process_time(), time.perf_counter()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        sheet = book.add_worksheet()
        text, day = book.add_format({**FONT, "num_format": "@"}), book.add_format({**FONT, "num_format": DAY})
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, place, value, day)
                elif value == "":
                    sheet.write_blank(number, place, None, text)
                else:
                    sheet.write(number, place, value, text)
    return len(rows), time.process_time() - began[0], time.perf_counter() - began[1]


if __name__ == "__main__":
    main()
