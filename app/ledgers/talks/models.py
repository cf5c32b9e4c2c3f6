"""Talks on record: interviews with a unit's leader, what was promised there, and what leaders instruct on a case."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Id, Model, Ref
from app.ledgers.cases import KeptFile
from app.ledgers.talks.lengths import LONGEST

RANKED = sql("basis = 'rank' AND state IN ('proposed', 'noticed', 'recorded')")


class Interview(Model):
    """A formal talk with a unit's leader. `basis` is a slip, a place in the ranking of `period`, or the office's own word.

    The number is given with the notice and runs without gaps for each authority and year. One interview for each slip, and
    one under way for a unit and its place in the ranking of a period.
    """

    __tablename__ = "interviews"
    __table_args__ = (
        UniqueConstraint("authority_id", "year", "serial"),
        UniqueConstraint("slip_id"),
        Index("ix_interviews_state", "authority_id", "state"),
        Index("ix_interviews_unit", "unit_id", "state"),
        Index("ix_interviews_rank", "unit_id", "period", unique=True, sqlite_where=RANKED, postgresql_where=RANKED),
    )

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    unit_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    kind: Mapped[str] = mapped_column(String(20))
    basis: Mapped[str] = mapped_column(String(20))
    slip_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("slips.id", ondelete="RESTRICT"))
    case_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"), index=True)
    period: Mapped[str | None] = mapped_column(String(LONGEST["period"]))
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)
    proposed_by_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    proposed_on: Mapped[date]
    number: Mapped[str | None] = mapped_column(String(40))
    year: Mapped[int | None]
    serial: Mapped[int | None]
    noticed_on: Mapped[date | None]
    signed_by_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    signed_for_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    planned_on: Mapped[date | None]
    planned_at: Mapped[str] = mapped_column(String(LONGEST["planned_at"]), default="")
    place: Mapped[str] = mapped_column(String(LONGEST["place"]), default="")
    host: Mapped[str] = mapped_column(String(LONGEST["host"]), default="")
    request: Mapped[str] = mapped_column(Text, default="")
    held_on: Mapped[date | None]
    attendees: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    settled_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")


class Owed:
    """What somebody owes an authority by a date, in words; what was answered to it. Overdue is derived, never a state."""

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    text: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)
    answer: Mapped[str] = mapped_column(Text, default="")


def _waiting(table: str) -> tuple[Index, Index]:
    """Return the indexes by which what is owed is found: by a unit, and by an office."""
    by_office = Index(f"ix_{table}_state", "authority_id", "state", "due_on")
    return Index(f"ix_{table}_unit", "unit_id", "state", "due_on"), by_office


class Commitment(Owed, Model):
    """What a unit promised in an interview, with its person and date; the answer is the office's."""

    __tablename__ = "commitments"
    __table_args__ = (
        UniqueConstraint("interview_id", "position"),
        *_waiting("commitments"),
    )

    interview_id: Mapped[int] = mapped_column(Ref, ForeignKey("interviews.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    position: Mapped[int]
    person: Mapped[str] = mapped_column(String(LONGEST["person"]))
    report: Mapped[str] = mapped_column(Text, default="")
    reported_on: Mapped[date | None]
    reported_by_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    done_on: Mapped[date | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))


class CommitmentFile(KeptFile, Model):
    """A file that proves what a unit reports of a commitment; named by the event that brought it."""

    __tablename__ = "commitment_files"
    __append_only__ = True

    commitment_id: Mapped[int] = mapped_column(Ref, ForeignKey("commitments.id", ondelete="RESTRICT"), index=True)
    unit_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id", ondelete="RESTRICT"))


class Instruction(Owed, Model):
    """What a leader writes on a case for a unit (or, while unassigned, the office) to reply; the answer is the leader's."""

    __tablename__ = "instructions"
    __table_args__ = (
        Index("ix_instructions_case", "case_id"),
        *_waiting("instructions"),
    )

    case_id: Mapped[int] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"))
    unit_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("units.id"))
    leader_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id"))
    written_on: Mapped[date]
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_on: Mapped[date | None]
    replied_by_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    settled_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
