"""`flask worker`: does the daily job shortly after midnight, and at once when it is behind; all day sends, exports, works off.

Huey keeps the time, the thread and the signals; what is to be done is read from our own rows at every tick, so a lost or
doubled tick changes nothing, and any number of workers may run beside each other (docs/decisions/0008). On PostgreSQL they
share the work: one does the daily job while the others send; when it is killed another does it at the next tick.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from threading import Lock

import click
from flask import current_app
from flask.cli import with_appcontext
from huey import SqliteHuey, crontab
from huey.consumer import Consumer
from sqlalchemy.exc import DBAPIError

from app.cli.bulk_duty import BulkDuty
from app.cli.edges import the_database, the_settings
from app.cli.export_duty import ExportDuty
from app.cli.intake_duty import IntakeDuty
from app.cli.waiting_duty import WaitingDuty
from app.core.alone import alone
from app.core.clock import Clock, Moment
from app.core.db import Database
from app.core.errors import Refused
from app.core.loaded import keep_loaded
from app.core.logs import log_event, write_logs
from app.core.protect import missing_protections
from app.notices import OutboxDuty
from app.workflows import TrueTime, catch_up, database_time, doubts, last_done

QUEUE = "queue.db"
GRACE = timedelta(minutes=1)  # moves of the old day that are still under way may finish first
NAME = "worker"


class DailyDuty:
    """The question asked at every tick: is a day to be done? It says once for each day why one is not."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        true_time: TrueTime | None = database_time,
        is_ending: Callable[[], bool] = lambda: False,
    ) -> None:
        self.database, self.clock, self.true_time, self.is_ending = database, clock, true_time, is_ending
        self.said: tuple[object, ...] = ()
        self.busy = Lock()

    def __call__(self) -> None:
        """Do what is due, unless another does; whatever goes wrong is logged, and the next tick tries again."""
        if not self.busy.acquire(blocking=False):
            return
        try:
            with alone(self.database, "daily") as is_mine:
                if is_mine:
                    self._do()
        except Exception as error:  # a worker outlives what goes wrong
            kind = type(error).__name__
            self._say_once("failed", logging.ERROR, kind, reason=f"{kind}: {str(error).partition(chr(10))[0]}")
        finally:
            self.busy.release()

    def _do(self) -> None:
        now = self.clock.now()
        day = Moment.of(now.at - GRACE).day
        with self.database.session(read_only=True) as session:
            last = last_done(session)
            if last is not None and last >= day:
                return self._say_once("ahead", logging.WARNING, last_done=last) if last > now.day else None
            found = doubts(session, last, day, now, self.true_time)
        if found:
            reason = "；".join(doubt.said for doubt in found)
            return self._say_once("refused", logging.WARNING, *(doubt.kind for doubt in found), day=day, reason=reason)
        return self._catch_up(day, now)

    def _catch_up(self, day: date, now: Moment) -> None:
        try:
            for done in catch_up(self.database, day, now, clock=self.true_time):
                log_event(NAME, "day_done", **asdict(done))
                if self.is_ending():
                    return
        except Refused as error:  # another worker was faster
            self._say_once("refused", logging.WARNING, day=day, reason=str(error))

    def _say_once(self, event: str, level: int, *kinds: str, **fields: object) -> None:
        said = (event, self.clock.now().day, kinds)
        if said != self.said:
            self.said = said
            log_event(NAME, event, level, **fields)


class Worker(Consumer):
    """Huey's consumer; it says that it has started once it heeds signals, which is the last thing it sets up."""

    def start(self) -> None:
        """Start the threads, then the signals, then say so."""
        super().start()
        log_event(NAME, "started")


def make_consumer(folder: Path, duty: DailyDuty, outbox: OutboxDuty | None = None, *more: WaitingDuty) -> Consumer:
    """Make the engine: ticks at start and once a minute, a thread for each duty, a queue file in the data folder."""
    queue = SqliteHuey(NAME, filename=str(folder / QUEUE), results=False, utc=True)
    duties: dict[str, DailyDuty | OutboxDuty | WaitingDuty] = {"daily": duty}
    duties |= ({"outbox": outbox} if outbox else {}) | {type(one).__name__: one for one in more}
    ticks = [queue.periodic_task(crontab(), name=name)(one.__call__) for name, one in duties.items()]
    consumer = Worker(queue, workers=len(duties), worker_type="thread", max_delay=1.0, graceful_signal="TERM")
    for one in duties.values():
        one.is_ending = consumer.stop_flag.is_set
    for tick in ticks:
        tick()
    return consumer


def _refuse_unprotected(database: Database) -> None:
    """Refuse to begin on a database that is not laid out or lost a protection; one that is away is waited for."""
    with suppress(DBAPIError), database.engine.connect() as connection:
        if missing := missing_protections(connection):
            said = f"数据库还没有建好，或缺少 {len(missing)} 项保护（如 {missing[0]}）。请先执行 flask db upgrade。"
            raise click.ClickException(said)


@click.command("worker")
@with_appcontext
def worker_cli() -> None:
    """Work until told to end (SIGTERM finishes the date at hand)."""
    write_logs()
    logging.getLogger("huey").setLevel(logging.WARNING)
    database, clock, folder = the_database(), current_app.extensions["clock"], the_settings().instance
    _refuse_unprotected(database)
    outbox, exports = OutboxDuty(database, clock, folder), ExportDuty(database, clock, folder)
    imports = IntakeDuty(database, clock, folder)
    consumer = make_consumer(folder, DailyDuty(database, clock), outbox, exports, BulkDuty(database, clock), imports)
    keep_loaded()
    consumer.run()
    log_event(NAME, "ended")
