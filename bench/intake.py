"""A long workbook brought in: `python -m bench.intake [--rows N] [--cases N] [--database sqlite|postgresql]`.

The worker's own steps on a workbook of that many rows, every fifth with a partial date: read and judged, all confirmed,
taken over, taken back. Seconds are of the processor, the reader's and the database's own included; the clock in brackets.
"""

import argparse
import hashlib
import resource
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from sqlalchemy import func, select, text

import app.schema  # noqa: F401 - registers every table
from app.core.clock import Moment, SystemClock
from app.core.db import Database
from app.documents.intake_files import FOLDER, do_task
from app.ledgers.cases import Case
from app.ledgers.intake import ImportBatch, ImportTask, find_layout
from app.people import Unit, load_actor
from app.workflows import Context
from app.workflows.intake import begin_reading, choose_doubtful
from app.workflows.intake_tasks import ask_task, claim_task
from bench.finding import tidy
from bench.people import County
from bench.seed import fill
from bench.stock import open_stock
from tests.workflows.imports import HEAD

ENGINES = ("sqlite", "postgresql")
LAYOUT, WORKER = "整改台账", "bench"
MOST_SECONDS = 120


def main() -> None:
    """Read the command line and print a line for each step and engine."""
    parser = argparse.ArgumentParser(prog="python -m bench.intake", description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--cases", type=int, default=2_000, help="on record already")
    parser.add_argument("--database", choices=[*ENGINES, "both"], default="both")
    options = parser.parse_args()
    print("| database | step | rows | CPU s | by the clock s |\n| --- | --- | --: | --: | --: |")
    for engine in ENGINES if options.database == "both" else (options.database,):
        with open_stock(engine) as stock, TemporaryDirectory() as folder:
            county = fill(stock, "web", options.cases, SystemClock().now()).county
            tidy(stock, "web")
            database = stock.open("web")
            run(database, county, Path(folder), options.rows)
            database.dispose()


def run(database: Database, county: County, instance: Path, rows: int) -> None:
    """Print what each step took."""
    engine, total = database.engine.dialect.name, 0.0
    for kind, busy, passed in bring_in(database, county, instance, rows):
        total += busy if kind != "reverse" else 0
        print(f"| {engine} | {kind} | {rows:,} | {busy:.1f} | {passed:.1f} |", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {engine} | read and apply, at most {MOST_SECONDS} | {rows:,} | {total:.1f} | memory {peak:.0f} MiB |")


def bring_in(database: Database, county: County, instance: Path, rows: int) -> Iterator[tuple[str, float, float]]:
    """Bring the workbook in and take it back: each step, its seconds of processor and clock; RuntimeError for a lost row."""
    now = SystemClock().now()
    with database.session(read_only=True) as session:
        units = list(session.scalars(select(Unit.name).where(Unit.id.in_(county.units[:20]))))
        before = session.scalar(select(func.count()).select_from(Case)) or 0
    path = instance / FOLDER / "long.xlsx"
    write(path, units, rows)
    facts = {"stored": path.name, "name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    with database.begin() as session:
        batch_id = begin_reading(_context(session, county, now), county.id, find_layout(LAYOUT), path.name).id
    steps: tuple[tuple[str, dict[str, Any]], ...] = (
        ("read", {**facts, "size": path.stat().st_size, "sheet": None}),
        ("apply", {}),
        ("reverse", {"reason": "试", "leave_moved": False}),
    )
    for kind, asked in steps:
        yield kind, *timed(database, partial(work, database, county, instance, batch_id, kind, asked))
    with database.session(read_only=True) as session:
        after = session.scalar(select(func.count()).select_from(Case)) or 0
    if after - before != rows:
        raise RuntimeError(f"{after - before} cases of {rows} rows")


def work(database: Database, county: County, instance: Path, batch_id: int, kind: str, asked: dict[str, Any]) -> None:
    """Ask for one step and do it as the worker does; RuntimeError with the reason when it was not done."""
    now = SystemClock().now()
    with database.begin() as session:
        context, batch = _context(session, county, now), session.get_one(ImportBatch, batch_id)
        if kind == "apply":
            choose_doubtful(context, batch, batch.version)
        ask_task(context, batch, kind, **{"version": batch.version, **asked})
    with database.begin() as session:
        task_id = claim_task(session, WORKER, now.at) or 0
    do_task(database, SystemClock(), instance, task_id, WORKER)
    with database.session(read_only=True) as session:
        done = session.get_one(ImportTask, task_id)
    if done.state != "done":
        raise RuntimeError(done.note)


def timed(database: Database, work: Callable[[], None]) -> tuple[float, float]:
    """Return the seconds of the processor, of this process, its children and the database's, and of the clock."""
    own, began = _used(database), time.perf_counter()
    work()
    return _used(database) - own, time.perf_counter() - began


def _used(database: Database) -> float:
    ours, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    used = ours.ru_utime + ours.ru_stime + theirs.ru_utime + theirs.ru_stime
    if database.engine.dialect.name == "sqlite":
        return used
    with database.session(read_only=True) as session:
        mine = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        stats = [Path(f"/proc/{pid}/stat").read_text(encoding="ascii") for pid in session.scalars(mine)]
    fields = [stat.rpartition(")")[2].split() for stat in stats]
    return used + sum(int(one[11]) + int(one[12]) for one in fields) / 100


def write(path: Path, units: list[str], rows: int) -> None:
    """Write the workbook: titles, two hundred words in a row, units by name."""
    path.parent.mkdir(parents=True)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(LAYOUT)
        sheet.write_row(0, 0, ("整改台账",))
        sheet.write_row(1, 0, (f"填报日期：{SystemClock().now().day:%Y年%m月%d日}",))
        sheet.write_row(2, 0, HEAD)
        for n in range(rows):
            sheet.write_row(3 + n, 0, _row(n, units))


def _row(n: int, units: list[str]) -> tuple[object, ...]:
    words = "".join(chr(0x4E00 + (n * 37 + place * (n % 89 + 1)) % 6000) for place in range(150))
    lead, other = units[n % len(units)], units[(n + 1) % len(units)]
    due = "年底前" if n % 5 == 0 else f"{SystemClock().now().day.year + 1}年6月30日"
    found = f"{SystemClock().now().day:%Y/%m/%d}"
    return (n + 1, "专项督查", f"第{n}件：{words}", "问题得到解决", lead, other, found, due, "", "否")


def _context(session: Any, county: County, now: Moment) -> Context:
    actor = load_actor(session, county.persons["supervisor"], now.day)
    if actor is None:
        raise RuntimeError("no supervisor")
    return Context(session, actor, now)


if __name__ == "__main__":
    main()
