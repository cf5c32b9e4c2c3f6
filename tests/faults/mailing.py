"""A worker's outbox in a process of its own, to be killed: forked from a server that has everything loaded."""

from datetime import date, datetime, timedelta
from ipaddress import ip_network
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from threading import Event
from typing import Any

from sqlalchemy.orm import Session

from app.core.alone import alone
from app.core.clock import Moment, SystemClock
from app.core.db import Database
from app.notices import Channel, Sender, sweep
from app.notices.mail import Mail, MailServer
from app.notices.outbound import AllowList
from app.notices.sending import Claimed

FORK = get_context("forkserver")
FORK.set_forkserver_preload(["tests.faults.mailing", "app.schema"])
LEASE = 10  # minutes, longer than any round: a claim ends by the clock of the next round, never under a slow worker
EIGHT = 8
BEGUN = SystemClock().now().at


class Running:
    """The day's clock: eight in the morning of the day, some minutes later, plus the time since the tests began."""

    def __init__(self, day: date, begun: datetime, later: int) -> None:
        self.machine, self.begun = SystemClock(), begun - timedelta(minutes=later)
        self.start = Moment.on(day, EIGHT)

    def now(self) -> Moment:
        """Return the moment."""
        return Moment.of(self.start.at + (self.machine.now().at - self.begun))


def start(url: str, day: date, port: int, who: str, later: int = 0, variant: str = "") -> ForkServerProcess:
    """Start a worker, by a clock that is some minutes ahead."""
    process = FORK.Process(target=work, args=(url, day, BEGUN, port, who, later, variant))
    process.start()
    return process


def work(url: str, day: date, begun: datetime, port: int, who: str, later: int, variant: str) -> None:
    """Take up what is new and send until nothing is left, as a worker does at its ticks."""
    database, clock = Database(url), Running(day, begun, later)
    allow = AllowList(frozenset({"127.0.0.1"}), (ip_network("127.0.0.1/32"),))
    mail = Mail(MailServer("127.0.0.1", port, "none", "dukao@county.test", per_minute=60_000), allow, clock)
    sender = Sender(database, clock, who, "https://dukao.test", lease=timedelta(minutes=LEASE))
    if variant == "unmarked":
        sender = Unmarked(database, clock, who, "https://dukao.test", lease=timedelta(minutes=LEASE))
    with database.begin() as session:
        sweep(session, Moment.on(day, 0, 30), wants_all=True)
    sender.send_due((mail,))
    database.dispose()


class Unmarked(Sender):
    """A worker as often written: what it claims, nobody else can see."""

    def _claim(self, session: Session, channel: Channel, now: Moment) -> tuple[int, list[Claimed], float]:
        found = super()._claim(session, channel, now)
        session.rollback()
        return found


def hold(url: str) -> ForkServerProcess:
    """Start a process that holds the daily job's lock until it is killed; return when it has it."""
    here, there = FORK.Pipe()
    process = FORK.Process(target=_hold, args=(url, there))
    process.start()
    assert here.recv() is True
    return process


def _hold(url: str, there: Any) -> None:
    with alone(Database(url), "daily") as is_mine:
        there.send(is_mine)
        Event().wait()


def can_hold(database: Database) -> bool:
    """Say whether the daily job's lock is free."""
    with alone(database, "daily") as is_mine:
        return is_mine
