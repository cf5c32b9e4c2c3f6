"""Ledgers of ten years: every page at 10,000 cases and at a million, in one run; search, workbooks and many at once.

Run alone: `python -m bench.ledgers [--cases N] [--database sqlite|postgresql|both]`; writes docs/benchmarks-ledgers.md.
"""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from sqlalchemy import delete, select

import app.schema  # noqa: F401 - registers every table
from app.core.clock import ZONE, Moment, SystemClock
from app.core.db import Database
from app.ledgers.cases import Case
from app.people import Parameter
from bench.acts import get
from bench.client import Browser, Times
from bench.export import alone, export_rows
from bench.finding import RARE, prepare
from bench.intake import MOST_SECONDS, bring_in
from bench.many import Run, measure_many
from bench.pages import CASES, CROWD, Line, browser, take_turns
from bench.people import County
from bench.report import machine
from bench.seed import Seeded, fill
from bench.serve import serve
from bench.stock import Stock, open_stock

DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks-ledgers.md"
SMALL, LARGE = 10_000, {"sqlite": 100_000, "postgresql": 1_000_000}
DEEP, EXPORTED, MANY, ROWS = 40, 10_000, 1_000, 20_000
EXPORTS = 3  # of which the middle one is told
GROWTH, FLOOR, SEARCH_MS, EXPORT_SECONDS = 1.5, 5, 100, 1.5
NEXT = re.compile(r'href="([^"]+)" rel="next"')
# name, words, address, p50 of the best of four other trackers at a million, milliseconds
PAGES: tuple[tuple[str, str, str, int], ...] = (
    ("unit", "list of one unit", "/cases?unit={unit}", 126),
    ("all", "list of all units", "/cases", 461),
    ("unit_deep", "list of one unit, the last page", "/cases?unit={unit}&state=all", 0),
    ("all_deep", f"list of all units, page {DEEP}", "/cases?state=all", 0),
    ("rare", "a rare filter: returned three times", "/cases?returned=3&state=all", 0),
    ("overdue", "open overdue of one unit", "/cases?unit={unit}&when=overdue", 229),
    ("search", "search, two characters", "/cases?q=路灯", 186),
    ("search_all", "search, two characters, all states", "/cases?q=整改&state=all", 186),
    ("search_rare", "search, a rare word", f"/cases?q={RARE}&state=all", 186),
    ("search_unit", "search by a unit of its own cases", "/cases?q=路灯&state=all&unit={unit}", 186),
)
BARE = (("bare_unit", "floor: bare ORM page, one unit", "/page?unit={unit}"), ("bare_all", "floor: all units", "/page"))
WORDS = {name: words for name, words, *_ in (*PAGES, *BARE)} | {"case": "case page with 10 events"}
OTHERS = {name: others for name, _, _, others in PAGES} | {"case": 47}


@dataclass(slots=True)
class Measured:
    """What was measured among so many cases: the pages, the server's memory in MiB; of the large ledger the works too."""

    cases: int
    size: int
    lines: dict[str, Line]
    memory: float
    export: tuple[int, float, float, float] = (0, 0.0, 0.0, 0.0)
    intake: tuple[tuple[str, float, float], ...] = ()
    many: Run | None = None


def measure_pages(database: Database, county: County, instance: Path) -> tuple[dict[str, Line], float]:
    """Serve product and floor, and measure every page in turns."""
    with database.session(read_only=True) as session:
        usual = select(Case.id).where(Case.state == "rectifying").order_by(Case.id.desc()).limit(CASES)
        cases = [f"/cases/{ref}" for ref in session.scalars(usual)]
    database.dispose()
    with serve("wsgi:app", database, instance) as product, serve("bench.floor:server", database, instance) as floor:
        visitor = browser(product, county)
        lines = [
            Line(name, get([path.format(unit=county.focus)], "<tr>"), is_floor=True, repeats=10)
            for name, _, path in BARE
        ]
        for name, _, path, _ in PAGES:
            address = quote(path.format(unit=county.focus), safe="/?=&")
            address = _deep(visitor, address) if name.endswith("deep") else address
            lines.append(Line(name, get([address], "k-ledger"), repeats=10))
        lines.append(Line("case", get(cases, "case-"), repeats=10))
        take_turns(lines, product, floor, county)
        return {line.name: line for line in lines}, product.memory


def _deep(visitor: Browser, address: str) -> str:
    """Turn the pages and return the address of the one reached."""
    for _ in range(DEEP - 1):
        following = NEXT.search(visitor.get(address).body)
        if following is None:
            break
        address = following[1].replace("&amp;", "&")
    return address


def measure_work(measured: Measured, stock: Stock, name: str, seeded: Seeded, now: Moment, folder: Path) -> None:
    """Hand a workbook out, bring one in and take it back, remind of many cases: what changes the ledger comes last."""
    database = stock.open(name)
    urls = database.url, database.owner_url
    database.dispose()
    exports = [alone(export_rows, (urls, folder / "export.xlsx", now, EXPORTED)) for _ in range(EXPORTS)]
    measured.export = sorted(exports, key=lambda one: one[2])[EXPORTS // 2]
    measured.intake = tuple(bring_in(database, seeded.county, folder, ROWS))
    measured.many = measure_many(database, seeded.county, MANY)[0]
    database.dispose()


def measure(stock: Stock, name: str, seeded: Seeded, cases: int) -> Measured:
    """Measure the pages of one ledger; the office's rare words are planted first."""
    prepare(stock, name)
    let_search(stock.open(name), seeded.county)
    with TemporaryDirectory() as instance:
        lines, memory = measure_pages(stock.open(name), seeded.county, Path(instance))
    return Measured(cases, stock.size(name), lines, memory)


def let_search(database: Database, county: County) -> None:
    """Let one person search as often at one time as the crowd does, which is signed in as one."""
    with database.begin() as session:
        session.execute(delete(Parameter).where(Parameter.name == "search_at_once"))
        session.add(Parameter(authority_id=county.id, name="search_at_once", value=str(CROWD)))
    database.dispose()


def report(small: Measured, large: Measured, version: str) -> list[str]:
    """Return the figures of one engine as Markdown."""
    lines = [
        f"## {version}: {large.cases:,} cases with 10 events each, {large.size / 2**20:.0f} MiB",
        "",
        f"Server after the pages (PSS): {large.memory:.0f} MiB; among {small.cases:,} cases {small.memory:.0f} MiB.",
        "",
        f"| | p50 at {small.cases:,} | p50 | p95 | p50 × 8 | p95 × 8 | times itself (≤ {GROWTH}) "
        f"| times the floor (≤ {FLOOR}) | other trackers |",
        "| --- | --: | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for name, line in large.lines.items():
        before, floor = small.lines[name].alone.at(0.5), large.lines["bare_unit" if "unit" in name else "bare_all"]
        times = [line.alone.at(0.5), line.alone.at(0.95), line.crowd.at(0.5), line.crowd.at(0.95)]
        ratios = [line.alone.at(0.5) / before, line.alone.at(0.5) / floor.alone.at(0.5)]
        shown = " | ".join(f"{value:.1f}" for value in (before, *times, *ratios))
        lines.append(f"| {WORDS[name]} | {shown} | {OTHERS.get(name) or ''} |")
    searches = Times([each for name, line in large.lines.items() if "search" in name for each in line.alone.each])
    lines += ["", f"All searches: p95 {searches.at(0.95):.0f} ms (≤ {SEARCH_MS})."]
    return [*lines, "", *_works(large)]


def _works(large: Measured) -> list[str]:
    rows, _, seconds, memory = large.export
    lines = [f"* {rows:,} cases handed out as a workbook: {seconds:.2f} s (≤ {EXPORT_SECONDS}), {memory:.0f} MiB."]
    steps = ", ".join(f"{kind} {passed:.1f} s" for kind, _, passed in large.intake)
    lines.append(f"* A workbook of {ROWS:,} rows brought in: {steps} (read and apply ≤ {MOST_SECONDS} s together).")
    if large.many:
        each = large.many.each
        times = f"p50 {each.at(0.5):.1f} ms, p95 {each.at(0.95):.1f} ms a case, {large.many.seconds:.1f} s in all"
        lines.append(f"* {large.many.done:,} cases reminded of at once: {times}.")
    return lines


def run(engine: str, cases: int, now: Moment) -> list[str]:
    """Fill a small and a large ledger and measure both."""
    with open_stock(engine) as stock, TemporaryDirectory() as folder:
        small = measure(stock, "small", fill(stock, "small", SMALL, now), SMALL)
        seeded = fill(stock, "large", cases, now)
        large = measure(stock, "large", seeded, cases)
        measure_work(large, stock, "large", seeded, now, Path(folder))
        return report(small, large, stock.version())


def main() -> None:
    """Read the command line, measure each engine, print the tables and write them to the document."""
    parser = argparse.ArgumentParser(prog="python -m bench.ledgers", description=__doc__)
    parser.add_argument("--cases", type=int, help="1,000,000 on PostgreSQL, 100,000 on SQLite unless told")
    parser.add_argument("--database", choices=[*LARGE, "both"], default="both")
    options = parser.parse_args()
    now = SystemClock().now()
    chosen: Sequence[str] = tuple(LARGE) if options.database == "both" else (options.database,)
    parts = [part for engine in chosen for part in ("", *run(engine, options.cases or LARGE[engine], now))]
    text = document(parts, now)
    print(text)
    if not options.cases:
        DOCUMENT.write_text(text, encoding="utf-8")


def document(parts: Sequence[str], now: Moment) -> str:
    """Return the document that holds the tables."""
    head = [
        "# Benchmarks of large ledgers",
        "",
        "Written by `python -m bench.ledgers`; run again rather than edited. Milliseconds until the last byte, as in",
        "[benchmarks](benchmarks.md); each page beside itself in a small ledger and beside the bare page of the same ledger.",
        "",
        f"Measured on {now.at.astimezone(ZONE):%Y-%m-%d %H:%M} on {machine()}.",
    ]
    return "\n".join([*head, *parts]) + "\n"


if __name__ == "__main__":
    main()
