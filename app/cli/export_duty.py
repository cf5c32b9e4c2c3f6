"""The worker's third duty: make the ledgers that were asked for, and clear away files that have been kept long enough."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from shutil import rmtree

from app.cli.waiting_duty import NAME, WATCH, WaitingDuty
from app.core.clock import Clock
from app.core.db import Database
from app.core.logs import log_event
from app.documents.ledger_files import FOLDER, make_export
from app.people import shipped_settings
from app.workflows.exporting import claim_export, expire_exports, kept_files

LEFT_OVER = timedelta(days=1)  # files that no export names: those of a maker that was killed


class ExportDuty(WaitingDuty):
    """Makes exports one after the other."""

    failed = "export_failed"

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

    def do_next(self) -> bool:
        """Make the next export that waits."""
        with self.database.begin() as session:
            export_id = claim_export(session, self.who, self.clock.now().at)
        if export_id is not None:
            make_export(self.database, self.clock, self.folder, export_id, self.who, self.is_ending)
            log_event(NAME, "export_made", export=export_id)
        return export_id is not None

    def sweep(self) -> None:
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
