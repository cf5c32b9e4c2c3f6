"""What a queue of the workbench is: what waits, for whom, by which condition, in which order, made of which rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from app.ledgers.cases import Case
from app.ledgers.slips import Slip, slip_rows
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


@dataclass(frozen=True, slots=True)
class Kind:
    """What a queue is made of: its noun, its table, and the select of its rows."""

    noun: str
    model: Any
    rows: Callable[[Actor], Select[Any]]


CASES = Kind("cases", Case, _case_rows)
SLIPS = Kind("slips", Slip, slip_rows)


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
