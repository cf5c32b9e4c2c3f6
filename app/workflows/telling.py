"""Telling persons rather than units: somebody by name, and everybody who may sign what waits."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import String, and_, cast, literal, or_, select, true, union_all

from app.core.db import UtcDateTime
from app.core.inserting import insertion
from app.ledgers.messages import Message
from app.ledgers.slips import Slip
from app.people import Absence, Mandate, Portfolio, Role, Unit, held_at, in_force
from app.workflows.context import Context


def tell_persons(context: Context, notices: Iterable[tuple[int, int, str, object, int | None]]) -> None:
    """Write messages (authority, person, kind, subject, case), once for each person, kind and subject."""
    moment = context.moment
    rows = [
        {
            "authority_id": authority_id,
            "unit_id": authority_id,
            "person_id": person_id,
            "kind": kind,
            "subject": f"{subject}:{person_id}",
            "case_id": case_id,
            "day": moment.day,
            "at": moment.at,
        }
        for authority_id, person_id, kind, subject, case_id in notices
    ]
    if rows:
        context.session.execute(insertion(context.session, Message.__table__).on_conflict_do_nothing(), rows)


def tell_roles(
    context: Context, authority_id: int, roles: Iterable[Role], kind: str, subject: object, case_id: int | None
) -> None:
    """Tell everybody who holds one of the roles in the authority today."""
    holders = select(Mandate.person_id).join(Unit, Unit.id == Mandate.unit_id)
    holders = holders.where(held_at(authority_id), in_force(context.day))
    persons = context.session.scalars(
        holders.where(Mandate.role.in_(list(roles))).distinct().order_by(Mandate.person_id)
    )
    tell_persons(context, [(authority_id, person_id, kind, subject, case_id) for person_id in persons])


def call_signers(context: Context, day: date) -> None:
    """Tell everybody on whose desk drafts wait, substitutes too, once for each day of drafting; in one statement.

    However many drafts a day brings, a person hears of them once: the desk lists them. Most days bring none: ask first.
    """
    if context.session.scalar(select(Slip.id).where(Slip.state == "draft").limit(1)) is None:
        return
    waiting = union_all(_supervisors(day), _leaders(day)).subquery()
    on = (Absence.person_id == waiting.c.person_id, Absence.role == waiting.c.role, Absence.cancelled_on.is_(None))
    standing_in = select(waiting.c.key, waiting.c.authority_id, Absence.substitute_id).join(
        Absence, and_(*on, Absence.begins_on <= day, Absence.ends_on >= day)
    )
    own = select(waiting.c.key, waiting.c.authority_id, waiting.c.person_id)
    called = own.union(standing_in).subquery()
    key, authority_id, person_id = called.c
    values: dict[str, Any] = {
        "authority_id": authority_id,
        "unit_id": authority_id,
        "person_id": person_id,
        "kind": literal("to_sign"),
        "subject": literal("drafts:") + key + ":" + cast(person_id, String(20)),
        "day": literal(context.moment.day),
        "at": literal(context.moment.at, UtcDateTime()),
    }
    told = select(*values.values()).where(true())  # SQLite wants a WHERE before ON CONFLICT
    statement = insertion(context.session, Message.__table__).from_select(list(values), told)
    context.session.execute(statement.on_conflict_do_nothing())


def _drafts(role: Role, day: date) -> Any:
    valid = and_(Mandate.begins_on <= day, or_(Mandate.ends_on.is_(None), Mandate.ends_on >= day))
    columns = (
        cast(Slip.drafted_on, String(10)).label("key"),
        Slip.authority_id.label("authority_id"),
        Mandate.person_id.label("person_id"),
        Mandate.role.label("role"),
    )
    mine = (Slip.state == "draft", Slip.signers.contains(role.value), Mandate.role == role, valid)
    return select(*columns).select_from(Slip).where(*mine)


def _supervisors(day: date) -> Any:
    return (
        _drafts(Role.SUPERVISOR, day).join(Unit, held_at(Slip.authority_id)).join(Mandate, Mandate.unit_id == Unit.id)
    )


def _leaders(day: date) -> Any:
    query = _drafts(Role.LEADER, day).join(Portfolio, Portfolio.unit_id == Slip.unit_id)
    return query.join(Mandate, Mandate.id == Portfolio.mandate_id)
