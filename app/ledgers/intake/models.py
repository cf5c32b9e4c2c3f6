"""Imports on record: which file was read as what, what each of its rows was held to be, and what became of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Id, Model, Ref, UtcDateTime

UNDER_WAY = sql("state IN ('waiting', 'running')")


class ImportBatch(Model):
    """One file handed in. `version` binds what a person saw in the preview to what is then applied.

    `period` is the month (2026-10) or year that its title names, where dates without a year are to be read by it.
    `continues_id` is the import whose rows that were left this one goes on with.
    """

    __tablename__ = "import_batches"
    __table_args__ = (Index("ix_import_batches_authority", "authority_id", "id"),)

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id", ondelete="RESTRICT"))
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)
    layout: Mapped[str] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(String(255))
    stored_name: Mapped[str | None] = mapped_column(String(80))
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    size: Mapped[int | None] = mapped_column(Ref)
    sheet: Mapped[str] = mapped_column(String(120), default="")
    stated_on: Mapped[date | None]
    period: Mapped[str] = mapped_column(String(7), default="", server_default="")
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    passed_over: Mapped[list[Any]] = mapped_column(JSON, default=list)
    unused_columns: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id", ondelete="RESTRICT"))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    applied_by_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id", ondelete="RESTRICT"))
    event_id: Mapped[int | None] = mapped_column(Ref)
    reversed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reversed_by_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id", ondelete="RESTRICT"))
    reversal_event_id: Mapped[int | None] = mapped_column(Ref)
    continues_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("import_batches.id", ondelete="RESTRICT"))


class ImportRow(Model):
    """One row of a file: what it says, what it was held to be, and the case it became.

    `reading` is kept until the row is taken over (a row that was left keeps it for a time), `facts` for ever: the next file
    is compared with them. `typed` are the words that a person put in place of the file's, by field; `before` is what an update
    found on the case. `is_doubtful` says that something in it is to be confirmed, `is_chosen` that a person did. The contact
    of a citizen stands apart, leaves with the row's application to the case's source and can be erased.
    """

    __tablename__ = "import_rows"
    __table_args__ = (
        UniqueConstraint("batch_id", "number"),
        Index("ix_import_rows_verdict", "batch_id", "verdict", "number"),
        Index("ix_import_rows_identity", "authority_id", "identity"),
    )

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(Ref, ForeignKey("import_batches.id", ondelete="RESTRICT"))
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id", ondelete="RESTRICT"))
    number: Mapped[int]
    serial: Mapped[str] = mapped_column(String(60), default="")
    verdict: Mapped[str] = mapped_column(String(20))
    identity: Mapped[str | None] = mapped_column(String(90))
    reading: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    contact: Mapped[str | None] = mapped_column(String(200))
    facts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    changes: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    problems: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    doubts: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    unmatched: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    repeats: Mapped[int | None]
    is_doubtful: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_chosen: Mapped[bool] = mapped_column(default=False)
    typed: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    case_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"), index=True)
    outcome: Mapped[str | None] = mapped_column(String(20))


class ImportTask(Model):
    """Work on a long import that the worker does: reading it, judging it again, taking it over, reversing it.

    Whoever does it holds it until `lease_until` and says so again as it goes on; a lapsed one is begun anew.
    """

    __tablename__ = "import_tasks"
    __table_args__ = (
        Index("ix_import_tasks_batch", "batch_id", "id"),
        Index("ix_import_tasks_under_way", "state", "id", sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY),
    )

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id", ondelete="RESTRICT"))
    batch_id: Mapped[int] = mapped_column(Ref, ForeignKey("import_batches.id", ondelete="RESTRICT"))
    person_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(20))
    asked: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    total: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(80))
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="")


class OwnLayout(Model):
    """A layout that an office made itself from one of its workbooks; `data` is what a file of packs/layouts would say.

    A layout that was used stays on record; `retired_at` takes it off the lists.
    """

    __tablename__ = "layouts"
    __table_args__ = (UniqueConstraint("authority_id", "name"),)

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id", ondelete="RESTRICT"))
    name: Mapped[str] = mapped_column(String(40))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    person_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id", ondelete="RESTRICT"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
