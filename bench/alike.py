"""Possible duplicates: what a suggestion costs among very many cases, one text at a time and a file's worth.

Run alone: `python -m bench.alike [--cases N] [--database sqlite|postgresql|both]`; prints a table.
"""

import argparse
import time
from collections.abc import Sequence
from random import Random

from sqlalchemy import create_engine, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

import app.schema  # noqa: F401 - registers every table
from app.calendar import load_calendar
from app.core.clock import SystemClock
from app.core.db import Database
from app.ledgers.cases import Case, Told, find_alike, rebuild
from app.people import load_actor
from bench.bulk import Bulk
from bench.cases import Author
from bench.client import Times
from bench.finding import processor_seconds
from bench.people import County, make_county
from bench.seed import OPEN_SHARE, last_known_working_day
from bench.stock import Stock, open_stock

REPEATS, AT_ONCE = 60, 400
# villages shared by some cases and roads by few, so that the texts differ as those of a county do
WHERE = (
    "'。位于' || {chr}(CAST(19968 + id % 397 AS INT)) || {chr}(CAST(20400 + id % 391 AS INT)) || '村' "
    "|| {chr}(CAST(21000 + id % 2999 AS INT)) || {chr}(CAST(24000 + id % 3001 AS INT)) || '路旁。'"
)


def fill_varied(stock: Stock, name: str, cases: int) -> County:
    """Make and fill a database in which no two texts are the same."""
    now = SystemClock().now()
    database = stock.create(name)
    county = make_county(database, now)
    with database.session(read_only=True) as session:
        day = last_known_working_day(load_calendar(session, county.id), now.day)
    bulk = Bulk(database, stock.superuser_url(name))
    author = Author(bulk, county, day)
    author.write(cases, OPEN_SHARE)
    author.close_book()
    bulk.finish()
    with database.begin() as session:
        where = WHERE.format(chr="char" if session.get_bind().dialect.name == "sqlite" else "chr")
        session.execute(sql(f"UPDATE cases SET text = text || {where}"))
        rebuild(session)
    database.dispose()
    if url := stock.superuser_url(name):
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
        engine.dispose()
    return county


def texts_told(session: Session, cases: int, count: int) -> dict[str, list[Told]]:
    """Return what somebody enters: texts on record, the same reworded, new ones, and titles alone."""
    random = Random(7)
    ids = random.sample(range(1, cases + 1), count)
    rows = session.execute(select(Case.title, Case.text, Case.place).where(Case.id.in_(ids))).all()
    dropped = ["".join(sign for at, sign in enumerate(row.text) if at % 7) for row in rows]
    new = ["".join(chr(30000 + random.randrange(4000)) for _ in range(60)) for _ in rows]
    return {
        "the same text": [Told(row.title, row.text, row.place) for row in rows],
        "reworded": [Told(row.title, words, row.place) for row, words in zip(rows, dropped, strict=True)],
        "nothing like it": [Told("", words, "") for words in new],
        "a title alone": [Told(title=row.title) for row in rows],
    }


def measure(database: Database, county: County, cases: int) -> list[str]:
    """Return the rows of the table."""
    lines = []
    with database.session(read_only=True) as session:
        told = texts_told(session, cases, AT_ONCE)
    for who, words in (("supervisor", "office"), (f"liaison{county.focus}", "unit")):
        for kind, texts in told.items():
            one_by_one = [(texts[at : at + 1]) for at in range(REPEATS)]
            lines.append(f"| {words} | {kind} | 1 | {_timed(database, county, who, one_by_one)} |")
    lines.append(
        f"| office | reworded | {AT_ONCE} | {_timed(database, county, 'supervisor', [told['reworded']] * 3)} |"
    )
    lines.append(
        f"| office | nothing like it | {AT_ONCE} | {_timed(database, county, 'supervisor', [told['nothing like it']] * 3)} |"
    )
    return lines


def _timed(database: Database, county: County, who: str, asked: Sequence[Sequence[Told]]) -> str:
    times, used, found, day = Times(), 0.0, 0, SystemClock().now().day
    for texts in asked:
        with database.session(read_only=True) as session:
            actor = load_actor(session, county.persons[who], day)
            assert actor is not None
            cpu, began = processor_seconds(session), time.perf_counter()
            found += sum(1 for one in find_alike(session, actor, county.id, texts) if one)
            times.each.append((time.perf_counter() - began) / len(texts))
            used += (processor_seconds(session) - cpu) / len(texts)
    share = found / sum(len(texts) for texts in asked)
    return f"{share:.0%} | {times.at(0.5):.1f} | {times.at(0.95):.1f} | {used / len(asked) * 1000:.1f}"


def main() -> None:
    """Read the command line, fill each engine, print its table."""
    parser = argparse.ArgumentParser(prog="python -m bench.alike", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    options = parser.parse_args()
    for engine in ("sqlite", "postgresql") if options.database == "both" else (options.database,):
        with open_stock(engine) as stock:
            county = fill_varied(stock, "web", options.cases)
            database = stock.open("web")
            print(f"## {stock.version()}: {options.cases:,} cases\n")
            print("| by | text | at once | found | p50 ms each | p95 ms each | CPU ms each |")
            print("| --- | --- | --: | --: | --: | --: | --: |")
            print("\n".join(measure(database, county, options.cases)), flush=True)
            print()
            database.dispose()


if __name__ == "__main__":
    main()
