"""A duty of the worker that takes up what waits, one thing after the other, and looks out for more."""

import logging
import os
import socket
from collections.abc import Callable
from threading import Event, Lock
from time import monotonic

from app.core.clock import Clock
from app.core.db import Database
from app.core.logs import log_event

NAME = "worker"
WATCH = 50.0  # seconds that a tick looks out for more, so that nobody waits for the next minute
PAUSE = 1.0


class WaitingDuty:
    """Works off what waits; a tick that comes while the last is still at work does nothing."""

    failed = "failed"

    def __init__(
        self, database: Database, clock: Clock, is_ending: Callable[[], bool] = lambda: False, watch: float = WATCH
    ) -> None:
        self.database, self.clock, self.is_ending, self.watch = database, clock, is_ending, watch
        self.who = f"{socket.gethostname()[:30]}:{os.getpid()}"
        self.busy = Lock()

    def __call__(self) -> None:
        """Do what waits and look out for more; whatever goes wrong is logged, and the next tick tries again."""
        if not self.busy.acquire(blocking=False):
            return
        try:
            self.sweep()
            self._work()
        except Exception as error:  # a worker outlives what goes wrong
            log_event(NAME, self.failed, logging.ERROR, reason=f"{type(error).__name__}: {str(error)[:200]}")
        finally:
            self.busy.release()

    def sweep(self) -> None:
        """Clear away what is old, before the work."""

    def do_next(self) -> bool:
        """Do the next thing that waits; False when nothing does."""
        raise NotImplementedError

    def _work(self) -> None:
        until, rest = monotonic() + self.watch, Event()
        while not self.is_ending():
            if self.do_next():
                continue
            if monotonic() >= until:
                return
            rest.wait(PAUSE)
