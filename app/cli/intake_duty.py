"""The worker's duty on imports: what is too long for a page, and clearing away files that have been kept long enough."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.cli.keeping_duty import KeepingDuty
from app.cli.waiting_duty import NAME
from app.core.logs import log_event
from app.documents.intake_files import FOLDER, do_task
from app.workflows.intake_expiring import expire_imports, kept_imports
from app.workflows.intake_tasks import claim_task


class IntakeDuty(KeepingDuty):
    """Does the work on imports one after the other."""

    failed = "import_failed"
    files, setting = FOLDER, "import_kept_days"

    def do_next(self) -> bool:
        """Do the oldest work that waits."""
        with self.database.begin() as session:
            task_id = claim_task(session, self.who, self.clock.now().at)
        if task_id is not None:
            do_task(self.database, self.clock, self.folder, task_id, self.who, self.is_ending)
            log_event(NAME, "import_worked", task=task_id)
        return task_id is not None

    def forget(self, session: Session, before: datetime) -> None:
        """Let go of the files of old imports, and of what was read from those that nobody took over."""
        expire_imports(session, before)

    def named(self, session: Session, folder: Path) -> set[Path]:
        """Return the files of imports."""
        return kept_imports(session, folder)
