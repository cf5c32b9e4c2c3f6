"""Where a list begins: with the lane of a unit or of what is listed, where what is asked for lies in one of them.

A lane never decides what is seen: the actor's sight is asked of each of its cases.
"""

from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement

from app.ledgers.cases.kept_lanes import CaseLane
from app.ledgers.cases.models import Case
from app.ledgers.cases.ordering import Order
from app.ledgers.cases.scopes import OFFICE_ROLES
from app.ledgers.cases.tallies import SEEING, UNIT_ROLES
from app.people import Actor, Role

PARTS = ("lead", "assist")


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane: `roles` are those of the parts meant, empty for every case in it; `is_open` leaves out what ended."""

    kind: str
    owner_id: int
    roles: tuple[str, ...] = ()
    is_open: bool = False

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """Join the lane to its cases; each stands in it once."""
        found = [CaseLane.case_id == Case.id, CaseLane.kind == self.kind, CaseLane.owner_id == self.owner_id]
        if self.is_open:
            found.append(CaseLane.ended_on.is_(None))
        return [*found, CaseLane.role.in_(self.roles)] if self.roles else found


def order_in(lane: Lane | None, order: Order) -> Order:
    """Return the same order by the lane's own columns, where it is that of the lane."""
    is_its_own = lane is not None and order.column is Case.order_on
    return replace(order, column=CaseLane.order_on, key=CaseLane.case_id) if is_its_own else order


def lane_of(actor: Actor, unit_id: int | None, part: str, is_listed: bool, is_open: bool) -> Lane | None:
    """Return the shortest lane that holds all the actor asks for and sees; None where no lane does."""
    if unit_id is not None:
        return Lane("unit", unit_id, (part,) if part in PARTS else PARTS, is_open)
    seeing = {grant.role for grant in actor.grants} & SEEING
    if seeing <= set(UNIT_ROLES) and len(actor.own_units) == 1:
        return Lane("unit", min(actor.own_units), is_open=is_open)
    offices = actor.authorities(*OFFICE_ROLES, Role.DISCIPLINE)
    if is_listed and seeing <= {*OFFICE_ROLES, Role.DISCIPLINE} and len(offices) == 1:
        return Lane("listed", min(offices), is_open=is_open)
    return None
