"""The worker's duty on imports that are too long for a page: read, judge, take over and reverse them."""

from collections.abc import Callable
from pathlib import Path

from app.cli.waiting_duty import NAME, WATCH, WaitingDuty
from app.core.clock import Clock
from app.core.db import Database
from app.core.logs import log_event
from app.documents.intake_files import do_task
from app.workflows.intake_tasks import claim_task


class IntakeDuty(WaitingDuty):
    """Does the work on imports one after the other."""

    failed = "import_failed"

    def __init__(
        self,
        database: Database,
        clock: Clock,
        folder: Path,
        is_ending: Callable[[], bool] = lambda: False,
        watch: float = WATCH,
    ) -> None:
        super().__init__(database, clock, is_ending, watch)
        self.folder = folder

    def do_next(self) -> bool:
        """Do the oldest work that waits."""
        with self.database.begin() as session:
            task_id = claim_task(session, self.who, self.clock.now().at)
        if task_id is not None:
            do_task(self.database, self.clock, self.folder, task_id, self.who, self.is_ending)
            log_event(NAME, "import_worked", task=task_id)
        return task_id is not None
