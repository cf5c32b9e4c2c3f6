"""The daily job, and the bare SQL beside it, each in a process of its own so that its memory is its own."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, text

import app.schema  # noqa: F401 - registers every table
from app.core.clock import Moment
from app.core.db import Database
from app.workflows import run_day
from bench.bare import run_bare

ROOT = Path(__file__).parent.parent
TABLES = ("score_entries", "standings", "events", "messages", "slips")


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds of wall and processor, MiB at the end and before it began, rows it added to each table."""

    seconds: float
    cpu: float
    memory: float
    memory_before: float
    rows: dict[str, int]


def measure(kind: str, database: Database, day: date) -> Run:
    """Run `job` or `bare` in a fresh process on a database that nobody else has open."""
    command = [sys.executable, "-m", "bench.job", kind, database.url, day.isoformat()]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT)
    return Run(**json.loads(done.stdout))


def main(kind: str, url: str, day: date) -> None:
    """Run once and print the figures."""
    database, before = Database(url), _memory()
    with database.engine.connect() as connection:
        counted = _count(connection)
    began, cpu = time.perf_counter(), time.process_time()
    if kind == "job":
        run_day(database, day, Moment.on(day, hour=0))
    else:
        with database.engine.begin() as connection:
            run_bare(connection, day)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    memory = _memory()
    with database.engine.connect() as connection:
        rows = {table: count - counted[table] for table, count in _count(connection).items()}
    print(json.dumps({"seconds": seconds, "cpu": cpu, "memory": memory, "memory_before": before, "rows": rows}))


def _count(connection: Connection) -> dict[str, int]:
    return {name: int(connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()) for name in TABLES}


def _memory() -> float:
    """Return the highest resident size of this process so far; `ru_maxrss` would count the parent's too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], date.fromisoformat(sys.argv[3]))
