"""消息 in the application: what a person is told, what of it is unread, and marking it read."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, delete, exists, func, select
from sqlalchemy.orm import Session

from app.core.errors import Absent
from app.core.inserting import insertion
from app.ledgers.messages import Message, Preference, Reading
from app.notices.wishes import preference_of
from app.people import Actor, within

MOST = 1000


def messages_of(
    session: Session, actor: Actor, unread_only: bool, before: int | None, limit: int
) -> Sequence[tuple[Message, bool]]:
    """Return the newest messages of the actor below an id, each with whether it is unread."""
    query = select(Message, is_unread(session, actor)).where(_told(actor)).order_by(Message.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Message.id < before)
    if unread_only:
        query = query.where(is_unread(session, actor))
    return [(message, bool(is_new)) for message, is_new in session.execute(query)]


def count_unread(session: Session, actor: Actor, most: int = MOST) -> int:
    """Return how many messages the actor has not read, counted up to `most` + 1."""
    bounded = select(Message.id).where(_told(actor), is_unread(session, actor)).limit(most + 1).subquery()
    return session.scalar(select(func.count()).select_from(bounded)) or 0


def mark_read(session: Session, actor: Actor, message_id: int) -> None:
    """Mark one message read; Absent for one that the actor is not told."""
    if session.scalar(select(Message.id).where(within(Message, actor), Message.id == message_id)) is None:
        raise Absent
    row = insertion(session, Reading.__table__).values(person_id=actor.person_id, message_id=message_id)
    session.execute(row.on_conflict_do_nothing())


def mark_all_read(session: Session, actor: Actor, up_to: int) -> None:
    """Mark everything read up to an id that the page showed, never beyond the newest message of the actor."""
    newest = session.scalar(select(func.max(Message.id)).where(_told(actor))) or 0
    wish = preference_of(session, actor)
    wish.read_until_id = max(wish.read_until_id, min(up_to, newest))
    old = delete(Reading).where(Reading.person_id == actor.person_id, Reading.message_id <= wish.read_until_id)
    session.execute(old, execution_options={"synchronize_session": False})


def is_unread(session: Session, actor: Actor) -> ColumnElement[bool]:
    """Return the condition of messages that the actor has not marked read."""
    until = session.scalar(select(Preference.read_until_id).where(within(Preference, actor))) or 0
    one = exists().where(Reading.person_id == actor.person_id, Reading.message_id == Message.id)
    return and_(Message.id > until, ~one)


def _told(actor: Actor) -> ColumnElement[bool]:
    """Say what the actor sees so that the index of persons serves those who answer for no unit."""
    return (
        within(Message, actor)
        if actor.own_units
        else and_(within(Message, actor), Message.person_id == actor.person_id)
    )
