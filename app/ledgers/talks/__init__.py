"""Talks: interviews and their commitments, and leaders' instructions on a case."""

from app.ledgers.talks import scopes as _scopes  # noqa: F401
from app.ledgers.talks.finders import (
    Promise,
    Talk,
    Wanted,
    Wish,
    commitment_files,
    commitments_of,
    count_interviews,
    has_talks,
    list_instructions,
    list_interviews,
)
from app.ledgers.talks.models import Commitment, CommitmentFile, Instruction, Interview

__all__ = [
    "Commitment",
    "CommitmentFile",
    "Instruction",
    "Interview",
    "Promise",
    "Talk",
    "Wanted",
    "Wish",
    "commitment_files",
    "commitments_of",
    "count_interviews",
    "has_talks",
    "list_instructions",
    "list_interviews",
]
