"""P41: workers share the outbox and are killed at any moment: no message is lost, none doubled but the one in flight.

At the kill a message may have been taken by the mail server and not yet noted: it is sent again with the same id, at most
one for each kill. Nothing else is ever sent twice.
"""

from collections import Counter
from datetime import date
from multiprocessing.context import ForkServerProcess
from random import Random

from sqlalchemy import func, select, text

from app.core.clock import Moment
from app.core.db import Database
from app.ledgers.messages import Contact, Delivery, Message
from app.people import Mandate, Person, Role
from tests.databases import Databases
from tests.faults.figures import dice, figures
from tests.faults.mailing import LEASE, can_hold, hold, start
from tests.notices.servers import MailRoom, mail_room
from tests.people import BEGIN, make_cast

DAY = date(2026, 3, 3)
PERSONS = 60
ROUND = LEASE + 1  # minutes


def crowd(database: Database) -> None:
    """Let very many persons answer for one unit, each with an address and something to be told."""
    cast = make_cast(database, "2026-03-02")
    with database.begin() as session:
        at, unit = cast.clock.now().at, cast.units["A"]
        persons = [Person(username=f"p{number}", name=f"人{number}") for number in range(PERSONS)]
        session.add_all(persons)
        session.flush()
        for person in persons:
            session.add(Mandate(person_id=person.id, unit_id=unit, role=Role.LIAISON, begins_on=BEGIN))
            reach = {"channel": "email", "address": f"{person.username}@county.test"}
            session.add(Contact(person_id=person.id, told_until=at, urgent_until=at, **reach))
        night = Moment.on(DAY, 0, 1)
        row = {"authority_id": cast.units["C"], "unit_id": unit, "kind": "assigned", "subject": "one"}
        session.add(Message(**row, day=DAY, at=night.at))


def sent(database: Database) -> int:
    """Count what is noted as sent."""
    with database.session(read_only=True) as session:
        return session.scalar(select(func.count()).where(Delivery.state == "sent")) or 0


def kill_pairs(database: Database, room: MailRoom, random: Random, kills: int) -> tuple[int, int]:
    """Start pairs of workers and kill them at random moments until that many died; return rounds and how many did."""
    killed = rounds = 0
    while killed < kills and len(set(room.ids)) < PERSONS:
        later = rounds * ROUND
        pair = [start(database.url, DAY, room.port, f"w{rounds}-{number}", later) for number in range(2)]
        wait_for(room, random.randint(1, 12), pair)
        for worker in pair:
            worker.kill()
        for worker in pair:
            worker.join()
            assert worker.exitcode in (0, -9)
            killed += worker.exitcode == -9
        rounds += 1
    return rounds, killed


def wait_for(room: MailRoom, letters: int, workers: list[ForkServerProcess]) -> None:
    """Wait until so many letters more came in, or no worker is left."""
    wanted = len(room.letters) + letters
    while len(room.letters) < wanted and any(worker.exitcode is None for worker in workers):
        workers[0].join(0.002)


def finish(database: Database, room: MailRoom, rounds: int) -> None:
    """Let an undisturbed worker come by when the last leases have ended; then everything is noted."""
    worker = start(database.url, DAY, room.port, "last", rounds * ROUND)
    worker.join()
    assert worker.exitcode == 0
    assert sent(database) == PERSONS


@figures(6, 100)
def test_killed_workers_lose_and_double_nothing(databases: Databases, count: int) -> None:
    random, killed, doubled = dice(), 0, 0
    while killed < count:
        database = databases.fresh("crowd", crowd)
        with mail_room() as room:
            rounds, died = kill_pairs(database, room, random, count - killed)
            finish(database, room, rounds)
            ids = Counter(room.ids)
            assert len(ids) == PERSONS  # none lost: each its own id
            assert sorted(set(room.recipients)) == sorted(f"p{number}@county.test" for number in range(PERSONS))
            again = sum(ids.values()) - PERSONS
            assert again <= died, (again, died)
            assert max(ids.values()) <= 1 + died
        killed, doubled = killed + died, doubled + again
        database.dispose()
    print(f"{killed} workers killed, {PERSONS} messages each time, {doubled} in flight sent again with the same id")


def test_worker_that_keeps_no_claim_is_found_out(databases: Databases) -> None:
    database = databases.fresh("crowd", crowd)
    with mail_room() as room:
        pair = [start(database.url, DAY, room.port, f"w{number}", variant="unmarked") for number in range(2)]
        wait_for(room, PERSONS // 2, pair)
        for worker in pair:
            worker.kill()
            worker.join()
        assert max(Counter(room.ids).values()) > 1
    database.dispose()


def test_workers_share_the_work(databases: Databases) -> None:
    database = databases.fresh("crowd", crowd)
    with mail_room() as room:
        trio = [start(database.url, DAY, room.port, f"w{number}") for number in range(3)]
        for worker in trio:
            worker.join()
        finish(database, room, 1)
        assert len(room.ids) == len(set(room.ids)) == PERSONS
    database.dispose()


def test_daily_job_is_taken_over_when_its_holder_is_killed(databases: Databases) -> None:
    """The lock of a killed holder is free as soon as the database hears of it."""
    database = databases.fresh("crowd", crowd)
    if database.url.startswith("postgresql"):
        holder = hold(database.url)
        assert not can_hold(database)
        holder.kill()
        holder.join()
        with database.session(read_only=True) as session:
            gone = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
            while session.scalar(gone):
                holder.join(0.01)
                session.rollback()
    assert can_hold(database)
    database.dispose()
