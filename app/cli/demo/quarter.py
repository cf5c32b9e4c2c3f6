"""The lived quarter: an empty database becomes the county with all that happened in it until the last day."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from app.calendar import state_calendar
from app.cli.demo.build import Key, build_county
from app.cli.demo.casting import cast
from app.cli.demo.county import load_county
from app.cli.demo.hearings import hearings, instructions, reversals
from app.cli.demo.play import play
from app.cli.demo.pushing import by_hand, slips
from app.cli.demo.stage import Stage
from app.cli.demo.talks import bulletins, interviews, replies
from app.core.db import Database, make_engine

DAYS = 91
CASES = 150


@dataclass(frozen=True, slots=True)
class Wanted:
    """What quarter is wanted: its last day, the seed of all chance, about how many cases, and how many days it lasts."""

    last_day: date
    seed: int = 1
    cases: int = CASES
    days: int = DAYS

    @property
    def first_day(self) -> date:
        """The first day: a working day."""
        return state_calendar().next_working(self.last_day - timedelta(days=self.days - 1))


def live_quarter(
    database: Database, evidence: Path, wanted: Wanted, key: Key, tell: Callable[[date], None] = lambda _: None
) -> int:
    """Fill an empty database and the evidence folder; tell each day that is over. Return how many acts people did."""
    with hurried(database) as quick:
        place = build_county(quick, load_county(), wanted.first_day, wanted.last_day, key)
        stage = Stage(quick, place, evidence, wanted.first_day)
        makers = (hearings, reversals, instructions, slips, by_hand, interviews, replies, bulletins)
        beside = [make(stage, wanted.seed) for make in makers]
        for day in play(stage, cast(stage, wanted.seed, wanted.cases), beside):
            tell(day)
    return stage.moves


@contextmanager
def hurried(database: Database) -> Iterator[Database]:
    """Let SQLite not wait for the disk while a database is made that can be made again; sync everything at the end."""
    if database.engine.dialect.name != "sqlite":
        yield database
        return
    quick = Database(database.url, database.owner_url)
    quick.engine = make_engine(database.url)
    event.listen(quick.engine, "connect", _do_not_wait)
    try:
        yield quick
    finally:
        quick.dispose()
        with closing(database.engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def _do_not_wait(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF").close()
