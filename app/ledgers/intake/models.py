"""Imports on record: which file was read as what, what each of its rows was held to be, and what became of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Id, Model, Ref, UtcDateTime


class ImportBatch(Model):
    """One file handed in. `version` binds what a person saw in the preview to what is then applied."""

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
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    passed_over: Mapped[list[Any]] = mapped_column(JSON, default=list)
    unused_columns: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id", ondelete="RESTRICT"))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    applied_by_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id", ondelete="RESTRICT"))
    event_id: Mapped[int | None] = mapped_column(Ref)


class ImportRow(Model):
    """One row of a file: what it says, what it was held to be, and the case it became.

    `reading` is kept until the batch is applied, `facts` for ever: the next file is compared with them. `is_chosen` says that
    a person confirmed its doubts. The contact of a citizen stands apart, leaves with the row's application to the case's
    source and can be erased.
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
    is_chosen: Mapped[bool] = mapped_column(default=False)
    case_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"), index=True)
    outcome: Mapped[str | None] = mapped_column(String(20))


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
