"""Workers on a bulk run are killed at any moment: the run goes on where it stopped, nothing is lost, nothing is done twice."""

from collections import Counter
from datetime import date
from multiprocessing.context import ForkServerProcess

from sqlalchemy import func, select

from app.audit import Event
from app.core.db import Database
from app.ledgers.bulk import BulkItem, BulkRun
from app.ledgers.cases import Case, Filters
from app.ledgers.messages import Message
from app.workflows import Context
from app.workflows.bulk import choose, start
from tests.databases import Databases
from tests.faults import bulk_hands
from tests.faults.figures import dice, figures
from tests.people import make_cast
from tests.story import Story

DAY = date(2026, 3, 2)
CASES = 24
ROUND = 3  # minutes, longer than a lease


def county(database: Database) -> None:
    """Assign many cases and confirm that all of them are to be reminded of."""
    story = Story(make_cast(database, str(DAY)))
    story.rules()
    for number in range(CASES):
        story.assign(story.log(title=f"第{number}件"), "A", "B")
    with story.cast.begin("supervisor") as (session, actor):
        context = Context(session, actor, story.cast.clock.now())
        start(context, choose(context, "remind", {}, Filters()), {"reason": "请抓紧"})


def worked(database: Database) -> int:
    """Count the cases with an outcome."""
    with database.session(read_only=True) as session:
        return session.scalar(select(func.count()).where(BulkItem.outcome.is_not(None))) or 0


def record(database: Database) -> tuple[Counter[int | None], Counter[int | None], Counter[str | None], BulkRun]:
    """Return how often each case was reminded of, how many messages it made, the outcomes, and the run."""
    with database.session(read_only=True) as session:
        events = Counter(session.scalars(select(Event.case_id).where(Event.kind == "case.remind")))
        told = Counter(session.scalars(select(Message.case_id).where(Message.kind == "reminded")))
        return events, told, Counter(session.scalars(select(BulkItem.outcome))), session.scalars(select(BulkRun)).one()


def wait_for(database: Database, cases: int, workers: list[ForkServerProcess]) -> None:
    """Wait until so many cases have an outcome, or no worker is left."""
    while worked(database) < cases and any(worker.exitcode is None for worker in workers):
        workers[0].join(0.002)


@figures(3, 100)
def test_killed_worker_loses_and_doubles_nothing(databases: Databases, count: int) -> None:
    random, killed = dice(), 0
    while killed < count:
        database, rounds = databases.fresh("reminding", county), 0
        while worked(database) < CASES:
            pair = [bulk_hands.start(database.url, DAY, f"w{rounds}-{n}", rounds * ROUND) for n in range(2)]
            wait_for(database, worked(database) + random.randint(1, 8), pair)
            for worker in pair:
                worker.kill()
                worker.join()
                killed += worker.exitcode == -9
            rounds += 1
        last = bulk_hands.start(database.url, DAY, "last", rounds * ROUND)
        last.join()
        assert last.exitcode == 0
        events, told, outcomes, run = record(database)
        with database.session(read_only=True) as session:
            cases = set(session.scalars(select(Case.id)))
        assert events == Counter(dict.fromkeys(cases, 1))
        assert told == Counter(dict.fromkeys(cases, 2))
        assert outcomes == {"done": CASES}
        assert (run.state, run.done, run.refused) == ("done", CASES, 0)
        database.dispose()
    print(f"{killed} workers killed, {CASES} cases each time")


def test_worker_that_writes_the_outcome_apart_is_found_out(databases: Databases) -> None:
    database = databases.fresh("reminding", county)
    for variant in ("apart", ""):
        worker = bulk_hands.start(database.url, DAY, variant or "whole", 0 if variant else ROUND, variant)
        worker.join()
    events, _, outcomes, _ = record(database)
    assert sum(events.values()) == CASES
    assert outcomes == {"done": CASES - 1, "refused": 1}  # one was moved, and its outcome says that it was not
    database.dispose()


def test_workers_do_not_work_on_one_run_together(databases: Databases) -> None:
    database = databases.fresh("reminding", county)
    trio = [bulk_hands.start(database.url, DAY, f"w{number}") for number in range(3)]
    for worker in trio:
        worker.join()
        assert worker.exitcode == 0
    events, _, outcomes, run = record(database)
    assert (set(events.values()), outcomes, run.state) == ({1}, {"done": CASES}, "done")
    database.dispose()
