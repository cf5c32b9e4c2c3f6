"""The outbox: one row for each thing a unit is to be told, once for each kind and subject."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Id, Model, Ref, UtcDateTime

UNSWEPT = sql("swept_at IS NULL")
NAMED = sql("person_id IS NOT NULL")


class Message(Model):
    """Something a unit, or the one person named, is told. It names the case by id only: no facts of a case stand in it.

    `swept_at` is when the worker took it up for sending; it is set by one worker at a time, so it grows as sweeps commit.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("unit_id", "kind", "subject"),
        Index("ix_messages_unit_day", "unit_id", "day"),
        Index("ix_messages_unit_swept", "unit_id", "swept_at"),
        Index("ix_messages_unswept", "id", sqlite_where=UNSWEPT, postgresql_where=UNSWEPT),
        Index("ix_messages_case", "case_id", "kind", "unit_id"),
        Index("ix_messages_person", "person_id", "id", sqlite_where=NAMED, postgresql_where=NAMED),
    )

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    unit_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    kind: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(60))
    case_id: Mapped[int | None] = mapped_column(Ref)
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    person_id: Mapped[int | None] = mapped_column(Ref)
    swept_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
