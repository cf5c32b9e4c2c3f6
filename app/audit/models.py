"""What happened: one append-only, chained table of events, and the heads of its chains."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Id, Model, Ref, UtcDateTime

SYSTEM_CHAIN = 0


class Chain(Model):
    """The head of one chain: of an authority (`id` is its unit), or of the system (0). Locked while events are added."""

    __tablename__ = "chains"

    id: Mapped[int] = mapped_column(Ref, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Ref, default=0)
    hash: Mapped[str] = mapped_column(String(64), default="")


class Event(Model):
    """One thing that happened: who, by which mandate, when, why, under which deadline. Never edited, never deleted."""

    __tablename__ = "events"
    __append_only__ = True
    __natural_key__ = ("chain_id", "seq")
    __table_args__ = (
        UniqueConstraint("chain_id", "seq"),
        Index("ix_events_case", "case_id", "id"),
        Index("ix_events_day", "day"),
        Index("ix_events_actor", "actor_id", "id"),
    )

    id: Mapped[Id]
    chain_id: Mapped[int] = mapped_column(Ref)
    seq: Mapped[int] = mapped_column(Ref)
    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60))
    case_id: Mapped[int | None] = mapped_column(Ref)
    unit_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("units.id", ondelete="RESTRICT"))
    actor_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id", ondelete="RESTRICT"))
    mandate_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("mandates.id", ondelete="RESTRICT"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    day: Mapped[date]
    source: Mapped[str | None] = mapped_column(String(30))
    dest: Mapped[str | None] = mapped_column(String(30))
    reason: Mapped[str | None] = mapped_column(Text)
    due_on: Mapped[date | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    alg: Mapped[str] = mapped_column(String(10), default="sha256")
    hash: Mapped[str] = mapped_column(String(64))
