"""Slips (三单): one numbered document about one case to one unit, and which pack of types an authority uses."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Id, Model, Ref
from app.people import Unit

LIVE = sql("state IN ('draft', 'issued', 'acknowledged', 'replied') AND level > 0")
OPEN = sql("state IN ('draft', 'issued', 'acknowledged', 'replied')")
DRAFT = sql("state = 'draft' AND level > 0")


class Slip(Model):
    """One slip. Level, name, colour, tone and signers (roles, by comma) are kept as its pack had them when it was drafted.

    `key` makes what the daily job drafts unique: level and business date; `why` says in pairs of words why it was drafted.
    `replied_on` is the newest reply, `first_replied_on` the first, which stops the clock of the reply.
    """

    __tablename__ = "slips"
    __table_args__ = (
        UniqueConstraint("case_id", "key"),
        UniqueConstraint("authority_id", "number"),
        Index("ix_slips_live", "case_id", "unit_id", "level", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_slips_draft", "case_id", "unit_id", unique=True, sqlite_where=DRAFT, postgresql_where=DRAFT),
        Index("ix_slips_open", "case_id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_slips_state", "authority_id", "state", "id"),
        Index("ix_slips_unit", "unit_id", "state", "id"),
    )

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id", ondelete="RESTRICT"))
    case_id: Mapped[int] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id", ondelete="RESTRICT"))
    pack: Mapped[str] = mapped_column(String(40))
    type_code: Mapped[str] = mapped_column(String(14))
    level: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    colour: Mapped[str] = mapped_column(String(10))
    tone: Mapped[str] = mapped_column(String(40))
    signers: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)
    origin: Mapped[str] = mapped_column(String(20))
    entry_reason: Mapped[str] = mapped_column(String(20), default="")
    key: Mapped[str | None] = mapped_column(String(40))
    cycle: Mapped[int] = mapped_column(default=1)
    basis_due_on: Mapped[date | None]
    why: Mapped[list[list[str]]] = mapped_column(JSON)
    text: Mapped[str] = mapped_column(Text)
    drafted_on: Mapped[date]
    drafted_by_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    sign_due_on: Mapped[date]

    number: Mapped[str | None] = mapped_column(String(40))
    year: Mapped[int | None]
    serial: Mapped[int | None]
    issued_on: Mapped[date | None]
    issued_event_id: Mapped[int | None] = mapped_column(Ref)
    signed_by_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    signed_for_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    score_key: Mapped[str] = mapped_column(String(20), default="")
    receipt_due_on: Mapped[date | None]
    reply_due_on: Mapped[date | None]
    is_provisional: Mapped[bool] = mapped_column(default=False)
    copy_to: Mapped[list[str]] = mapped_column(JSON, default=list)

    acknowledged_on: Mapped[date | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    first_replied_on: Mapped[date | None]
    replied_on: Mapped[date | None]
    replied_by_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    reply: Mapped[str] = mapped_column(Text, default="")
    reply_event_id: Mapped[int | None] = mapped_column(Ref)
    refused_reason: Mapped[str] = mapped_column(Text, default="")
    settled_on: Mapped[date | None]
    settled_event_id: Mapped[int | None] = mapped_column(Ref)
    withdrawn_on: Mapped[date | None]
    withdrawn_event_id: Mapped[int | None] = mapped_column(Ref)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    lapsed_on: Mapped[date | None]
    lapsed_reason: Mapped[str] = mapped_column(Text, default="")

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id], lazy="raise")


class SlipSetting(Model):
    """The pack of slip types an authority uses, and its own names for the types. Without a row: the default pack."""

    __tablename__ = "slip_settings"

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id", ondelete="RESTRICT"), unique=True)
    pack: Mapped[str] = mapped_column(String(40))
    names: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)
