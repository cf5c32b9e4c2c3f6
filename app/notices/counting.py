"""What a recipient has not been told yet, counted by kind: unread, still open, once for each case where the kind says so."""

from collections import Counter
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from app.ledgers.cases import Case
from app.ledgers.messages import URGENT, Contact, Message, kinds_that
from app.notices.reading import is_unread
from app.people import Actor, within


def count_waiting(
    session: Session, contact: Contact, actor: Actor | None, kind: str, until: datetime
) -> dict[str, int]:
    """Return how many of each kind wait for the contact, swept up to `until`; `actor` is None for a robot.

    What the actor does not see is not counted.
    """
    found: Counter[str] = Counter()
    for reach in _reaches(contact, actor):  # one by one: an OR of both would read every unit's messages
        found.update(dict(_counts(session, contact, actor, kind, until, reach)))
    return dict(found)


def _counts(
    session: Session, contact: Contact, actor: Actor | None, kind: str, until: datetime, reach: ColumnElement[bool]
) -> list[tuple[str, int]]:
    once = Message.kind.in_(kinds_that(once_per_case=True)) & Message.case_id.is_not(None)
    thing = case((once, Message.case_id), else_=-Message.id)
    query = select(Message.kind, func.count(thing.distinct())).where(reach, *_fresh(contact, kind, until))
    query = query.where(_is_open(), or_(~once, ~_told_before(contact))).group_by(Message.kind)
    if actor is not None:
        query = query.where(within(Message, actor), is_unread(session, actor))
    return [(name, count) for name, count in session.execute(query)]


def _reaches(contact: Contact, actor: Actor | None) -> list[ColumnElement[bool]]:
    if actor is None:
        return [and_(Message.unit_id == contact.unit_id, Message.person_id.is_(None))]
    of_units = and_(Message.unit_id.in_(actor.own_units), Message.person_id.is_(None))
    return [Message.person_id == actor.person_id, *([of_units] if actor.own_units else [])]


def _fresh(contact: Contact, kind: str, until: datetime) -> list[ColumnElement[bool]]:
    urgent_since = max(contact.told_until, contact.urgent_until)
    urgent = and_(Message.kind.in_(kinds_that(urgent=True)), Message.swept_at > urgent_since)
    found: ColumnElement[bool] = urgent
    if kind != URGENT:
        found = or_(urgent, Message.kind.in_(kinds_that(urgent=False)))
    return [Message.swept_at > contact.told_until, Message.swept_at <= until, found]


def _is_open() -> ColumnElement[bool]:
    ended = exists().where(Case.id == Message.case_id, Case.ended_on.is_not(None))
    return or_(Message.kind.not_in(kinds_that(while_open=True)), ~ended)


def _told_before(contact: Contact) -> ColumnElement[bool]:
    earlier = aliased(Message)
    same = and_(earlier.case_id == Message.case_id, earlier.kind == Message.kind, earlier.unit_id == Message.unit_id)
    return exists(literal(1)).where(same, earlier.swept_at <= contact.told_until)
