"""Run the benchmarks: `python -m bench [--cases N] [--database sqlite|postgresql|both] [--quick]`."""

import argparse
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import app.schema  # noqa: F401 - registers every table
from app.core.clock import Moment, SystemClock
from bench.digest import measure_night
from bench.job import measure
from bench.pages import measure_pages
from bench.report import Result, machine, report
from bench.seed import add_overdue, fill
from bench.stock import open_stock

DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks.md"
ENGINES = ("sqlite", "postgresql")
NIGHT_SHARE = 43  # tenths of the cases: 430,000 items due in one night beside 100,000 cases


def main() -> None:
    """Read the command line, run each engine, print the tables and write them to docs/benchmarks.md."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--cases", type=int, help="100,000 unless told")
    parser.add_argument("--overdue", type=int, help="newly overdue cases for the daily job (a tenth of the cases)")
    parser.add_argument("--database", choices=[*ENGINES, "both"], default="both")
    parser.add_argument("--quick", action="store_true", help="10,000 cases; writes no document")
    options = parser.parse_args()
    cases = options.cases or (10_000 if options.quick else 100_000)
    overdue = options.overdue or cases // 10
    now = SystemClock().now()
    chosen = ENGINES if options.database == "both" else (options.database,)
    text = report([run(engine, cases, overdue, now) for engine in chosen], machine(), now)
    print(text)
    if not options.quick:
        DOCUMENT.write_text(text, encoding="utf-8")


def run(engine: str, cases: int, overdue: int, now: Moment) -> Result:
    """Measure one engine."""
    with open_stock(engine) as stock, TemporaryDirectory() as instance:
        began = time.perf_counter()
        seeded = fill(stock, "web", cases, now)
        seconds = time.perf_counter() - began
        add_overdue(stock, "job", stock.copy("web", "job"), seeded, overdue)
        stock.copy("job", "bare")
        jobs = measure("job", stock.open("job"), seeded.day)
        bare = measure("bare", stock.open("bare"), seeded.day)
        night = measure_night(stock, "night", cases * NIGHT_SHARE // 10, seeded.day)
        pages = measure_pages(stock.open("web"), seeded.county, now.day, Path(instance))
        return Result(engine, stock.version(), cases, overdue, seconds, stock.size("web"), pages, jobs, bare, night)


if __name__ == "__main__":
    main()
