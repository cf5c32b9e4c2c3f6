"""Finding by words: the search itself in the database, by an office and by a unit, for words of every rarity.

Run alone: `python -m bench.finding [--cases N] [--database sqlite|postgresql|both]`; prints a table.
"""

import argparse
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session

import app.schema  # noqa: F401 - registers every table
from app.calendar import load_calendar
from app.core.clock import SystemClock
from app.core.db import Database
from app.ledgers.cases import CaseText, Filters, Horizon, Paging, ledger_page
from app.ledgers.scores import contested_cases
from app.people import load_actor
from bench.client import Times
from bench.people import County
from bench.seed import fill
from bench.stock import Stock, open_stock

RARE = "玻璃栈道"
EVERY = 4000
WARM, REPEATS = 3, 25


@dataclass(slots=True)
class Found:
    """A search: by whom, for what, what it found, its times, and the processor's milliseconds for one on average."""

    who: str
    words: str
    typed: str
    count: str
    times: Times
    cpu: float


def prepare(stock: Stock, name: str) -> None:
    """Plant a rare word and a rare fact, and tidy up."""
    database = stock.open(name)
    with database.begin() as session:
        session.connection().exec_driver_sql(
            f"UPDATE cases SET place = '{RARE}', returned_count = 3 WHERE id - id / {EVERY} * {EVERY} = 7"
        )
    database.dispose()
    tidy(stock, name)


def tidy(stock: Stock, name: str) -> None:
    """Let PostgreSQL do what it does by itself in time: what was loaded at once has no statistics yet."""
    if url := stock.superuser_url(name):
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
        engine.dispose()


def processor_seconds(session: Session) -> float:
    """Return what this process and the database's own for the connection have used so far."""
    used = time.process_time()
    if session.get_bind().dialect.name == "sqlite":
        return used
    pid = session.scalar(text("SELECT pg_backend_pid()"))
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return used + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def searches(database: Database, county: County) -> list[tuple[str, str, str]]:
    """Return (who, what kind of word, the word): common, middling and rare ones, a number, a unit, two words."""
    with database.session(read_only=True) as session:
        newest = session.scalar(select(func.max(CaseText.case_id)))
    number = f"{newest:06d}"
    office, unit = "supervisor", f"head{county.focus}"
    found = [("common, two characters", "整改"), ("common in open cases", "路灯"), ("rare, two characters", RARE[:2])]
    found += [("rare, four characters", RARE), ("absent", "鲸鱼"), ("a case's number", number), ("a unit", "第7镇")]
    found += [("two words", f"第7镇 {RARE[2:]}"), ("two common words", "路灯 整改")]
    return [(who, kind, typed) for who in (office, unit) for kind, typed in found]


def measure_finding(database: Database, county: County, state: str = "all") -> list[Found]:
    """Time each search as the ledger page makes it, from typed words to rows and count."""
    today = SystemClock().now().day
    with database.session(read_only=True) as session:
        calendar = load_calendar(session, county.id)
    horizon = Horizon(today, calendar.add_working(today, 3))
    results = []
    for who, kind, typed in searches(database, county):
        times, count, used = Times(), "", 0.0
        for repeat in range(WARM + REPEATS):
            with database.session(read_only=True) as session:
                actor = load_actor(session, county.persons[who], today)
                assert actor is not None
                filters = Filters(text=typed, state=state, calendar=calendar)
                cpu, began = processor_seconds(session), time.perf_counter()
                page = ledger_page(session, actor, filters, horizon, Paging(), contested_cases(actor))
                if repeat >= WARM:
                    times.each.append(time.perf_counter() - began)
                    used += processor_seconds(session) - cpu
                count = str(page.count) if page.is_counted else f"{page.count}+"
        results.append(
            Found("office" if who == "supervisor" else "unit", kind, typed, count, times, used / REPEATS * 1000)
        )
    return results


def table(results: Sequence[Found]) -> list[str]:
    """Return the results as a Markdown table."""
    lines = ["| by | words | hits | p50 ms | p95 ms | CPU ms |", "| --- | --- | --: | --: | --: | --: |"]
    for found in results:
        times = f"{found.times.at(0.5):.1f} | {found.times.at(0.95):.1f} | {found.cpu:.1f}"
        lines.append(f"| {found.who} | {found.words}: {found.typed} | {found.count} | {times} |")
    every = Times([seconds for found in results for seconds in found.times.each])
    cpu = sum(found.cpu for found in results) / len(results)
    return [*lines, f"| all | every search above | | {every.at(0.5):.1f} | {every.at(0.95):.1f} | {cpu:.1f} |"]


def main() -> None:
    """Read the command line, fill each engine, print its table."""
    parser = argparse.ArgumentParser(prog="python -m bench.finding", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    options = parser.parse_args()
    chosen = ("sqlite", "postgresql") if options.database == "both" else (options.database,)
    for engine in chosen:
        with open_stock(engine) as stock:
            seeded = fill(stock, "web", options.cases, SystemClock().now())
            prepare(stock, "web")
            database = stock.open("web")
            print(f"## {stock.version()}: {options.cases:,} cases\n")
            size = stock.size("web") / 2**20
            print(f"Words and counts made anew in {seeded.rebuild_seconds:.0f} s; {size:.0f} MiB in all.\n")
            print("\n".join(table(measure_finding(database, seeded.county))), flush=True)
            print()
            database.dispose()


if __name__ == "__main__":
    main()
