"""What a queue of the workbench is: what waits, for whom, by which condition, in which order, made of which rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from app.ledgers.cases import Case
from app.ledgers.cases.facts import check_late, late
from app.ledgers.slips import Slip, is_late, slip_rows
from app.people import Actor, Role, Unit

Wanted = Callable[[Actor, date], ColumnElement[bool]]


def _case_rows(_actor: Actor) -> Select[Any]:
    columns = (
        Case.id,
        Case.number,
        Case.title,
        Unit.short_name,
        Case.due_on,
        Case.due_provisional,
        Case.state,
        Case.check_due_on,
    )
    rows: Any = select(*columns)
    found: Select[Any] = rows.outerjoin(Unit, Unit.id == Case.lead_unit_id)
    return found


def _case_is_late(day: date) -> ColumnElement[bool]:
    """Ask the units' deadline while they work and the office's own while it checks."""
    return or_(late(day), check_late(day))


@dataclass(frozen=True, slots=True)
class Kind:
    """What a queue is made of: its noun, its table, the select of its rows, and which of them are late on a day."""

    noun: str
    model: Any
    rows: Callable[[Actor], Select[Any]]
    is_late: Callable[[date], ColumnElement[bool]]


CASES = Kind("cases", Case, _case_rows, _case_is_late)
SLIPS = Kind("slips", Slip, slip_rows, is_late)


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for one act: the words, the role that acts, the condition, what orders it and what it is made of."""

    key: str
    label: str
    hint: str
    role: Role
    wanted: Wanted
    oldest_first: Any = Case.order_on
    of: Kind = CASES
