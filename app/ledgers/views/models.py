"""A named set of filters, and the columns a person chose."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Id, Model, Ref, UtcDateTime


class SavedView(Model):
    """Filters under a name. `roles` are those of the authority it is shared with; none for the person alone.

    It holds only what is asked for, never what was found: each reader finds what they see themselves.
    """

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("person_id", "authority_id", "name"),)

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"), index=True)
    person_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id"))
    name: Mapped[str] = mapped_column(String(30))
    asked: Mapped[dict[str, str]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ViewShare(Model):
    """A role that a view is shared with."""

    __tablename__ = "view_shares"
    __table_args__ = (UniqueConstraint("view_id", "role"),)

    id: Mapped[Id]
    view_id: Mapped[int] = mapped_column(Ref, ForeignKey("saved_views.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(20))


class LedgerColumns(Model):
    """The columns a person chose for the ledger, in their order."""

    __tablename__ = "ledger_columns"

    person_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id"), primary_key=True, autoincrement=False)
    names: Mapped[list[str]] = mapped_column(JSON)
