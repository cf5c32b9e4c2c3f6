"""Possible duplicates: what a suggestion costs among very many cases, one text at a time and a file's worth.

Run alone: `python -m bench.alike [--cases N] [--database sqlite|postgresql|both]`; prints a table.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import app.schema  # noqa: F401 - registers every table
from app.cli.demo.county import load_county
from app.core.clock import Moment, SystemClock
from app.core.db import Database
from app.core.grams import grams, plain
from app.ledgers.cases import Assignment, Case, CaseText, Told, find_alike
from app.people import load_actor
from bench.bulk import Bulk
from bench.client import Times
from bench.finding import processor_seconds
from bench.people import County, make_county
from bench.stock import Stock, open_stock

REPEATS, AT_ONCE = 30, 120
FLUSH = 5000


def fill_varied(stock: Stock, name: str, cases: int) -> County:
    """Make and fill a database with cases and their words alone, in which no two texts are the same."""
    now = SystemClock().now()
    database = stock.create(name)
    county = make_county(database, now)
    is_sqlite = database.engine.dialect.name == "sqlite"
    bulk, problems, random = Bulk(database, stock.superuser_url(name)), load_county().problems, Random(1)
    if not is_sqlite:
        bulk.execute("ALTER TABLE cases DISABLE TRIGGER USER")
    for number in range(1, cases + 1):
        problem, lead = random.choice(problems), county.units[number % len(county.units)]
        # a village shared by some cases and a road by few, as in a county
        village, road = (_sign(number % 397) + _sign(number % 391), _sign(number % 2999) + _sign(number % 3001))
        said = f"{problem.text}位于{village}村{road}路旁。"
        told = {"title": problem.title, "text": said, "category": problem.category, "place": problem.place}
        case = _add_case(bulk, county, told | {"number": f"2026-{number:06d}", "lead_unit_id": lead}, now)
        words = plain(f"2026-{number:06d}\n{problem.title}\n{said}\n{problem.place}")
        kept = " ".join(grams(words)) if is_sqlite else "{" + ",".join(sorted(set(grams(words)))) + "}"
        bulk.add(CaseText, case_id=case, unit_id=None, text=words, grams=kept)
        if lead == county.focus:
            part = {"role": "lead", "assigned_on": now.day, "receipt_due_on": now.day, "event_id": 1}
            bulk.add(Assignment, case_id=case, unit_id=lead, state="working", **part)
        if number % FLUSH == 0:
            bulk.flush()
    bulk.flush()
    bulk.execute("DELETE FROM case_changes")
    bulk.finish()
    database.dispose()
    return county


def _add_case(bulk: Bulk, county: County, told: dict[str, Any], now: Moment) -> int:
    person = county.persons["inspector"]
    when = {"found_on": now.day, "saved_at": now.at, "moved_at": now.at, "reporter_id": person}
    kind = {"state": "rectifying", "source_kind": "inspection", "authority_id": county.id}
    return bulk.add(Case, **kind, **when, **told)


def _sign(number: int) -> str:
    return chr(19968 + number)


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


def measure(database: Database, county: County, cases: int) -> Iterator[str]:
    """Yield the rows of the table."""
    with database.session(read_only=True) as session:
        told = texts_told(session, cases, AT_ONCE)
    for who, words in (("supervisor", "office"), (f"liaison{county.focus}", "unit")):
        for kind, texts in told.items():
            one_by_one = [(texts[at : at + 1]) for at in range(REPEATS)]
            yield f"| {words} | {kind} | 1 | {_timed(database, county, who, one_by_one)} |"
    for kind in ("reworded", "nothing like it"):
        yield f"| office | {kind} | {AT_ONCE} | {_timed(database, county, 'supervisor', [told[kind]] * 2)} |"


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
            for line in measure(database, county, options.cases):
                print(line, flush=True)
            print()
            database.dispose()


if __name__ == "__main__":
    main()
