"""In whose hands a case or a slip is now, where another than the one who logged or drafted it has taken it over.

Who logged and who drafted stays on record: the separations of duty and the history are read from there.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, and_, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Id, Model, Ref


class Charge(Model):
    """Who looks after one row (`kind`: cases, slips) since when; the events keep who did before."""

    __tablename__ = "charges"
    __table_args__ = (UniqueConstraint("kind", "row_id"), Index("ix_charges_person", "person_id", "kind", "row_id"))

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    row_id: Mapped[int] = mapped_column(Ref)
    person_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id", ondelete="RESTRICT"))
    since: Mapped[date]


def in_hands_of(model: Any, named: Any, person: Any) -> ColumnElement[bool]:
    """Return the condition of rows that a person (an id or a column) looks after: taken over, or named and not passed on."""
    mine = and_(Charge.kind == model.__tablename__, Charge.row_id == model.id)
    taken = select(Charge.id).where(mine, Charge.person_id == person)
    passed = select(Charge.id).where(mine)
    others = and_(named == person, ~passed.correlate_except(Charge).exists())
    return or_(taken.correlate_except(Charge).exists(), others)
