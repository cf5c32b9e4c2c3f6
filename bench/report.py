"""The figures in words: a table for each engine, beside the floor of the machine and what other trackers take."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.core.clock import ZONE, Moment
from bench.client import Times
from bench.digest import Night
from bench.job import Run
from bench.pages import Measured

PAGE_LIMIT, JOB_LIMIT = 5, 10
# name, words, floor, most times the floor, other trackers on such a machine (p50 alone, milliseconds)
ROWS: tuple[tuple[str, str, str, int, int], ...] = (
    ("bare_unit", "floor: bare ORM page, one unit", "", 0, 0),
    ("bare_all", "floor: bare ORM page, all units", "", 0, 0),
    ("json_unit", "floor: list query and JSON alone, one unit", "", 0, 0),
    ("json_all", "floor: list query and JSON alone, all units", "", 0, 0),
    ("unit", "ledger page of one unit", "bare_unit", PAGE_LIMIT, 58),
    ("all", "ledger page of all units", "bare_all", PAGE_LIMIT, 92),
    ("case", "case page with 10 events", "bare_unit", PAGE_LIMIT, 53),
    ("overdue", "open overdue of one unit", "bare_unit", PAGE_LIMIT, 62),
    ("create", "create a case", "", 0, 13),
    ("four_moves", "four moves with a comment", "", 0, 66),
)


@dataclass(frozen=True, slots=True)
class Result:
    """Everything measured of one engine."""

    engine: str
    version: str
    cases: int
    overdue: int
    seed_seconds: float
    size: int
    pages: Measured
    job: Run
    bare: Run
    night: Night


def report(results: Sequence[Result], machine: str, now: Moment) -> str:
    """Return the whole report as Markdown."""
    parts = [
        "# Benchmarks",
        "",
        "Written by `make bench`; run again rather than edited. Times are milliseconds until the last byte, measured from a",
        "client on the same machine over kept-alive connections, signed in, in turns with the floor. One production server:",
        "gunicorn, 2 workers of 4 threads. Only the ratios mean something on another machine.",
        "",
        f"Measured on {now.at.astimezone(ZONE):%Y-%m-%d %H:%M} on {machine}.",
    ]
    for result in results:
        parts += ["", *_engine(result)]
    return "\n".join(parts) + "\n"


def machine() -> str:
    """Name the machine: cores, memory, processor, Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cpu = [line for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if "model name" in line]
    name = cpu[0].partition(":")[2].strip() if cpu else platform.machine()
    return f"{os.cpu_count()} cores ({name}), {memory:.0f} GiB, Python {platform.python_version()}"


def _engine(result: Result) -> list[str]:
    lines = result.pages.lines
    found = [
        f"## {result.version}: {result.cases:,} cases with 10 events each",
        "",
        f"Filled in {result.seed_seconds:.0f} s, {result.size / 2**20:.0f} MiB. "
        f"Servers after the run (PSS): product {result.pages.memory:.0f} MiB, floor {result.pages.floor_memory:.0f} MiB.",
        "",
        "| | p50 | p95 | per s | p50 × 8 | p95 × 8 | per s × 8 | times the floor | limit | other trackers |",
        "| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for name, words, floor, limit, others in ROWS:
        line = lines[name]
        times = f"{line.alone.at(0.5) / lines[floor].alone.at(0.5):.1f}" if floor else ""
        shown = (*_times(line.alone), *_times(line.crowd), times, f"≤ {limit}" if limit else "", others or "")
        found.append(f"| {words} | " + " | ".join(str(value) for value in shown) + " |")
    return [*found, "", *_job(result), "", *_night(result.night)]


def _job(result: Result) -> list[str]:
    rows = [
        ("daily job, with events, chain, totals, messages and slips", result.job),
        ("floor: bare SQL, a statement for each table, no chain", result.bare),
    ]
    found = [
        f"Daily job with {result.overdue:,} newly overdue cases: {result.job.seconds / result.bare.seconds:.1f} times bare SQL "
        f"(≤ {JOB_LIMIT}).",
        "",
        "| | seconds | processor | entries | standings | events | messages | slips | memory MiB | before MiB |",
        "| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for words, run in rows:
        counts = (run.rows[name] for name in ("score_entries", "standings", "events", "messages", "slips"))
        shown = (f"{run.seconds:.2f}", f"{run.cpu:.2f}", *counts, f"{run.memory:.0f}", f"{run.memory_before:.0f}")
        found.append(f"| {words} | " + " | ".join(str(value) for value in shown) + " |")
    return found


def _night(night: Night) -> list[str]:
    shown = (f"{night.items:,}", night.persons, night.deliveries, night.sent, night.most_for_one)
    times = (
        f"{night.sweep_seconds:.1f}",
        f"{night.send_seconds:.1f}",
        f"{night.memory:.0f}",
        f"{night.memory_before:.0f}",
    )
    return [
        "A night of items that fall due, told in the morning by one worker over a channel that takes everything at once.",
        "",
        "| items | persons | deliveries | sent | most for one | s to take up | s to send | s CPU | memory MiB | before MiB |",
        "| --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |",
        "| " + " | ".join(str(value) for value in (*shown, *times)) + " |",
    ]


def _times(times: Times) -> tuple[str, str, str]:
    return f"{times.at(0.5):.1f}", f"{times.at(0.95):.1f}", f"{times.rate:.0f}"
