"""Bulk runs on record: what somebody wants done to which cases, as they were seen, and what became of each."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Id, Model, Ref, UtcDateTime

UNDER_WAY = sql("state IN ('waiting', 'running')")
OPEN = sql("outcome IS NULL")


class BulkRun(Model):
    """One act on many cases. Whoever works on it holds it until `lease_until`; a lapsed one is gone on with by another.

    `attempts` counts how often it was taken up since the last case that got an outcome.
    """

    __tablename__ = "bulk_runs"
    __table_args__ = (
        Index("ix_bulk_runs_person", "person_id", "id"),
        Index("ix_bulk_runs_under_way", "state", "id", sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY),
    )

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id", ondelete="RESTRICT"))
    person_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id", ondelete="RESTRICT"))
    act: Mapped[str] = mapped_column(String(30))
    form: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(20), default="chosen")
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(80))
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="")


class BulkItem(Model):
    """One case of a run: the version it was seen with, and what became of it, written with the move itself."""

    __tablename__ = "bulk_items"
    __table_args__ = (
        UniqueConstraint("run_id", "case_id"),
        Index("ix_bulk_items_open", "run_id", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_bulk_items_outcome", "run_id", "outcome", "id"),
    )

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(Ref, ForeignKey("bulk_runs.id", ondelete="RESTRICT"))
    case_id: Mapped[int] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"))
    version: Mapped[int]
    outcome: Mapped[str | None] = mapped_column(String(10))
    said: Mapped[str] = mapped_column(Text, default="")
    event_id: Mapped[int | None] = mapped_column(Ref)
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
