"""Exports on record: who asked for which ledger, how far it is, and the file it became."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Id, Model, Ref, UtcDateTime

UNDER_WAY = sql("state IN ('waiting', 'running')")


class Export(Model):
    """One ledger handed out. `reach` is a digest of what the asker's mandates reached when it was asked for.

    Whoever makes the file holds it until `lease_until` and says so again with each batch; a lapsed one is begun anew.
    """

    __tablename__ = "exports"
    __table_args__ = (
        Index("ix_exports_person", "person_id", "asked_at"),
        Index("ix_exports_under_way", "state", "id", sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY),
    )

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id", ondelete="RESTRICT"))
    person_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id", ondelete="RESTRICT"))
    layout: Mapped[str] = mapped_column(String(60))
    filters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reach: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    total: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0)
    file_name: Mapped[str] = mapped_column(String(200))
    stored_name: Mapped[str | None] = mapped_column(String(80))
    sha256: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None] = mapped_column(Ref)
    worker: Mapped[str | None] = mapped_column(String(80))
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="")
