"""The case itself, where it came from, and the units that have a part in it."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Id, Model, Ref, UtcDateTime
from app.people import Unit

NO_DEADLINE = date(9999, 12, 31)
OPEN = sql("ended_on IS NULL")  # PostgreSQL keeps the order behind a NULL only in an index of those rows alone
RETURNED, REBOUNDED = sql("returned_count > 0"), sql("rebound_count > 0")
PLACED, STANDS = sql("place <> ''"), sql("withdrawn_event_id IS NULL")


def _index_of_few(column: str) -> Index:
    """Index a column that is mostly empty by its values alone: the emptiness would mislead the planners."""
    filled = sql(f"{column} IS NOT NULL")
    return Index(f"ix_cases_{column}", column, sqlite_where=filled, postgresql_where=filled)


class Case(Model):
    """One problem from feedback to closure. `order_on` is `due_on`, or NO_DEADLINE while there is none.

    A child case was handed down by the unit that is its authority from the part it has in the parent; `handed_due_on` is
    the latest deadline it may have while the parent is open.
    """

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("authority_id", "number"),
        Index("ix_cases_open", "authority_id", "order_on", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_cases_state", "authority_id", "state", "order_on", "id"),
        Index("ix_cases_lead", "lead_unit_id", "order_on", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_cases_order", "authority_id", "order_on", "id"),
        Index("ix_cases_moved", "authority_id", "moved_at", "id"),
        Index("ix_cases_saved", "authority_id", "saved_at", "id"),
        _index_of_few("reporter_unit_id"),
        _index_of_few("merged_into_id"),
        Index("ix_cases_place", "authority_id", "place", "id", sqlite_where=PLACED, postgresql_where=PLACED),
        _index_of_few("parent_id"),
        Index("ix_cases_still", "authority_id", "moved_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index(
            "ix_cases_returned",
            "authority_id",
            "order_on",
            "id",
            "returned_count",
            sqlite_where=RETURNED,
            postgresql_where=RETURNED,
        ),
        Index(
            "ix_cases_rebounded", "authority_id", "order_on", "id", sqlite_where=REBOUNDED, postgresql_where=REBOUNDED
        ),
    )

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    number: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(String(60), default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    source_kind: Mapped[str] = mapped_column(String(30))
    found_on: Mapped[date]
    reporter_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    reporter_unit_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("units.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)

    lead_unit_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("units.id"))
    rect_class: Mapped[str | None] = mapped_column(String(20))
    standard: Mapped[str] = mapped_column(Text, default="")
    is_systemic: Mapped[bool] = mapped_column(default=False)
    assigned_on: Mapped[date | None]
    original_due_on: Mapped[date | None]
    stated_due_on: Mapped[date | None]
    due_on: Mapped[date | None]
    due_provisional: Mapped[bool] = mapped_column(default=False)
    order_on: Mapped[date] = mapped_column(default=NO_DEADLINE)
    proposed_due_on: Mapped[date | None]
    proposed_lead: Mapped[str] = mapped_column(String(200), default="")
    proposed_lead_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("units.id"))
    proposed_assist: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    proposed_class: Mapped[str | None] = mapped_column(String(20))
    proposed_state: Mapped[str] = mapped_column(String(40), default="")

    result: Mapped[str] = mapped_column(Text, default="")
    lesson: Mapped[str] = mapped_column(Text, default="")
    mechanism: Mapped[str] = mapped_column(Text, default="")
    submitted_on: Mapped[date | None]
    submitted_by_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    verified_by_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    check_due_on: Mapped[date | None]
    notice_until: Mapped[date | None]
    cycle: Mapped[int] = mapped_column(default=1)
    cycle_on: Mapped[date | None]
    extension_count: Mapped[int] = mapped_column(default=0)
    returned_count: Mapped[int] = mapped_column(default=0)
    rebound_count: Mapped[int] = mapped_column(default=0)

    ended_on: Mapped[date | None]
    ended_event_id: Mapped[int | None] = mapped_column(Ref)
    ended_from: Mapped[str | None] = mapped_column(String(20))
    merged_into_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("cases.id"))
    parent_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"))
    handed_due_on: Mapped[date | None]

    lead_unit: Mapped[Unit | None] = relationship(foreign_keys=[lead_unit_id], lazy="raise")


class CaseSource(Model):
    """One feedback that names the case: kind, who discovered it, the source's own number, text and date.

    Contacts of citizens stay here, outside the chain of events, and can be erased. `merged_from_id` is the case that brought
    the feedback along when it was merged.
    """

    __tablename__ = "case_sources"
    __table_args__ = (
        Index(
            "ix_case_sources_identity",
            "authority_id",
            "identity",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
        Index("ix_case_sources_kind", "authority_id", "kind", "case_id", sqlite_where=STANDS, postgresql_where=STANDS),
    )

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    case_id: Mapped[int] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    discovery: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(80), default="")
    identity: Mapped[str | None] = mapped_column(String(90))
    text: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str | None] = mapped_column(String(200))
    found_on: Mapped[date]
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    event_id: Mapped[int] = mapped_column(Ref)
    withdrawn_event_id: Mapped[int | None] = mapped_column(Ref)
    merged_from_id: Mapped[int | None] = mapped_column(Ref)


class Assignment(Model):
    """One unit's part in a case: lead or assisting, with its own receipt, report and sign-off."""

    __tablename__ = "assignments"
    __table_args__ = (
        UniqueConstraint("case_id", "unit_id"),
        Index("ix_assignments_unit", "unit_id", "released_on", "case_id"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id", ondelete="RESTRICT"))
    role: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    version: Mapped[int] = mapped_column(default=1)
    duty: Mapped[str] = mapped_column(Text, default="")
    assigned_on: Mapped[date]
    event_id: Mapped[int] = mapped_column(Ref)
    receipt_due_on: Mapped[date]
    receipt_provisional: Mapped[bool] = mapped_column(default=False)
    received_on: Mapped[date | None]
    done_on: Mapped[date | None]
    done_by_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    result: Mapped[str] = mapped_column(Text, default="")
    released_on: Mapped[date | None]
    released_event_id: Mapped[int | None] = mapped_column(Ref)
    dispute_count: Mapped[int] = mapped_column(default=0)

    unit: Mapped[Unit] = relationship(lazy="raise")


class Listing(Model):
    """Why and since when a case is listed for discipline inspection; once listed, always."""

    __tablename__ = "listings"
    __append_only__ = True
    __natural_key__ = ("case_id", "reason")
    __table_args__ = (UniqueConstraint("case_id", "reason"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"))
    reason: Mapped[str] = mapped_column(String(20))
    on: Mapped[date]
    event_id: Mapped[int | None] = mapped_column(Ref)


class Counter(Model):
    """The last number given of a kind, for one authority and year."""

    __tablename__ = "counters"
    __table_args__ = (UniqueConstraint("authority_id", "kind", "year"),)

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    kind: Mapped[str] = mapped_column(String(20))
    year: Mapped[int]
    last: Mapped[int] = mapped_column(default=0)
