"""Keeping accounts: created, changed, disabled and reset by the system administrator, who grants nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import Fact, record
from app.core.clock import Moment
from app.core.errors import Invalid, Refused
from app.ledgers.cases import refuse_persons
from app.people import (
    SEPARATE_ADMINISTRATORS,
    SYSTEM,
    Actor,
    Mandate,
    Person,
    Role,
    Unit,
    end_sessions,
    find_person,
    has_gap,
    is_phone,
    is_username,
    normal_username,
    set_code,
    visible,
)
from app.workflows.keepers import find_visible, require_keeper, take_version
from app.workflows.passwords import keep_old_password

FIELDS = ("name", "title", "phone", "unit_id")
LONGEST = {"name": 60, "title": 60, "phone": 40}
WORDS = {"name": "姓名", "title": "职务", "phone": "手机"}


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A one-time code to hand out; it is nowhere else and cannot be read again."""

    person_id: int
    username: str
    name: str
    unit: str
    code: str
    hours: int


def create_person(session: Session, actor: Actor, moment: Moment, form: Mapping[str, Any]) -> IssuedCode:
    """Make an account without a password and return its first one-time code; Invalid names the wrong fields.

    `form`: username, name, unit_id, and maybe title and phone.
    """
    mandate_id = require_keeper(actor, Role.ADMIN, "新建账号")
    typed = str(form.get("username") or "")
    username = normal_username(typed)
    values, errors = _check(session, actor, form)
    if has_gap(typed):
        errors["username"] = "用户名中间不能有空格，请去掉空格后重新填写。"
    elif not is_username(username):
        errors["username"] = "用户名为 2 至 60 个字母、数字或汉字，可含 . _ - @。"
    elif find_person(session, username):
        errors["username"] = f"用户名“{username}”已经有人使用。"
    if errors:
        raise Invalid(errors)
    person = Person(username=username, **values)
    session.add(person)
    session.flush()
    issued = issue_code(session, person, moment, is_first=True)
    fact = Fact("account.create", f"person:{person.id}", unit_id=person.unit_id, mandate_id=mandate_id)
    record(session, fact, actor, moment)
    return issued


def change_person(
    session: Session, actor: Actor, moment: Moment, person_id: int, form: Mapping[str, Any], version: int | None
) -> Person:
    """Change name, title, phone and unit of an account; the event keeps which ones changed."""
    mandate_id = require_keeper(actor, Role.ADMIN, "修改账号")
    person = find_visible(session, Person, person_id, actor)
    values, errors = _check(session, actor, form)
    if errors:
        raise Invalid(errors)
    changed = sorted(name for name in FIELDS if getattr(person, name) != values[name])
    if not changed:
        return person
    take_version(session, person, version)
    was = {name: getattr(person, name) for name in changed if name != "phone"}
    for name in changed:
        setattr(person, name, values[name])
    fact = Fact("account.change", f"person:{person.id}", data={"fields": changed, "was": was}, mandate_id=mandate_id)
    record(session, fact, actor, moment)
    return person


def disable_person(
    session: Session, actor: Actor, moment: Moment, person_id: int, reason: str, version: int | None = None
) -> None:
    """Close an account: its sessions end at once. Not the own one, and never the last of a kind of administrator."""
    mandate_id = require_keeper(actor, Role.ADMIN, "停用账号")
    person = find_visible(session, Person, person_id, actor)
    if person.id == actor.person_id:
        raise Refused("不能停用自己的账号，请由另一名系统管理员办理。")
    if person.disabled_at is not None:
        raise Refused("这个账号已经停用。")
    refuse_last_administrator(session, person.id, moment)
    if not reason.strip():
        raise Invalid({"reason": "请填写停用原因。"})
    refuse_persons(reason=reason)
    take_version(session, person, version)
    person.disabled_at = moment.at
    person.reset_hash = person.reset_expires_at = None
    end_sessions(session, person.id)
    fact = Fact("account.disable", f"person:{person.id}", reason=reason.strip(), mandate_id=mandate_id)
    record(session, fact, actor, moment)


def enable_person(
    session: Session, actor: Actor, moment: Moment, person_id: int, version: int | None = None
) -> IssuedCode:
    """Open a closed account again, with a one-time code in place of its old password."""
    mandate_id = require_keeper(actor, Role.ADMIN, "启用账号")
    person = find_visible(session, Person, person_id, actor)
    if person.disabled_at is None:
        raise Refused("这个账号没有停用。")
    refuse_administrator(session, actor, person, moment)
    take_version(session, person, version)
    person.disabled_at = None
    issued = issue_code(session, person, moment)
    record(session, Fact("account.enable", f"person:{person.id}", mandate_id=mandate_id), actor, moment)
    return issued


def reset_password(
    session: Session, actor: Actor, moment: Moment, person_id: int, version: int | None = None
) -> IssuedCode:
    """Take an account's password away and return a one-time code (24 hours); its sessions end, its second factor too.

    The other administrators' accounts are reset by the operator at the server alone: who can reset, can take over.
    """
    mandate_id = require_keeper(actor, Role.ADMIN, "重置密码")
    person = find_visible(session, Person, person_id, actor)
    if person.disabled_at is not None:
        raise Refused("账号已停用，请先启用。")
    if person.id == actor.person_id:
        raise Refused("修改自己的密码请用“修改密码”。")
    refuse_administrator(session, actor, person, moment)
    take_version(session, person, version)
    issued = issue_code(session, person, moment)
    record(session, Fact("password.reset", f"person:{person.id}", mandate_id=mandate_id), actor, moment)
    return issued


def reset_by_operator(session: Session, moment: Moment, username: str) -> IssuedCode:
    """Do what `reset_password` does for whoever stands at the server, the three administrators' accounts included.

    Refused for a name that nobody has and for a closed account.
    """
    person = find_person(session, normal_username(username))
    if person is None:
        raise Refused(f"没有用户名为“{username}”的账号。")
    if person.disabled_at is not None:
        raise Refused("账号已停用，请先由系统管理员启用。")
    take_version(session, person, None)
    issued = issue_code(session, person, moment)
    record(session, Fact("password.reset", f"person:{person.id}"), SYSTEM, moment)
    return issued


def issue_code(
    session: Session, person: Person, moment: Moment, is_first: bool = False, unit: str | None = None
) -> IssuedCode:
    """Put a one-time code in place of a person's password and end the sessions. `unit` is its name, where known."""
    keep_old_password(session, person, moment)
    code = set_code(person, moment.at, is_first)
    person.totp_secret = person.totp_step = None
    if not is_first:
        end_sessions(session, person.id)
    if unit is None:
        unit = session.scalar(select(Unit.name).where(Unit.id == person.unit_id))
    left = person.reset_expires_at - moment.at if person.reset_expires_at else None
    hours = int(left.total_seconds() // 3600) if left else 0
    return IssuedCode(person.id, person.username, person.name, unit or "", code, hours)


def refuse_administrator(session: Session, actor: Actor, person: Person, moment: Moment) -> None:
    """Refuse to let one administrator take over another's account."""
    if actor.is_system:
        return
    others = _administrators(session, moment).where(Mandate.person_id == person.id)
    if session.scalar(others.limit(1)):
        raise Refused("系统、安全、审计管理员的账号由运维人员在服务器上重置：flask people reset 用户名。")


def refuse_last_administrator(session: Session, person_id: int, moment: Moment) -> None:
    """Refuse what would leave an authority without one of its three administrators."""
    holders = _administrators(session, moment).join(Person, Person.id == Mandate.person_id)
    holders = holders.where(Person.disabled_at.is_(None))
    for role in session.scalars(holders.where(Mandate.person_id == person_id)).all():
        others = holders.where(Mandate.role == role, Mandate.person_id != person_id)
        if session.scalar(others.limit(1)) is None:
            raise Refused(f"这是唯一的{Role(role).label}，请先由另一人接任。")


def _administrators(session: Session, moment: Moment) -> Any:
    held = Mandate.begins_on <= moment.day, Mandate.ends_on.is_(None) | (Mandate.ends_on >= moment.day)
    return select(Mandate.role).where(Mandate.role.in_(sorted(SEPARATE_ADMINISTRATORS)), *held)


def _check(session: Session, actor: Actor, form: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {name: str(form.get(name) or "").strip() or None for name in LONGEST}
    errors = {
        name: f"{WORDS[name]}最多 {most} 个字。" for name, most in LONGEST.items() if len(values[name] or "") > most
    }
    if not values["name"]:
        errors["name"] = "请填写姓名。"
    refuse_persons(name=values["name"] or "", title=values["title"] or "")
    if values["phone"] and not is_phone(values["phone"]):
        errors.setdefault("phone", "手机或电话只能有数字、空格、+ 和 -。")
    values["unit_id"] = form.get("unit_id")
    query = visible(Unit, actor).where(Unit.id == values["unit_id"], Unit.closed_on.is_(None))
    if values["unit_id"] is None or session.scalars(query).first() is None:
        errors["unit_id"] = "请选择所在单位。"
    return values, errors
