"""The tables of the calendar, append-only: each change brings its years and days, the latest change counts."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Id, Model, Ref, UtcDateTime


class CalendarChange(Model):
    """One loading of years or one local day; an authority of None means the whole state."""

    __tablename__ = "calendar_changes"
    __append_only__ = True
    __table_args__ = (
        CheckConstraint("kind IN ('state', 'year', 'local')", name="kind"),
        Index(None, "authority_id", "id"),
    )

    id: Mapped[Id]
    authority_id: Mapped[int | None] = mapped_column(Ref)  # no foreign key: the calendar lies below people
    kind: Mapped[str] = mapped_column(String(5))
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of what the change says
    actor_id: Mapped[int | None] = mapped_column(Ref)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CalendarYear(Model):
    """A year that a change made known, with the title of its notice."""

    __tablename__ = "calendar_years"
    __append_only__ = True
    __table_args__ = (UniqueConstraint("change_id", "year"),)

    id: Mapped[Id]
    change_id: Mapped[int] = mapped_column(Ref, ForeignKey("calendar_changes.id", ondelete="RESTRICT"))
    authority_id: Mapped[int | None] = mapped_column(Ref, index=True)
    year: Mapped[int]
    notice: Mapped[str] = mapped_column(String(200))
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CalendarDay(Model):
    """A day that a change declares off or worked, or (local days) takes back to usual."""

    __tablename__ = "calendar_days"
    __append_only__ = True
    __table_args__ = (
        CheckConstraint("kind IN ('off', 'worked', 'usual')", name="kind"),
        UniqueConstraint("change_id", "day"),
    )

    id: Mapped[Id]
    change_id: Mapped[int] = mapped_column(Ref, ForeignKey("calendar_changes.id", ondelete="RESTRICT"))
    authority_id: Mapped[int | None] = mapped_column(Ref, index=True)
    day: Mapped[date]
    kind: Mapped[str] = mapped_column(String(6))
    name: Mapped[str] = mapped_column(String(60))
    notice: Mapped[str] = mapped_column(String(200))
    local: Mapped[bool]
