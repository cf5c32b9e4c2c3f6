"""The score ledger: frozen rule sets, append-only entries, their standings, running totals, objections, the job's log."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Id, Model, Points, Ref, UtcDateTime


class RuleSet(Model):
    """One version of the rules of an authority and year. `body` is the canonical text that `hash` covers."""

    __tablename__ = "rule_sets"
    __frozen_when__ = "OLD.state = 'approved'"
    __table_args__ = (UniqueConstraint("authority_id", "year", "number"),)

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id", ondelete="RESTRICT"))
    year: Mapped[int]
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="drafted")
    version: Mapped[int] = mapped_column(default=1)
    body: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="")
    effective_on: Mapped[date]
    drafted_by_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id"))
    approved_by_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    approved_on: Mapped[date | None]


class ScoreEntry(Model):
    """One line of the ledger. `key` is the civil day, `event:N`, or `contra:N`; points count, `beyond` is over a cap."""

    __tablename__ = "score_entries"
    __append_only__ = True
    __natural_key__ = ("rule", "origin", "unit_id", "key")
    __table_args__ = (
        UniqueConstraint("rule", "origin", "unit_id", "key"),
        Index("ix_score_entries_unit", "unit_id", "year", "day"),
        Index("ix_score_entries_case", "case_id", "unit_id"),
        Index("ix_score_entries_reverses", "reverses_id", unique=True),
    )

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id", ondelete="RESTRICT"))
    year: Mapped[int]
    rule_set_id: Mapped[int] = mapped_column(Ref, ForeignKey("rule_sets.id", ondelete="RESTRICT"))
    rule: Mapped[str] = mapped_column(String(40))
    origin: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(40))
    day: Mapped[date]
    points: Mapped[Decimal] = mapped_column(Points)
    beyond: Mapped[Decimal] = mapped_column(Points)
    calculation: Mapped[str] = mapped_column(Text)
    case_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"))
    event_id: Mapped[int | None] = mapped_column(Ref)
    reverses_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("score_entries.id", ondelete="RESTRICT"))
    posted_event_id: Mapped[int] = mapped_column(Ref)
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Standing(Model):
    """What became of an entry: proposed, contested, confirmed or reversed. Objections are heard until `object_until`."""

    __tablename__ = "standings"
    __table_args__ = (
        Index("ix_standings_due", "state", "object_until"),
        Index("ix_standings_unit", "unit_id", "year", "state"),
    )

    entry_id: Mapped[int] = mapped_column(Ref, ForeignKey("score_entries.id", ondelete="RESTRICT"), primary_key=True)
    authority_id: Mapped[int] = mapped_column(Ref)
    unit_id: Mapped[int] = mapped_column(Ref)
    year: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)
    told_on: Mapped[date]
    object_until: Mapped[date]
    event_id: Mapped[int] = mapped_column(Ref)

    @property
    def id(self) -> int:
        """The entry's id: a standing belongs to just one entry."""
        return self.entry_id


class Total(Model):
    """The running totals of a unit and year, kept in the transactions that post: always derivable again."""

    __tablename__ = "totals"

    unit_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id", ondelete="RESTRICT"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id", ondelete="RESTRICT"), index=True)
    confirmed: Mapped[Decimal] = mapped_column(Points, default=Decimal(0))
    proposed: Mapped[Decimal] = mapped_column(Points, default=Decimal(0))


class Objection(Model):
    """A unit's answer to proposed deductions of one case: drafted, asked (approved by the head), upheld or dismissed."""

    __tablename__ = "objections"
    __table_args__ = (Index("ix_objections_state", "authority_id", "state"), Index("ix_objections_case", "case_id"))

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    case_id: Mapped[int] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)
    ground: Mapped[str] = mapped_column(Text)
    about_fact: Mapped[bool] = mapped_column(default=False)
    covers_later: Mapped[bool] = mapped_column(default=False)
    drafted_by_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id"))
    asked_by_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    asked_on: Mapped[date | None]
    decide_by: Mapped[date | None]
    decided_by_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    decided_on: Mapped[date | None]
    decision: Mapped[str] = mapped_column(Text, default="")


class ObjectionEntry(Model):
    """An entry that an objection names or has come to cover."""

    __tablename__ = "objection_entries"
    __table_args__ = (UniqueConstraint("objection_id", "entry_id"),)

    id: Mapped[Id]
    objection_id: Mapped[int] = mapped_column(Ref, ForeignKey("objections.id"))
    entry_id: Mapped[int] = mapped_column(Ref, ForeignKey("score_entries.id"), index=True)


class Reversal(Model):
    """A reversal by hand: one assessor proposes it, another carries it out."""

    __tablename__ = "reversals"

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    entry_id: Mapped[int] = mapped_column(Ref, ForeignKey("score_entries.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id"))
    asked_on: Mapped[date]
    decided_by_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id"))
    decided_on: Mapped[date | None]
    decision: Mapped[str] = mapped_column(Text, default="")


class DailyRun(Model):
    """A business date the daily job has done, and when. The newest tells how far the job came."""

    __tablename__ = "daily_runs"

    day: Mapped[date] = mapped_column(primary_key=True)
    told_on: Mapped[date]
    finished_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proposed: Mapped[int] = mapped_column(default=0)
    confirmed: Mapped[int] = mapped_column(default=0)
    reversed: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(Text, default="")
