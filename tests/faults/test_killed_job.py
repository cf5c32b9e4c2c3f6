"""P01: a killed daily job loses and doubles nothing; two jobs run at once and are killed at any moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from random import Random
from typing import Any

from sqlalchemy import func, select

from app.core.db import Database
from app.ledgers.scores import ScoreEntry
from tests.databases import Databases
from tests.faults.figures import dice, figures
from tests.faults.job import run, start
from tests.faults.ledger import Ledger, doubled, read_ledger, wrong_in_itself
from tests.faults.overdue import LAST, overdue_county


@contextmanager
def county(databases: Databases) -> Iterator[Database]:
    """A county of its own."""
    database = overdue_county(databases)
    yield database
    database.dispose()


def undisturbed(databases: Databases) -> tuple[Ledger, Ledger]:
    """Return the ledger before, and after a job that nobody disturbs."""
    with county(databases) as database:
        before = read_ledger(database)
        run(database.url, LAST, 1000, "")
        return before, read_ledger(database)


def kill_until(database: Database, random: Random, kills: int, entries: range) -> tuple[int, int]:
    """Kill pairs of jobs at random moments; return how many were killed, and after how many the work was half done."""
    killed = halfway = 0
    while killed < kills and entries:
        batch = random.choice([1, 2, 5])
        jobs = [start(database.url, LAST, batch) for _ in range(2)]
        wait_for(database, random.choice(entries), jobs[0])
        done = [end(job) for job in jobs]
        killed += sum(not finished for finished in done)
        if any(done):
            break
        halfway += sum(read_ledger(database)["entries"].values()) in entries
        entries = range(sum(read_ledger(database)["entries"].values()) + 1, entries.stop)
    return killed, halfway


def wait_for(database: Database, entries: int, job: ForkServerProcess) -> None:
    """Wait until the ledger has come so far, or the job is done."""
    with database.session(read_only=True) as session:
        while (session.scalar(select(func.count()).select_from(ScoreEntry)) or 0) < entries and job.exitcode is None:
            session.rollback()
            job.join(0.005)


def end(job: ForkServerProcess) -> bool:
    """Kill a job (signal 9); return whether it had finished before."""
    job.kill()
    job.join()
    assert job.exitcode in (0, -9)
    return job.exitcode == 0


@figures(6, 200)
def test_job_killed_at_any_moment_loses_and_doubles_nothing(databases: Databases, count: int) -> None:
    random = dice()
    before, wanted = undisturbed(databases)
    between = range(sum(before["entries"].values()) + 1, sum(wanted["entries"].values()))
    assert len(between) > 60
    killed = halfway = 0
    while killed < count:
        with county(databases) as database:
            some, half = kill_until(database, random, count - killed, between)
            killed, halfway = killed + some, halfway + half
            assert doubled(database) == []
            assert wrong_in_itself(database) == []
            run(database.url, LAST, 1000, "")
            assert differences(wanted, read_ledger(database)) == {}
            assert wrong_in_itself(database) == []
    print(f"{killed} jobs killed, {halfway} times halfway, {len(between) + 1} entries to lose")
    assert halfway > 0


def differences(wanted: Ledger, found: Ledger) -> dict[str, Any]:
    """Return the parts in which two ledgers differ."""
    return {part: (wanted[part], found[part]) for part in wanted if wanted[part] != found[part]}


def test_job_that_commits_in_pieces_is_found_out(databases: Databases) -> None:
    _, wanted = undisturbed(databases)
    with county(databases) as database:
        job = start(database.url, LAST, 2, "separate")
        job.join()
        assert job.exitcode == -9
        run(database.url, LAST, 1000, "")
        assert "totals" in differences(wanted, read_ledger(database))
        assert wrong_in_itself(database) != []
