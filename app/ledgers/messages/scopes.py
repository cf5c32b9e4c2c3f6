"""Who sees messages and deliveries: the recipient; of deliveries also the system administrator, who sees no content."""

from sqlalchemy import ColumnElement, and_, or_

from app.ledgers.messages.deliveries import Contact, Delivery, Preference, Reading
from app.ledgers.messages.models import Message
from app.people import Actor, Role, scope


@scope(Message)
def _messages(actor: Actor) -> ColumnElement[bool]:
    of_unit = and_(Message.person_id.is_(None), Message.unit_id.in_(actor.own_units))
    return or_(of_unit, Message.person_id == actor.person_id)


@scope(Contact)
def _contacts(actor: Actor) -> ColumnElement[bool]:
    return Contact.person_id == actor.person_id


@scope(Preference)
def _preferences(actor: Actor) -> ColumnElement[bool]:
    return Preference.person_id == actor.person_id


@scope(Reading)
def _readings(actor: Actor) -> ColumnElement[bool]:
    return Reading.person_id == actor.person_id


@scope(Delivery)
def _deliveries(actor: Actor) -> ColumnElement[bool]:
    kept = Delivery.authority_id.in_(actor.authorities(Role.ADMIN))
    return or_(Delivery.person_id == actor.person_id, kept)
