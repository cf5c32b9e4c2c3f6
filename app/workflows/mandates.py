"""Mandates: granted, ended and given a portfolio by the security administrator, never to or for oneself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.audit import Fact, record
from app.core.clock import Moment
from app.core.errors import Invalid, Refused
from app.ledgers.cases import refuse_persons
from app.people import (
    SEPARATE_ADMINISTRATORS,
    Actor,
    Mandate,
    Person,
    Portfolio,
    Role,
    Unit,
    conflict,
    in_force,
    role_word,
    visible,
)
from app.workflows.accounts import refuse_last_administrator
from app.workflows.keepers import find_visible, require_keeper, take_version

FAR = date.max


@dataclass(frozen=True, slots=True)
class Appointment:
    """A mandate to be granted: who, as what, where, from when to when (both days counted), over which units."""

    person_id: int
    unit_id: int
    role: Role
    begins_on: date
    ends_on: date | None = None
    portfolio: frozenset[int] = frozenset()


def grant_mandate(session: Session, actor: Actor, moment: Moment, asked: Appointment) -> Mandate:
    """Grant a mandate; Refused for oneself and for roles that exclude each other, Invalid for wrong dates and doubles."""
    mandate_id = require_keeper(actor, Role.SECURITY, "授予任职")
    person = find_visible(session, Person, asked.person_id, actor)
    unit = find_visible(session, Unit, asked.unit_id, actor)
    _refuse_oneself(actor, person.id)
    if person.disabled_at is not None:
        raise Refused("账号已停用，不能授予任职。请先由系统管理员启用。")
    lock_person(session, person.id)
    if errors := find_faults(asked, unit.closed_on, held_by(session, person.id)):
        raise Invalid(errors)
    mandate = Mandate(
        person_id=person.id, unit_id=unit.id, role=asked.role, begins_on=asked.begins_on, ends_on=asked.ends_on
    )
    session.add(mandate)
    session.flush()
    _write_portfolio(session, actor, mandate, asked.portfolio)
    data = {"person": person.id, "role": asked.role, "portfolio": sorted(asked.portfolio)}
    data |= {"begins_on": asked.begins_on.isoformat(), "ends_on": asked.ends_on and asked.ends_on.isoformat()}
    fact = Fact("mandate.grant", f"mandate:{mandate.id}", unit_id=unit.id, data=data, mandate_id=mandate_id)
    record(session, fact, actor, moment)
    return mandate


def end_mandate(
    session: Session,
    actor: Actor,
    moment: Moment,
    mandate_id: int,
    reason: str,
    last_day: date | None = None,
    version: int | None = None,
) -> None:
    """End a mandate after its last day, or at once when none is given: then it gives nothing at the next request.

    A last day never lies after the one that was set: that would be a grant, unseen by what excludes it.
    """
    by = require_keeper(actor, Role.SECURITY, "终止任职")
    mandate = find_visible(session, Mandate, mandate_id, actor)
    _refuse_oneself(actor, mandate.person_id)
    if mandate.ends_on is not None and mandate.ends_on < moment.day:
        raise Refused("这项任职已经结束。")
    if not reason.strip():
        raise Invalid({"reason": "请填写终止原因。"})
    refuse_persons(reason=reason)
    if last_day is not None and last_day < max(moment.day, mandate.begins_on):
        raise Invalid({"ends_on": "最后一天不能早于今天和起始日期；要立即终止请留空。"})
    if last_day is not None and last_day > (mandate.ends_on or FAR):
        raise Invalid({"ends_on": f"最后一天不能晚于原定的 {mandate.ends_on}；要延长请另行授予。"})
    if mandate.role in SEPARATE_ADMINISTRATORS and mandate.begins_on <= moment.day:
        refuse_last_administrator(session, mandate.person_id, moment)
    take_version(session, mandate, version)
    was = mandate.ends_on
    # a mandate taken away before or on its first day ends the day before it began: valid on no day
    yesterday = moment.day - timedelta(days=1)
    mandate.ends_on = last_day or max(yesterday, mandate.begins_on - timedelta(days=1))
    data = {"person": mandate.person_id, "role": mandate.role, "was": was and was.isoformat()}
    data["ends_on"] = mandate.ends_on.isoformat()
    subject, told = f"mandate:{mandate.id}", reason.strip()
    fact = Fact("mandate.end", subject, unit_id=mandate.unit_id, reason=told, data=data, mandate_id=by)
    record(session, fact, actor, moment)


def vacancy(session: Session, mandate_id: int) -> str:
    """Say that nobody is left in the role at the unit from the day after a mandate ends; nothing where somebody is."""
    ended = session.get_one(Mandate, mandate_id)
    if ended.ends_on is None or ended.role in SEPARATE_ADMINISTRATORS:
        return ""
    after = ended.ends_on + timedelta(days=1)
    others = (
        select(Mandate.id)
        .join(Person, Person.id == Mandate.person_id)
        .where(
            Mandate.unit_id == ended.unit_id, Mandate.role == ended.role, in_force(after), Person.disabled_at.is_(None)
        )
    )
    if session.scalars(others.limit(1)).first() is not None:
        return ""
    unit, role = session.get_one(Unit, ended.unit_id), Role(ended.role)
    return (
        f"从 {after} 起，{unit.name}没有{role_word(role, unit.kind)}了。请尽快授予他人，否则送到这里的事项没有人办理。"
    )


def set_portfolio(
    session: Session,
    actor: Actor,
    moment: Moment,
    mandate_id: int,
    unit_ids: Collection[int],
    version: int | None = None,
) -> None:
    """Say of which units a leader is in charge, in place of what was said before; the event keeps both."""
    by = require_keeper(actor, Role.SECURITY, "调整分管单位")
    mandate = find_visible(session, Mandate, mandate_id, actor)
    _refuse_oneself(actor, mandate.person_id)
    if mandate.role != Role.LEADER:
        raise Refused("只有分管领导有分管单位。")
    was = set(session.scalars(select(Portfolio.unit_id).where(Portfolio.mandate_id == mandate.id)))
    if was == set(unit_ids):
        return
    take_version(session, mandate, version)
    _write_portfolio(session, actor, mandate, unit_ids)
    data = {"person": mandate.person_id, "was": sorted(was), "now": sorted(set(unit_ids))}
    record(session, Fact("portfolio.set", f"mandate:{mandate.id}", data=data, mandate_id=by), actor, moment)


def find_faults(asked: Appointment, closed_on: date | None, held: Collection[Appointment]) -> dict[str, str]:
    """Return what is wrong with an appointment beside those that are held, by field."""
    last = asked.ends_on or FAR
    if last < asked.begins_on:
        return {"ends_on": "截止日期早于起始日期。"}
    if closed_on is not None:
        return {"unit_id": "这个单位已经撤销。"}
    if asked.portfolio and asked.role is not Role.LEADER:
        return {"portfolio": "只有分管领导有分管单位。"}
    for other in held:
        if other.begins_on > last or (other.ends_on or FAR) < asked.begins_on:
            continue
        if (other.role, other.unit_id) == (asked.role, asked.unit_id):
            return {"role": f"已有同一单位的{asked.role.label}任职，日期重叠。请先终止原任职。"}
        if why := conflict(other.role, asked.role):
            return {"role": f"{why}：此人同期已任{other.role.label}。请另选一人，或先终止那项任职。"}
    return {}


def held_by(session: Session, person_id: int) -> list[Appointment]:
    """Return every mandate of a person, past and future ones too, but none that was never valid."""
    valid = Mandate.ends_on.is_(None) | (Mandate.ends_on >= Mandate.begins_on)
    rows = session.scalars(select(Mandate).where(Mandate.person_id == person_id, valid))
    return [Appointment(row.person_id, row.unit_id, Role(row.role), row.begins_on, row.ends_on) for row in rows]


def lock_person(session: Session, person_id: int) -> None:
    """Let grants to one person wait for each other, so that two cannot exclude each other unseen."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())


def _write_portfolio(session: Session, actor: Actor, mandate: Mandate, unit_ids: Collection[int]) -> None:
    wanted = set(unit_ids)
    known = set(session.scalars(visible(Unit, actor).where(Unit.id.in_(wanted)).with_only_columns(Unit.id)))
    if wanted - known:
        raise Invalid({"portfolio": "所选分管单位不存在。"})
    session.execute(delete(Portfolio).where(Portfolio.mandate_id == mandate.id))
    session.add_all([Portfolio(mandate_id=mandate.id, unit_id=unit_id) for unit_id in sorted(wanted)])
    session.flush()


def _refuse_oneself(actor: Actor, person_id: int) -> None:
    if actor.person_id == person_id:
        raise Refused("不能给自己授予、终止或调整任职，请由另一名安全管理员办理。")
