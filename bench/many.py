"""Many at once: choosing, confirming and working off a bulk run of 1,000 cases, beside bare SQL that writes the same rows.

Run alone: `python -m bench.many [--cases N] [--many N] [--database sqlite|postgresql|both]`; prints a table.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select, text

import app.schema  # noqa: F401 - registers every table
from app.audit import Event
from app.core.clock import SystemClock
from app.core.db import Database
from app.ledgers.bulk import BulkItem, BulkRun
from app.ledgers.cases import Case
from app.ledgers.cases.words import WORKING_STATES
from app.people import load_actor
from app.workflows import Context
from app.workflows.bulk import choose, foresee, start
from app.workflows.bulk_working import Hand, _one, work_next
from bench.client import Times
from bench.finding import processor_seconds
from bench.people import County
from bench.seed import fill
from bench.stock import open_stock

EVENT = """
    INSERT INTO events (chain_id, seq, kind, subject, case_id, actor_id, mandate_id, at, day, source, dest, data, alg, hash)
    SELECT chain_id, :seq, kind, subject, case_id, actor_id, mandate_id, at, day, source, dest, data, alg, hash
    FROM events WHERE id = :like
"""
MESSAGES = """
    INSERT INTO messages (authority_id, unit_id, kind, subject, case_id, day, at)
    SELECT authority_id, unit_id, kind, 'bare:' || subject, case_id, day, at
    FROM messages WHERE kind = 'reminded' AND case_id = :case_id
"""
MOVES = (
    "UPDATE bulk_runs SET done = done + 1 WHERE id = :run_id",
    "UPDATE cases SET version = version + 1 WHERE id = :case_id",
    EVENT,
    "UPDATE chains SET seq = :seq WHERE id = :chain_id",
    MESSAGES,
    "UPDATE bulk_items SET outcome = 'done' WHERE run_id = :run_id AND case_id = :case_id",
)


@dataclass(slots=True)
class Run:
    """What a run took: seconds to keep the list and to foresee, the time of each case, processor seconds, rows written."""

    choosing: float = 0.0
    foreseeing: float = 0.0
    each: Times = field(default_factory=Times)
    cpu: float = 0.0
    done: int = 0

    @property
    def seconds(self) -> float:
        """All cases together."""
        return sum(self.each.each)


def measure_many(database: Database, county: County, many: int) -> tuple[Run, int]:
    """Remind of so many cases, as the pages and the worker do; return the figures and the run."""
    clock, found = SystemClock(), Run()
    with database.begin() as session:
        actor = load_actor(session, county.persons["supervisor"], clock.now().day)
        assert actor is not None
        open_ones = select(Case.id, Case.version).where(Case.state.in_(WORKING_STATES)).order_by(Case.id).limit(many)
        named = {case_id: version for case_id, version in session.execute(open_ones)}
        context = Context(session, actor, clock.now())
        began = time.perf_counter()
        run = choose(context, "remind", named)
        session.flush()
        found.choosing, began = time.perf_counter() - began, time.perf_counter()
        assert foresee(context, run).ready > 0
        found.foreseeing = time.perf_counter() - began
        start(context, run, {"reason": "请抓紧办理"})
        run_id = run.id
    hand = work_next(database, clock, "bench", run_id)
    assert isinstance(hand, Hand)
    is_left = True
    while is_left:
        began = time.perf_counter()
        with database.begin() as session:
            cpu = processor_seconds(session)
            is_left = _one(session, hand) is not None
            found.cpu += processor_seconds(session) - cpu
        if is_left:
            found.each.each.append(time.perf_counter() - began)
    with database.session(read_only=True) as session:
        found.done = session.get_one(BulkRun, run_id).done
    return found, run_id


def measure_bare(database: Database, run_id: int) -> Run:
    """Write the same rows again with bare SQL, a transaction for each case like the run."""
    found = Run()
    with database.session(read_only=True) as session:
        items: Sequence[Any] = session.execute(
            select(BulkItem.case_id, BulkItem.event_id).where(BulkItem.run_id == run_id, BulkItem.outcome == "done")
        ).all()
        chain_id = session.scalar(select(Event.chain_id).where(Event.id == items[0].event_id))
        seq = session.scalar(select(func.max(Event.seq)).where(Event.chain_id == chain_id)) or 0
    for number, item in enumerate(items, 1):
        values = {"run_id": run_id, "case_id": item.case_id, "like": item.event_id, "seq": seq + number}
        began = time.perf_counter()
        with database.begin() as session:
            cpu = processor_seconds(session)
            for statement in MOVES:
                session.execute(text(statement), {**values, "chain_id": chain_id})
            found.cpu += processor_seconds(session) - cpu
        found.each.each.append(time.perf_counter() - began)
        found.done += 1
    return found


def table(run: Run, bare: Run) -> list[str]:
    """Return the figures as a Markdown table."""
    lines = ["| | cases | seconds | p50 ms | p95 ms | CPU ms a case |", "| --- | --: | --: | --: | --: | --: |"]
    for words, one in (("bulk run", run), ("bare SQL, the same rows", bare)):
        times = f"{one.seconds:.2f} | {one.each.at(0.5):.1f} | {one.each.at(0.95):.1f}"
        lines.append(f"| {words} | {one.done} | {times} | {one.cpu / max(1, one.done) * 1000:.1f} |")
    ratio, spent = run.seconds / bare.seconds, run.cpu / bare.cpu
    lines.append(f"| ratio | | {ratio:.1f} | | | {spent:.1f} |")
    return [*lines, "", f"Chosen in {run.choosing * 1000:.0f} ms, foreseen in {run.foreseeing * 1000:.0f} ms."]


def main() -> None:
    """Read the command line, fill each engine, print its table."""
    parser = argparse.ArgumentParser(prog="python -m bench.many", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--many", type=int, default=1_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    options = parser.parse_args()
    chosen = ("sqlite", "postgresql") if options.database == "both" else (options.database,)
    for engine in chosen:
        with open_stock(engine) as stock:
            seeded = fill(stock, "web", options.cases, SystemClock().now())
            database = stock.open("web")
            run, run_id = measure_many(database, seeded.county, options.many)
            print(f"## {stock.version()}: {options.many:,} of {options.cases:,} cases\n")
            print("\n".join(table(run, measure_bare(database, run_id))), "\n")
            database.dispose()


if __name__ == "__main__":
    main()
