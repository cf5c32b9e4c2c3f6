"""The worker's third duty: make the ledgers that were asked for, and clear away files that have been kept long enough."""

import logging
import os
import socket
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from shutil import rmtree
from threading import Event, Lock
from time import monotonic

from app.core.clock import Clock
from app.core.db import Database
from app.core.logs import log_event
from app.documents.ledger_files import FOLDER, make_export
from app.people import shipped_settings
from app.workflows.exporting import claim_export, expire_exports, kept_files

NAME = "worker"
WATCH = 50.0  # seconds that a tick looks out for new exports, so that nobody waits for the next minute
PAUSE = 1.0
LEFT_OVER = timedelta(days=1)  # files that no export names: those of a maker that was killed


class ExportDuty:
    """Makes exports one after the other; a tick that comes while the last is still at work does nothing."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        folder: Path,
        is_ending: Callable[[], bool] = lambda: False,
        watch: float = WATCH,
    ) -> None:
        self.database, self.clock, self.folder, self.is_ending, self.watch = database, clock, folder, is_ending, watch
        self.who = f"{socket.gethostname()[:30]}:{os.getpid()}"
        self.busy, self.swept_on, self.said = Lock(), "", ""

    def __call__(self) -> None:
        """Make what waits and look out for more; whatever goes wrong is logged, and the next tick tries again."""
        if not self.busy.acquire(blocking=False):
            return
        try:
            self._sweep()
            self._work()
        except Exception as error:  # a worker outlives what goes wrong
            log_event(NAME, "export_failed", logging.ERROR, reason=f"{type(error).__name__}: {str(error)[:200]}")
        finally:
            self.busy.release()

    def _work(self) -> None:
        until, rest = monotonic() + self.watch, Event()
        while not self.is_ending():
            if self._make_next():
                continue
            if monotonic() >= until:
                return
            rest.wait(PAUSE)

    def _make_next(self) -> bool:
        with self.database.begin() as session:
            export_id = claim_export(session, self.who, self.clock.now().at)
        if export_id is not None:
            make_export(self.database, self.clock, self.folder, export_id, self.who, self.is_ending)
            log_event(NAME, "export_made", export=export_id)
        return export_id is not None

    def _sweep(self) -> None:
        """Once an hour: forget old exports' files, and delete every file that no export names any more."""
        now = self.clock.now()
        hour = f"{now.at:%Y-%m-%d %H}"
        if hour == self.swept_on:
            return
        days = next(setting.value for setting in shipped_settings() if setting.name == "export_kept_days")
        folder = self.folder / FOLDER
        with self.database.begin() as session:
            expire_exports(session, now.at - timedelta(days=days))
            named = kept_files(session, folder)
        for path in folder.glob("*") if folder.is_dir() else ():
            is_old = path.stat().st_mtime < (now.at - LEFT_OVER).timestamp()
            if path in named or not is_old:
                continue
            if path.is_dir():
                rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        self.swept_on = hour
