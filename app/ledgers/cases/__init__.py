"""Cases: one problem from feedback to closure, with everything on record about it."""

from app.ledgers.cases.dates import Deadline, Pause
from app.ledgers.cases.files import StoredFile, read_checked, store
from app.ledgers.cases.models import NO_DEADLINE, Assignment, Case, CaseSource, Counter, Listing
from app.ledgers.cases.scopes import is_office
from app.ledgers.cases.work import Evidence, Measure, Plan, ProgressReport, Request, Verification

__all__ = [
    "NO_DEADLINE",
    "Assignment",
    "Case",
    "CaseSource",
    "Counter",
    "Deadline",
    "Evidence",
    "Listing",
    "Measure",
    "Pause",
    "Plan",
    "ProgressReport",
    "Request",
    "StoredFile",
    "Verification",
    "is_office",
    "read_checked",
    "store",
]
