"""Bulk runs: one act on many cases, each with its own outcome."""

from app.ledgers.bulk import scopes as _scopes  # noqa: F401
from app.ledgers.bulk.finders import LINES, Chosen, chosen_cases, done_cases, outcome_lines, past_runs, reasons_of
from app.ledgers.bulk.models import BulkItem, BulkRun

__all__ = [
    "LINES",
    "BulkItem",
    "BulkRun",
    "Chosen",
    "chosen_cases",
    "done_cases",
    "outcome_lines",
    "past_runs",
    "reasons_of",
]
