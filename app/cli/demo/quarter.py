"""The lived quarter: an empty database becomes the county with all that happened in it until the last day."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from app.cli.demo.stage import Stage
from app.core.db import Database

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
    with hurried(database):
        place = build_county(database, load_county(), wanted.first_day, wanted.last_day, key)
        stage = Stage(database, place, evidence, wanted.first_day)
        beside = [make(stage, wanted.seed) for make in (hearings, reversals, instructions)]
        for day in play(stage, cast(stage, wanted.seed, wanted.cases), beside):
            tell(day)
    return stage.moves


@contextmanager
def hurried(database: Database) -> Iterator[None]:
    """Let SQLite not wait for the disk while a database is made that can be made again; sync everything at the end."""
    if database.engine.dialect.name != "sqlite":
        yield
        return
    event.listen(database.engine, "connect", _do_not_wait)
    database.dispose()
    try:
        yield
    finally:
        event.remove(database.engine, "connect", _do_not_wait)
        database.dispose()
        with database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")


def _do_not_wait(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF").close()
