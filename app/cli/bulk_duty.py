"""The worker's fourth duty: work off the bulk runs that were confirmed, and go on with those whose worker has died."""

from app.cli.waiting_duty import NAME, WaitingDuty
from app.core.logs import log_event
from app.workflows.bulk_working import work_next, work_off


class BulkDuty(WaitingDuty):
    """Works off runs one after the other, each case in a transaction of its own."""

    failed = "bulk_failed"

    def do_next(self) -> bool:
        """Work off the next run that waits."""
        hand = work_next(self.database, self.clock, self.who)
        if hand is not None:
            work_off(hand, self.is_ending)
            log_event(NAME, "bulk_worked", run=hand.run_id)
        return hand is not None
