"""The daily job in a process of its own, to be killed: forked from a server that has everything loaded."""

import os
import signal
from collections.abc import Callable, Iterable
from datetime import date
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from typing import Any

from app.core.clock import Moment
from app.core.db import Database
from app.workflows import catch_up, confirming, daily, posting, settling

FORK = get_context("forkserver")
FORK.set_forkserver_preload(["tests.faults.job", "app.schema"])


def start(url: str, day: date, batch: int, variant: str = "") -> ForkServerProcess:
    """Start the job in a process of its own."""
    process = FORK.Process(target=run, args=(url, day, batch, variant))
    process.start()
    return process


def run(url: str, day: date, batch: int, variant: str) -> None:
    """Catch up to the day in batches of that many cases; a variant spoils the job first."""
    before = daily.BATCH, confirming.BATCH
    daily.BATCH = confirming.BATCH = batch
    if variant:
        VARIANTS[variant]()
    database = Database(url)
    for _ in catch_up(database, day, Moment.on(day, 0), is_confirmed=True):
        pass
    database.dispose()
    daily.BATCH, confirming.BATCH = before


def in_separate_commits() -> None:
    """Commit the entries before the totals, and die between the two at the third batch: a job as often written."""
    calls, whole = iter(range(1000)), posting.add_to_totals

    def careless(session: Any, moves: Iterable[Any]) -> None:
        session.commit()
        if next(calls) == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        whole(session, moves)

    for module in (posting, settling, confirming):
        vars(module)["add_to_totals"] = careless


VARIANTS: dict[str, Callable[[], None]] = {"separate": in_separate_commits}
