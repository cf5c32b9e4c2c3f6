"""What the second reckoning keeps: slips and entries as they stand."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.faults.scripts import after


@dataclass
class Slip:
    """A slip as it stands."""

    level: int
    drafted_on: date
    due_on: date
    number: str = ""
    issued_on: date | None = None
    acknowledged_on: date | None = None
    replied_on: date | None = None
    state: str = "draft"

    def limit(self, days: int) -> date:
        """Return when a limit that began with the issue ends."""
        assert self.issued_on is not None
        return after(self.issued_on, days)


@dataclass
class Line:
    """An entry: dated on the day it is for, heard from the day it was told."""

    rule: str
    unit: str
    day: date
    points: Decimal
    told_on: date
    slip: Slip | None = None
    state: str = "proposed"
    again_for: date | None = None  # the late day, when it is posted against the contra of a line that cost another sum
