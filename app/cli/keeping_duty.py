"""A duty whose work leaves files in a folder of its own, and which clears away those that have been kept long enough."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from shutil import rmtree

from sqlalchemy.orm import Session

from app.cli.waiting_duty import WATCH, WaitingDuty
from app.core.clock import Clock
from app.core.db import Database
from app.people import shipped_settings

LEFT_OVER = timedelta(days=1)  # files that nothing on record names: those of a maker that was killed


class KeepingDuty(WaitingDuty):
    """Works off what waits, and looks after its files: `files` is their folder, `setting` for how many days they stay."""

    files = ""
    setting = ""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        folder: Path,
        is_ending: Callable[[], bool] = lambda: False,
        watch: float = WATCH,
    ) -> None:
        super().__init__(database, clock, is_ending, watch)
        self.folder, self.swept_on = folder, ""

    def forget(self, session: Session, before: datetime) -> None:
        """Let go, on record, of the files that are older."""
        raise NotImplementedError

    def named(self, session: Session, folder: Path) -> set[Path]:
        """Return the files in the folder that something on record still names."""
        raise NotImplementedError

    def sweep(self) -> None:
        """Once an hour: forget old files, and delete every file that nothing names any more."""
        now = self.clock.now()
        hour = f"{now.at:%Y-%m-%d %H}"
        if hour == self.swept_on:
            return
        days = next(setting.value for setting in shipped_settings() if setting.name == self.setting)
        folder = self.folder / self.files
        with self.database.begin() as session:
            self.forget(session, now.at - timedelta(days=days))
            named = self.named(session, folder)
        for path in folder.glob("*") if folder.is_dir() else ():
            is_old = path.stat().st_mtime < (now.at - LEFT_OVER).timestamp()
            if path in named or not is_old:
                continue
            if path.is_dir():
                rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        self.swept_on = hour
