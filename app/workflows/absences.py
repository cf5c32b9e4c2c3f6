"""Absences: who acts for a supervisor or leader who is away, from when to when; named by the person, each an event."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.audit import Fact, record
from app.core.errors import Invalid, Refused
from app.ledgers.cases import refuse_persons
from app.ledgers.slips import Absence
from app.people import Grant, Person, Role, load_actor
from app.workflows.context import Context
from app.workflows.keepers import find_visible, take_version
from app.workflows.telling import tell_persons

ROLES = (Role.SUPERVISOR, Role.LEADER)
LONGEST = 366


@dataclass(frozen=True, slots=True)
class Substitution:
    """What is asked for: who acts for whom, in which role, from when to when (both days included), and why."""

    authority_id: int
    person_id: int
    substitute_id: int
    role: Role
    begins_on: date
    ends_on: date
    reason: str


def name_substitute(context: Context, asked: Substitution) -> Absence:
    """Let a substitute act for an absent person; Refused to all but that person or, for a leader, a supervisor.

    Both are told, but for who names the own substitute. Invalid with an error for each field: nobody acts for oneself or
    names oneself, no two for one person at once, no chain.
    """
    grant = _keeper(context, asked.authority_id, asked.person_id, asked.role)
    _lock(context, asked)
    if errors := _faults(context, asked):
        raise Invalid(errors)
    refuse_persons(reason=asked.reason)
    row = Absence(
        authority_id=asked.authority_id,
        person_id=asked.person_id,
        substitute_id=asked.substitute_id,
        role=asked.role,
        begins_on=asked.begins_on,
        ends_on=asked.ends_on,
        reason=asked.reason.strip(),
        version=1,
        event_id=0,
    )
    context.session.add(row)
    context.session.flush()
    data = {"person": asked.person_id, "substitute": asked.substitute_id, "role": asked.role}
    data |= {"begins_on": str(asked.begins_on), "ends_on": str(asked.ends_on)}
    row.event_id = _record(context, row, "name", asked.reason.strip(), grant, data)
    context.session.flush()
    told = [("substituting", asked.substitute_id), ("substitute_named", asked.person_id)]
    _tell(context, row, told)
    return row


def cancel_absence(context: Context, absence_id: int, reason: str = "", version: int | None = None) -> None:
    """End an absence at once: from now on the substitute acts no more; Refused when it has ended already."""
    row: Absence = find_visible(context.session, Absence, absence_id, context.actor)
    grant = _keeper(context, row.authority_id, row.person_id, Role(row.role))
    if row.cancelled_on is not None or row.ends_on < context.day:
        raise Refused("这项代理已经结束。")
    refuse_persons(reason=reason)
    take_version(context.session, row, version)
    row.cancelled_on = context.day
    _record(context, row, "cancel", reason.strip(), grant, {"person": row.person_id, "substitute": row.substitute_id})
    context.session.flush()
    _tell(context, row, [("substituting_ended", row.substitute_id), ("substitute_cancelled", row.person_id)])


def _tell(context: Context, row: Absence, told: list[tuple[str, int]]) -> None:
    """Tell each person, but for who acts, in a message of a kind."""
    others = [(kind, person_id) for kind, person_id in told if person_id != context.actor.person_id]
    subject = f"absence:{row.id}"
    tell_persons(context, [(row.authority_id, person_id, kind, subject, None) for kind, person_id in others])


def _keeper(context: Context, authority_id: int, person_id: int, role: Role) -> Grant:
    """Return the mandate by which the actor may say who acts for the person: the own one, or a supervisor's for leaders.

    A mandate held for somebody else does not count.
    """
    wanted = (role,) if context.actor.person_id == person_id else (Role.SUPERVISOR,) if role is Role.LEADER else ()
    for grant in context.actor.grants:
        if grant.role in wanted and grant.authority_id == authority_id and grant.acting_for is None:
            return grant
    raise Refused("代理由本人指定；分管领导的代理也可由督查室主任指定。")


def _faults(context: Context, asked: Substitution) -> dict[str, str]:
    if asked.role not in ROLES:
        return {"role": "只有督查室主任和分管领导可以指定代理。"}
    if not asked.reason.strip():
        return {"reason": "请填写离岗事由。"}
    if asked.begins_on < context.day or asked.ends_on < asked.begins_on:
        return {"ends_on": "代理从今天或以后开始，截止日期不能早于起始日期。"}
    if (asked.begins_on - context.day).days > LONGEST:
        return {"begins_on": f"最多提前 {LONGEST} 天指定，请核对起始日期的年份。"}
    if (asked.ends_on - asked.begins_on).days > LONGEST:
        return {"ends_on": f"代理最长 {LONGEST} 天。"}
    if not _holds(context, asked, asked.person_id, (asked.role,)):
        return {"role": "离岗人员当日没有这项任职。"}
    if said := _unfit(context, asked):
        return {"substitute": said}
    return _overlaps(context, asked)


def _unfit(context: Context, asked: Substitution) -> str:
    """Say why the substitute may not act for the person, or nothing: nobody gives oneself the word of another."""
    if asked.substitute_id == asked.person_id:
        return "不能由本人代理本人。"
    if asked.substitute_id == context.actor.person_id:
        return "不能指定自己代理他人。请由离岗人员本人指定；分管领导的代理也可由另一位督查室主任指定。"
    return "" if _holds(context, asked, asked.substitute_id, ROLES) else "代理人须是本级督查室主任或分管领导。"


def _holds(context: Context, asked: Substitution, person_id: int, roles: tuple[Role, ...]) -> bool:
    """Say whether the person holds one of the roles in the own right when the absence begins."""
    actor = load_actor(context.session, person_id, asked.begins_on)
    held = actor.grants if actor else ()
    return any(g.role in roles and g.authority_id == asked.authority_id and g.acting_for is None for g in held)


def _overlaps(context: Context, asked: Substitution) -> dict[str, str]:
    """No two substitutes for one person and role at once, and nobody acts for another while absent in that role."""
    at_once = (Absence.begins_on <= asked.ends_on) & (Absence.ends_on >= asked.begins_on)
    query = select(Absence).where(Absence.authority_id == asked.authority_id, at_once, Absence.cancelled_on.is_(None))
    for other in context.session.scalars(query):
        if (other.person_id, other.role) == (asked.person_id, asked.role):
            return {"begins_on": "这段时间已指定代理人，请先取消。"}
        if other.person_id == asked.substitute_id:
            return {"substitute": "代理人这段时间自己也离岗，请另选。"}
        if other.substitute_id == asked.person_id:
            return {"begins_on": "离岗人员这段时间正在代理他人，请先取消那项代理。"}
    return {}


def _lock(context: Context, asked: Substitution) -> None:
    """Let acts about the two persons wait for each other, in one order."""
    ids = sorted({asked.person_id, asked.substitute_id})
    context.session.execute(select(Person.id).where(Person.id.in_(ids)).order_by(Person.id).with_for_update())


def _record(context: Context, row: Absence, name: str, reason: str, grant: Grant, data: dict[str, Any]) -> int:
    fact = Fact(
        f"absence.{name}",
        f"absence:{row.id}",
        chain_id=row.authority_id,
        reason=reason or None,
        data=data,
        mandate_id=grant.mandate_id,
    )
    return record(context.session, fact, context.actor, context.moment)
