"""What leaves the house: where somebody can be reached, what each wishes, and one row for each message to be sent."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Id, Model, Ref, UtcDateTime

DUE = sql("state IN ('waiting', 'claimed')")
STATES = {"waiting": "待发送", "claimed": "发送中", "sent": "已发送", "dead": "发送失败", "dropped": "不再发送"}
DIGEST, URGENT = "digest", "urgent"


class Contact(Model):
    """One way to one recipient: a person's e-mail or mobile number, or a robot that the operator set up for a unit.

    What was told is kept here: everything swept up to `told_until`, of the urgent kinds up to `urgent_until`.
    A robot's address and key are never here (see notices.settings).
    """

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("person_id", "channel"), UniqueConstraint("robot"))

    id: Mapped[Id]
    channel: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    robot: Mapped[str | None] = mapped_column(String(60))
    unit_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("units.id"))
    address: Mapped[str] = mapped_column(String(200), default="")
    is_on: Mapped[bool] = mapped_column(default=True)
    told_until: Mapped[datetime] = mapped_column(UtcDateTime)
    urgent_until: Mapped[datetime] = mapped_column(UtcDateTime)


class Preference(Model):
    """A person's own wishes: the hour of the digest, quiet hours besides the night, and what was read up to where."""

    __tablename__ = "preferences"

    person_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id"), primary_key=True, autoincrement=False)
    digest_hour: Mapped[int | None]
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    wants_urgent: Mapped[bool] = mapped_column(default=True)
    read_until_id: Mapped[int] = mapped_column(Ref, default=0)


class Reading(Model):
    """A message newer than `read_until_id` that the person has read."""

    __tablename__ = "readings"

    person_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id"), primary_key=True, autoincrement=False)
    message_id: Mapped[int] = mapped_column(Ref, ForeignKey("messages.id"), primary_key=True, autoincrement=False)


class Delivery(Model):
    """One message to one recipient on one day: at most one digest and at most one urgent word.

    `message_id` is made from recipient, day and kind, so that whoever receives it twice can tell. `text` has counts only.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("contact_id", "day", "kind"),
        UniqueConstraint("person_id", "channel", "day", "kind"),
        Index("ix_deliveries_due", "channel", "next_try_at", sqlite_where=DUE, postgresql_where=DUE),
        Index("ix_deliveries_state", "authority_id", "state", "id"),
    )

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    contact_id: Mapped[int] = mapped_column(Ref, ForeignKey("contacts.id"))
    person_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    robot: Mapped[str | None] = mapped_column(String(60))
    channel: Mapped[str] = mapped_column(String(20))
    day: Mapped[date]
    kind: Mapped[str] = mapped_column(String(20))
    message_id: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_by: Mapped[str | None] = mapped_column(String(60))
    covers_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(String(500), default="")
    error: Mapped[str] = mapped_column(String(200), default="")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OutboxMark(Model):
    """An instant that all workers share: how far was swept, and from when on a channel may send again."""

    __tablename__ = "outbox_marks"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
