"""The worker's third duty: make the ledgers that were asked for, and clear away files that have been kept long enough."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.cli.keeping_duty import KeepingDuty
from app.cli.waiting_duty import NAME
from app.core.logs import log_event
from app.documents.ledger_files import FOLDER, make_export
from app.workflows.exporting import claim_export, expire_exports, kept_files


class ExportDuty(KeepingDuty):
    """Makes exports one after the other."""

    failed = "export_failed"
    files, setting = FOLDER, "export_kept_days"

    def do_next(self) -> bool:
        """Make the next export that waits."""
        with self.database.begin() as session:
            export_id = claim_export(session, self.who, self.clock.now().at)
        if export_id is not None:
            make_export(self.database, self.clock, self.folder, export_id, self.who, self.is_ending)
            log_event(NAME, "export_made", export=export_id)
        return export_id is not None

    def forget(self, session: Session, before: datetime) -> None:
        """Let go of the files of old exports."""
        expire_exports(session, before)

    def named(self, session: Session, folder: Path) -> set[Path]:
        """Return the files of exports."""
        return kept_files(session, folder)
