"""What is done about a case: plan, measures, progress, evidence, requests and verifications."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Id, Model, Ref, UtcDateTime

UNDONE = sql("done_on IS NULL AND dropped_on IS NULL")


class Plan(Model):
    """The rectification plan of the lead for one cycle of a case: drafted, approved by the head, passed."""

    __tablename__ = "plans"
    __table_args__ = (UniqueConstraint("case_id", "cycle"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    cycle: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)
    drafted_by_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id"))
    drafted_on: Mapped[date]
    due_on: Mapped[date | None]


class Measure(Model):
    """One step of the plan, with its own person and date."""

    __tablename__ = "measures"
    __table_args__ = (
        Index("ix_measures_unit", "unit_id", "due_on", "id", sqlite_where=UNDONE, postgresql_where=UNDONE),
        Index("ix_measures_due", "due_on", "id", sqlite_where=UNDONE, postgresql_where=UNDONE),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"), index=True)
    plan_id: Mapped[int] = mapped_column(Ref, ForeignKey("plans.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(String(60))
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    dropped_on: Mapped[date | None]


class ProgressReport(Model):
    """What a unit reported while it worked."""

    __tablename__ = "progress_reports"
    __append_only__ = True

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"), index=True)
    unit_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id", ondelete="RESTRICT"))
    person_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id", ondelete="RESTRICT"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    on: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    event_id: Mapped[int] = mapped_column(Ref)


class KeptFile:
    """What is on record of every file that proves something: the original name is data, the stored name is generated."""

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(255))
    stored_name: Mapped[str] = mapped_column(String(80), unique=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Ref)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    person_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id", ondelete="RESTRICT"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    event_id: Mapped[int] = mapped_column(Ref)


class Evidence(KeptFile, Model):
    """A file that proves something about a case."""

    __tablename__ = "evidence"
    __append_only__ = True

    case_id: Mapped[int] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"), index=True)
    unit_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("units.id", ondelete="RESTRICT"))
    measure_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("measures.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(20))


class Request(Model):
    """Something asked of somebody who decides: extension, return of an assignment, long-term class, rebound, end."""

    __tablename__ = "requests"
    __table_args__ = (Index("ix_requests_case", "case_id", "kind"), Index("ix_requests_state", "state", "kind"))

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"))
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)
    unit_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("units.id"))
    asked_by_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id"))
    asked_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    wanted_on: Mapped[date | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    decider_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    decide_by: Mapped[date | None]
    decided_on: Mapped[date | None]
    decision: Mapped[str] = mapped_column(Text, default="")


class Verification(Model):
    """A check that the problem is gone: level 1 on site by two persons, level 2 on paper by another."""

    __tablename__ = "verifications"
    __append_only__ = True

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"), index=True)
    cycle: Mapped[int]
    level: Mapped[int]
    passed: Mapped[bool]
    person_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id", ondelete="RESTRICT"))
    names: Mapped[str] = mapped_column(String(120), default="")
    site_on: Mapped[date | None]
    method: Mapped[str] = mapped_column(Text, default="")
    opinion: Mapped[str] = mapped_column(Text, default="")
    on: Mapped[date]
    event_id: Mapped[int] = mapped_column(Ref)
