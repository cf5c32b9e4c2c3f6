"""Taking up what was written: messages are marked as swept, and deliveries are made of them in one statement each."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, func, literal, or_, select, union_all, update
from sqlalchemy.orm import Session

from app.core.alone import is_alone
from app.core.clock import ZONE, Moment
from app.core.db import Database, UtcDateTime
from app.core.inserting import insertion
from app.ledgers.messages import DIGEST, URGENT, Contact, Delivery, Message, OutboxMark, Preference, kinds_that
from app.people import Mandate, Parameter, Person, Role, Unit, load_parameters

SWEEP = "sweep"
OLDEST = timedelta(days=14)  # what could not be told for so long is not told any more
STEP = timedelta(microseconds=1)
MOST = 50_000  # messages in one transaction; a night of very many is taken up in several, so that nobody waits long


def swept_until(session: Session) -> datetime | None:
    """Return how far was swept: every message swept up to then is committed."""
    return session.scalar(select(OutboxMark.at).where(OutboxMark.name == SWEEP))


def sweep(session: Session, now: Moment, wants_all: bool = False) -> tuple[int, int] | None:
    """Mark what is new and make its deliveries; return how many of both, None while another worker does it.

    `wants_all`: make deliveries also when nothing is new, for what waited for the next day or hour. After MOST messages
    there may be more: they are swept, and deliveries made, in the transactions that follow.
    """
    if not is_alone(session, SWEEP):
        return None
    last = swept_until(session)
    at = now.at if last is None else max(now.at, last + STEP)
    unswept = select(Message.id).where(Message.swept_at.is_(None)).order_by(Message.id).limit(MOST)
    found: Any = session.execute(
        update(Message).where(Message.id.in_(unswept)).values(swept_at=at),
        execution_options={"synchronize_session": False},
    )
    new = int(found.rowcount)
    if not new and not wants_all:
        return 0, 0
    mark = insertion(session, OutboxMark.__table__).values(name=SWEEP, at=at)
    session.execute(mark.on_conflict_do_update(index_elements=["name"], set_={"at": at}))
    return new, make_deliveries(session, now) if new < MOST else 0


def sweep_all(database: Database, now: Moment, wants_all: bool = False) -> tuple[int, int] | None:
    """Sweep in short transactions until nothing is left; return how many messages and deliveries, None as `sweep` does."""
    messages = deliveries = 0
    while True:
        with database.begin() as session:
            found = sweep(session, now, wants_all)
        if found is None:
            return None
        messages, deliveries = messages + found[0], deliveries + found[1]
        if found[0] < MOST:
            return messages, deliveries


def make_deliveries(session: Session, now: Moment) -> int:
    """Make the digests of the day and the urgent words of everybody for whom there is something new; return how many."""
    made = 0
    for query in (_digests(session, now), _urgent(now)):
        row = query.selected_columns
        statement = insertion(session, Delivery.__table__).from_select([column.name for column in row], query)
        # counted by what comes back: SQLite's driver counts no rows of a statement that begins with WITH
        made += len(session.execute(statement.on_conflict_do_nothing().returning(Delivery.id)).all())
    return made


def _digests(session: Session, now: Moment) -> Any:
    """One for each contact with something written before the hour at which the digest of the day goes out."""
    fresh = _audience(now, kinds_that(), Contact.told_until).subquery()
    hours = {hour: literal(_instant(now.day, hour), UtcDateTime()) for hour in range(24)}
    authority = func.min(fresh.c.authority_id)
    own: dict[int, int] = _own_hours(session)
    shipped = load_parameters(session, None)["digest_hour"]
    default: Any = case(own, value=authority, else_=shipped) if own else literal(shipped)
    due = case(hours, value=func.coalesce(func.min(Preference.digest_hour), default))
    return _delivery(fresh, now.day, DIGEST, due).having(func.min(fresh.c.at) < due)


def _urgent(now: Moment) -> Any:
    """One for each contact with something urgent, at once; quiet hours are kept when it is sent."""
    kinds = kinds_that(urgent=True)
    fresh = _audience(now, kinds, Contact.told_until, Contact.urgent_until).subquery()
    wanted = or_(Preference.wants_urgent.is_(None), Preference.wants_urgent.is_(True))
    return _delivery(fresh, now.day, URGENT, literal(now.at, UtcDateTime())).where(wanted)


def _delivery(fresh: Any, day: date, kind: str, due: ColumnElement[Any]) -> Any:
    taken = select(Delivery.id).where(Delivery.contact_id == Contact.id, Delivery.day == day, Delivery.kind == kind)
    name = literal(f"dukao-{day:%Y%m%d}-{kind}-") + cast(Contact.id, String(20))
    return (
        select(
            func.min(fresh.c.authority_id).label("authority_id"),
            Contact.id.label("contact_id"),
            Contact.person_id.label("person_id"),
            Contact.robot.label("robot"),
            Contact.channel.label("channel"),
            literal(day).label("day"),
            literal(kind).label("kind"),
            name.label("message_id"),
            literal("waiting").label("state"),
            literal(0).label("attempts"),
            due.label("next_try_at"),
            literal("").label("text"),
            literal("").label("error"),
        )
        .join(fresh, fresh.c.contact_id == Contact.id)
        .outerjoin(Preference, Preference.person_id == Contact.person_id)
        .where(~taken.exists())
        .group_by(Contact.id, Contact.person_id, Contact.robot, Contact.channel)
    )


def _audience(now: Moment, kinds: list[str], *told: Any) -> Any:
    """Return (contact, authority, first written at) of what a contact was not told of yet, once for each unit and sweep."""
    fresh = _fresh(now, kinds)
    new = [fresh.c.swept_at > until for until in told]
    usable = and_(Contact.is_on.is_(True), or_(Contact.address != "", Contact.robot.is_not(None)))
    columns = (Contact.id.label("contact_id"), fresh.c.authority_id, fresh.c.at)
    in_force = and_(Mandate.begins_on <= now.day, or_(Mandate.ends_on.is_(None), Mandate.ends_on >= now.day))
    answers = and_(Mandate.role.in_((Role.HEAD, Role.LIAISON)), in_force)
    of_unit = fresh.c.person_id.is_(None)
    by_mandate = (
        select(*columns)
        .join(Mandate, Mandate.person_id == Contact.person_id)
        .join(Person, Person.id == Contact.person_id)
        .join(fresh, and_(fresh.c.unit_id == Mandate.unit_id, of_unit, *new))
        .where(usable, answers, Person.disabled_at.is_(None))
    )
    by_name = select(*columns).join(fresh, and_(fresh.c.person_id == Contact.person_id, *new)).where(usable)
    by_robot = select(*columns).join(fresh, and_(fresh.c.unit_id == Contact.unit_id, of_unit, *new)).where(usable)
    return union_all(by_mandate, by_name, by_robot.where(Contact.robot.is_not(None)))


def _fresh(now: Moment, kinds: list[str]) -> Any:
    """Return what was swept lately, one row for each unit or person and sweep.

    It is summed up before it is joined, in one pass over the messages: the planner cannot know that a night of 430,000 was
    marked a moment ago, and would look each contact's messages up one by one.
    """
    group = (Message.unit_id, Message.person_id, Message.swept_at)
    first = (func.min(Message.at).label("at"), func.min(Message.authority_id).label("authority_id"))
    lately = (Message.kind.in_(kinds), Message.swept_at > now.at - OLDEST)
    return select(*group, *first).where(*lately).group_by(*group).cte("fresh").prefix_with("MATERIALIZED")


def _own_hours(session: Session) -> dict[int, int]:
    query = select(Parameter.authority_id, Parameter.value).where(Parameter.name == "digest_hour")
    return {authority_id: int(value) for authority_id, value in session.execute(query)}


def _instant(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZONE)


def set_up_robots(session: Session, robots: Mapping[str, tuple[str, str]], now: Moment) -> list[str]:
    """Bring the robots' contacts in line with the operator's file (name → kind, unit code); return those of no known unit."""
    known = {contact.robot: contact for contact in session.scalars(select(Contact).where(Contact.robot.is_not(None)))}
    for name, contact in known.items():
        contact.is_on = name in robots
    unknown = []
    for name, (kind, code) in robots.items():
        unit_id = session.scalar(select(Unit.id).where(Unit.code == code))
        if unit_id is None:
            unknown.append(name)
        elif name in known:
            known[name].unit_id, known[name].channel = unit_id, kind
        else:
            row = {"robot": name, "channel": kind, "unit_id": unit_id, "told_until": now.at, "urgent_until": now.at}
            session.execute(
                insertion(session, Contact.__table__).values(**row, address="", is_on=True).on_conflict_do_nothing()
            )
    return unknown
