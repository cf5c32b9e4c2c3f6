"""Who is leaving, whose business that is, and who may take over."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.ledgers.handover import SEAT, SEAT_HOME, UNIT_ROLES, OpenKind, valid_on
from app.people import Actor, Mandate, Person, Portfolio, Role, nothing, within


def persons_within(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of persons whose leaving is the actor's business: of the own units as head, else as visible."""
    units = actor.units(Role.HEAD)
    held = select(Mandate.person_id).where(Mandate.unit_id.in_(units), Mandate.role.in_(UNIT_ROLES))
    reached = [or_(Person.unit_id.in_(units), Person.id.in_(held))] if units else []
    if actor.grant(Role.SUPERVISOR, Role.ADMIN, Role.SECURITY):
        reached.append(within(Person, actor))
    return or_(*reached) if reached else nothing()


def is_leaving(day: date, until: date) -> ColumnElement[bool]:
    """Return the condition of persons whose account is closed or who hold no mandate beyond `until` (a day from today on)."""
    stays = and_(valid_on(Mandate, day), or_(Mandate.ends_on.is_(None), Mandate.ends_on > until))
    staying = select(Mandate.id).where(Mandate.person_id == Person.id, stays).correlate_except(Mandate).exists()
    held = select(Mandate.id).where(Mandate.person_id == Person.id).correlate_except(Mandate).exists()
    return and_(held, or_(Person.disabled_at.is_not(None), ~staying))


def successors_of(
    session: Session, kind: OpenKind, day: date, places: Collection[int], person_id: int, units: Collection[int] = ()
) -> Sequence[Any]:
    """Return who may take over a kind: (person_id, name, role, unit_id, unit, level, place), each mandate valid on the day.

    `places`: the units of the items where a mandate at the unit is asked for, else the authorities. With `units` only those
    who are in charge of one of them.
    """
    place = SEAT.id if kind.at_unit else SEAT_HOME
    where = (SEAT.short_name.label("unit"), SEAT.kind.label("level"), place.label("place"))
    query = select(Person.id.label("person_id"), Person.name, Mandate.role, Mandate.unit_id, *where)
    query = query.select_from(Mandate).join(Person, Person.id == Mandate.person_id)
    query = query.join(SEAT, SEAT.id == Mandate.unit_id).where(
        Mandate.role.in_(kind.successors), valid_on(Mandate, day)
    )
    query = query.where(place.in_(places), Person.id != person_id, Person.disabled_at.is_(None))
    if units:
        led = select(Portfolio.id).where(Portfolio.mandate_id == Mandate.id, Portfolio.unit_id.in_(units))
        query = query.where(led.correlate(Mandate).exists())
    return session.execute(query.order_by(SEAT.position, Mandate.id)).all()
