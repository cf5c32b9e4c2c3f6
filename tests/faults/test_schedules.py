"""P02: order, repetition and number of workers do not matter: every schedule of the job leaves the same ledger."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.core.clock import Moment
from app.core.db import Database
from app.ledgers.cases import Case
from app.people import SYSTEM
from app.workflows import Context, confirming, daily, run_day, settle, settling
from tests.databases import Databases
from tests.faults.figures import dice, figures
from tests.faults.ledger import Ledger, doubled, read_ledger, wrong_in_itself
from tests.faults.overdue import overdue_county

DAYS = [date(2026, 3, 14) + timedelta(days=number) for number in range(7)]


def straight(database: Database) -> None:
    """Run each day once, alone, in large batches."""
    for day in DAYS:
        run_day(database, day, Moment.on(day, 0))


def at_random(database: Database, random: Random) -> None:
    """Run each day by one to three workers, once to three times, in batches of any size, cases of any order before it."""
    for day in DAYS:
        daily.BATCH, confirming.BATCH = random.randint(1, 20), random.randint(1, 20)
        if random.random() < 0.5:
            settle_some(database, day, random)
        for _ in range(random.choice([1, 1, 1, 2, 3])):
            workers = random.choice([1, 1, 2, 3])
            with ThreadPoolExecutor(workers) as pool:
                for done in [pool.submit(run_day, database, day, Moment.on(day, 0)) for _ in range(workers)]:
                    done.result()


def settle_some(database: Database, day: date, random: Random) -> None:
    """Settle some cases by themselves, in any order."""
    with database.session(read_only=True) as session:
        ids = list(session.scalars(select(Case.id).where(Case.assigned_on.is_not(None)).order_by(Case.id)))
    for case_id in random.sample(ids, random.randint(1, len(ids))):
        with database.begin() as session:
            session.get(Case, case_id, with_for_update=True)
            settle(Context(session, SYSTEM, Moment.on(day, 0)), [case_id], as_at=day, told_on=day)


def played(databases: Databases, play: Callable[[Database], None]) -> Ledger:
    """Play a schedule in a county of its own and return what it leaves."""
    database = overdue_county(databases)
    usual = daily.BATCH, confirming.BATCH
    try:
        play(database)
        assert doubled(database) == []
        assert wrong_in_itself(database) == []
        return read_ledger(database)
    finally:
        daily.BATCH, confirming.BATCH = usual
        database.dispose()


@figures(3, 500)
def test_every_schedule_leaves_the_same_ledger(databases: Databases, count: int) -> None:
    random = dice()
    wanted = played(databases, straight)
    assert sum(wanted["entries"].values()) > 30
    assert sum(wanted["slips"].values()) > 5
    for _ in range(count):
        assert played(databases, lambda database: at_random(database, random)) == wanted


def test_key_that_comes_from_chance_is_found_out(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = iter(range(10**6))
    whole = vars(settling)["assess"]

    def careless(*given: Any) -> list[Any]:
        return [replace(deduction, key=f"{next(keys)}") for deduction in whole(*given)]

    wanted = played(databases, straight)
    monkeypatch.setattr(settling, "assess", careless)
    monkeypatch.setattr(settling, "_take_back", lambda *_given: 0)
    database = overdue_county(databases)
    straight(database)
    straight(database)
    assert doubled(database) != []
    assert read_ledger(database)["entries"] != wanted["entries"]
    database.dispose()


def test_job_that_forgets_what_stands_on_record_is_stopped_by_the_database(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = overdue_county(databases)
    straight(database)
    before = read_ledger(database)
    monkeypatch.setattr(settling, "entries_by_case", lambda *_given: {})
    with pytest.raises((IntegrityError, RuntimeError)):
        straight(database)
    assert read_ledger(database) == before
    database.dispose()
