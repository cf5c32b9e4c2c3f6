"""A bulletin (督查通报): the figures of a period from one snapshot, numbered when issued and never changed from then on."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Id, Model, Ref


class Bulletin(Model):
    """One bulletin. `snapshot` holds counts by unit and, for cases named, number and unit alone; `hash` covers it."""

    __tablename__ = "bulletins"
    __frozen_when__ = "OLD.state = 'issued'"
    __table_args__ = (UniqueConstraint("authority_id", "year", "issue"),)

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id", ondelete="RESTRICT"))
    title: Mapped[str] = mapped_column(String(120))
    first_on: Mapped[date]
    last_on: Mapped[date]
    as_of: Mapped[date]
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    hash: Mapped[str] = mapped_column(String(64), default="")
    drafted_by_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id"))
    year: Mapped[int | None]
    issue: Mapped[int | None]
    issued_on: Mapped[date | None]
    signed_by_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
