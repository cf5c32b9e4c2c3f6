"""A worker on a bulk run in a process of its own, to be killed between any two statements."""

import os
from datetime import date, datetime
from multiprocessing.context import ForkServerProcess
from signal import SIGKILL
from typing import Any

from sqlalchemy.orm import Session

from app.core.db import Database
from app.workflows import bulk_working
from app.workflows.bulk_working import work_next, work_off
from tests.faults.mailing import BEGUN, FORK, Running


def start(url: str, day: date, who: str, later: int = 0, variant: str = "") -> ForkServerProcess:
    """Start a worker, by a clock that is some minutes ahead."""
    process = FORK.Process(target=work, args=(url, day, BEGUN, who, later, variant))
    process.start()
    return process


def work(url: str, day: date, begun: datetime, who: str, later: int, variant: str) -> None:
    """Take up the run that waits, or whose worker has died, and work it off."""
    database = Database(url)
    if variant == "apart":
        bulk_working._note = note_apart
    hand = work_next(database, Running(day, begun, later), who)
    if hand is not None:
        work_off(hand)
    database.dispose()


def note_apart(session: Session, run_id: int, item_id: int, values: dict[str, Any]) -> None:
    """The wrong variant: the move is committed before its outcome is written, and the worker dies in between."""
    session.commit()
    os.kill(os.getpid(), SIGKILL)
