"""Bulletins: the figures of a period, computed from one snapshot."""

from app.ledgers.bulletins import scopes as _scopes  # noqa: F401
from app.ledgers.bulletins.finders import list_bulletins
from app.ledgers.bulletins.models import Bulletin
from app.ledgers.bulletins.snapshot import best_and_worst, read_snapshot, snapshot_faults, take_snapshot

__all__ = ["Bulletin", "best_and_worst", "list_bulletins", "read_snapshot", "snapshot_faults", "take_snapshot"]
