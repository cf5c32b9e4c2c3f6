"""Audit: the append-only, chained record of everything that happened."""

from app.audit.chain import Fact, event_hash, record, record_many
from app.audit.models import SYSTEM_CHAIN, Chain, Event
from app.audit.verify import Break, broken_chains

__all__ = ["SYSTEM_CHAIN", "Break", "Chain", "Event", "Fact", "broken_chains", "event_hash", "record", "record_many"]
