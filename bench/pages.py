"""The measured pages and acts of one database, the floor between them so that a noisy machine is noisy for both."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import select

from app.core.db import Database
from app.ledgers.cases import Case, Listing
from bench.acts import Desk, get
from bench.client import Act, Browser, Times, repeat
from bench.people import County
from bench.serve import Server, serve

ROUNDS = 10
CROWD = 8
CASES = 50


@dataclass(slots=True)
class Line:
    """One measured thing: who serves it, how often a round repeats it, and its times alone and in a crowd."""

    name: str
    act: Act
    is_floor: bool = False
    repeats: int = 20
    alone: Times = field(default_factory=Times)
    crowd: Times = field(default_factory=Times)


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of the pages, and the memory of both servers after it in MiB."""

    lines: dict[str, Line]
    memory: float
    floor_memory: float


def measure_pages(database: Database, county: County, today: date, instance: Path) -> Measured:
    """Serve product and floor, and measure everything in turns."""
    with database.session(read_only=True) as session:
        late = select(Listing.case_id)
        usual = select(Case.id).where(Case.state == "rectifying", Case.id.not_in(late)).order_by(Case.id).limit(CASES)
        cases = [f"/cases/{ref}" for ref in session.scalars(usual)]
    database.dispose()
    with serve("wsgi:app", database, instance) as product, serve("bench.floor:server", database, instance) as floor:
        desk = Desk(browser(product, county), county, today)
        lines = _lines(desk, county, cases)
        take_turns(lines, product, floor, county)
        return Measured({line.name: line for line in lines}, product.memory, floor.memory)


def take_turns(lines: list[Line], product: Server, floor: Server, county: County) -> None:
    """Warm every line up, then measure all of them in rounds, one at a time and in a crowd."""
    for line in lines:
        server = floor if line.is_floor else product
        repeat([browser(server, county) for _ in range(CROWD)], line.act, CROWD * 2, Times())
    for _ in range(ROUNDS):
        for line in lines:
            server = floor if line.is_floor else product
            repeat([browser(server, county)], line.act, line.repeats, line.alone)
            crowd = [browser(server, county) for _ in range(CROWD)]
            repeat(crowd, line.act, max(CROWD, line.repeats * 2 // CROWD * CROWD), line.crowd)


def _lines(desk: Desk, county: County, cases: list[str]) -> list[Line]:
    unit = county.focus
    return [
        Line("bare_unit", get([f"/page?unit={unit}"], "<tr>"), is_floor=True),
        Line("unit", get([f"/cases?unit={unit}"], "k-ledger")),
        Line("case", get(cases, "case-")),
        Line("bare_all", get(["/page"], "<tr>"), is_floor=True),
        Line("all", get(["/cases"], "k-ledger")),
        Line("overdue", get([f"/cases?unit={unit}&when=overdue"], "k-ledger")),
        Line("json_unit", get([f"/json?unit={unit}"], "["), is_floor=True),
        Line("json_all", get(["/json"], "["), is_floor=True),
        Line("create", desk.create, repeats=10),
        Line("four_moves", desk.four_moves, repeats=4),
    ]


def browser(server: Server, county: County) -> Browser:
    """Return a browser in which the office is signed in."""
    return Browser(server.port, county.office)
