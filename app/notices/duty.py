"""The worker's second duty at every tick: take up what was written, send what is due."""

import logging
import os
import socket
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from app.core.clock import Clock, Moment
from app.core.db import Database
from app.core.logs import log_event
from app.notices.sending import NAME, Sender
from app.notices.settings import Misconfigured, Outlets, load_outlets
from app.notices.sweeping import set_up_robots, sweep_all


class OutboxDuty:
    """Takes up messages and sends what is due; a tick that comes while the last is still at work does nothing."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        folder: Path,
        is_ending: Callable[[], bool] = lambda: False,
        who: str | None = None,
    ) -> None:
        self.database, self.clock, self.folder, self.is_ending = database, clock, folder, is_ending
        self.who = who or f"{socket.gethostname()[:30]}:{os.getpid()}"
        self.busy, self.said, self.made_at = Lock(), "", ""

    def __call__(self) -> None:
        """Do what is due; whatever goes wrong is logged once, and the next tick tries again."""
        if not self.busy.acquire(blocking=False):
            return
        try:
            self._do()
        except Misconfigured as error:
            self._say_once("misconfigured", str(error))
        except Exception as error:  # a worker outlives what goes wrong
            self._say_once("failed", f"{type(error).__name__}: {str(error).partition(chr(10))[0][:200]}")
        finally:
            self.busy.release()

    def _do(self) -> None:
        outlets = load_outlets(self.folder, self.clock)
        self.take_up(self.clock.now(), outlets)
        if outlets is not None:
            Sender(self.database, self.clock, self.who, outlets.address).send_due(outlets.channels, self.is_ending)

    def take_up(self, now: Moment, outlets: Outlets | None) -> None:
        """Sweep what is new; once an hour look again for what waited for its day."""
        hour = f"{now.at:%Y-%m-%d %H}"
        with self.database.begin() as session:
            unknown = set_up_robots(session, outlets.robots if outlets else {}, now) if hour != self.made_at else []
        found = sweep_all(self.database, now, wants_all=hour != self.made_at)
        self.made_at = hour if found else self.made_at
        if found and any(found):
            log_event(NAME, "swept", messages=found[0], deliveries=found[1])
        for robot in unknown:
            log_event(NAME, "robot_of_unknown_unit", logging.WARNING, robot=robot)

    def _say_once(self, event: str, reason: str) -> None:
        if reason != self.said:
            self.said = reason
            log_event(NAME, event, logging.ERROR, reason=reason)
