"""The dated facts from which lateness is derived: deadlines as they were set, and pauses of the clock."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Id, Model, Ref


class Deadline(Model):
    """A deadline as it was set: in force for days after `effective_on`, known since `recorded_on`.

    An extension is effective from the day it was asked for. `limit` and `counted_from` say how it was counted, so that a
    provisional one can be counted again; `stated_on` is the date an office named itself.
    """

    __tablename__ = "deadlines"
    __append_only__ = True

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"), index=True)
    cycle: Mapped[int]
    recorded_on: Mapped[date]
    effective_on: Mapped[date]
    due_on: Mapped[date]
    stated_on: Mapped[date | None]
    limit: Mapped[str | None] = mapped_column("counted_limit", String(20))
    counted_from: Mapped[date | None]
    provisional: Mapped[bool] = mapped_column(default=False)
    cause: Mapped[str] = mapped_column(String(20))
    event_id: Mapped[int] = mapped_column(Ref)


class Pause(Model):
    """A time in which a part's clock stands: from the day it was reported done until it was sent back.

    Days after `since` up to `until` do not count; if `restored_from` is set, the first `restored_limit` working days after
    it (all of them when that is None) count after all (domain §4).
    """

    __tablename__ = "pauses"

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"), index=True)
    assignment_id: Mapped[int] = mapped_column(Ref, ForeignKey("assignments.id", ondelete="RESTRICT"))
    since: Mapped[date]
    event_id: Mapped[int] = mapped_column(Ref)
    until: Mapped[date | None]
    ended_event_id: Mapped[int | None] = mapped_column(Ref)
    restored_from: Mapped[date | None]
    restored_limit: Mapped[int | None]
