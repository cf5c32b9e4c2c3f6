"""Signing in and out: checked outside the transaction, decided and recorded inside one that lets attempts queue."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import Event, Fact, record
from app.core.clock import Moment
from app.people import (
    Actor,
    PasswordProfile,
    Person,
    end_sessions,
    find_person,
    forget_failures,
    hash_password,
    is_address_held_back,
    is_code,
    is_outdated,
    is_password,
    locked_until,
    normal_username,
    note_failure,
    queue_attempts,
    shipped_lockout,
)

WRONG = "用户名或密码不正确。忘记密码请联系系统管理员重置。"
REMEMBERED = 50
STRANGER = Actor(None, "未登录")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody typed, as it was checked: the account it fits, if any, and the hashes it was checked against."""

    username: str
    person_id: int | None = None
    has_password: bool = False
    has_code: bool = False
    checked: tuple[str | None, str | None] = (None, None)
    new_hash: str | None = None

    @property
    def are_good(self) -> bool:
        """True when the password or the one-time code was right at the time of the check."""
        return self.has_password or self.has_code


@dataclass(frozen=True, slots=True)
class SignIn:
    """How a sign-in ended: the person, or what to say; `needs_password` when a one-time code was used in place of one."""

    person_id: int | None = None
    said: str = ""
    needs_password: bool = False
    needs_second_factor: bool = False


def check_credentials(session: Session, username: str, password: str, at: datetime) -> Credentials:
    """Check what was typed (about 20 ms, the same for unknown accounts). Reads only: hold no writing transaction here."""
    name = normal_username(username)
    person = find_person(session, name)
    has_password = is_password(person.password_hash if person else None, password)
    if person is None or person.disabled_at is not None:
        return Credentials(name)
    hashed = person.password_hash
    again = hash_password(password) if has_password and hashed and is_outdated(hashed) else None
    has_code = is_code(person, password, at)
    return Credentials(name, person.id, has_password, has_code, (hashed, person.reset_hash), again)


def sign_in(
    session: Session, credentials: Credentials, address: str, moment: Moment, profile: PasswordProfile
) -> SignIn:
    """Decide about checked credentials and record it; the caller commits whatever came out.

    Five failures lock an account for 30 minutes at the address they came from, and nowhere else.
    """
    refused = refuse_attempt(session, credentials, address, moment)
    if refused is not None:
        return SignIn(said=refused)
    person = session.get_one(Person, credentials.person_id)
    forget_failures(session, credentials.username, address)
    if credentials.has_code:
        return SignIn(person.id, needs_password=True)
    if credentials.new_hash:
        person.password_hash = credentials.new_hash
    if is_password_old(person, profile, moment):
        person.must_change_password = True
    if person.totp_secret:
        return SignIn(person.id, needs_second_factor=True)
    record_sign_in(session, person, address, moment)
    return SignIn(person.id)


def refuse_attempt(session: Session, credentials: Credentials, address: str, moment: Moment) -> str | None:
    """Return why an attempt fails, counted and recorded, or None. One answer for unknown, disabled and wrong."""
    name = credentials.username
    queue_attempts(session, name, address)
    if (until := locked_until(session, name, address, moment.at)) is not None:
        return say_locked(until, moment.at)
    person = find_person(session, name)
    if is_address_held_back(session, address, moment.at) and not _is_known_here(session, person, address):
        return "这个网络地址登录失败次数过多，请半小时后再试，或者换一台设备。"
    if credentials.are_good and person is not None and _is_unchanged(person, credentials):
        return None
    is_locking = note_failure(session, name, address, moment.at)
    kind = "sign_in.locked" if is_locking else "sign_in.failed"
    subject = f"person:{person.id}" if person else "person:unknown"
    record(session, Fact(kind=kind, subject=subject, data={"address": address}), STRANGER, moment)
    return say_locked(moment.at + shipped_lockout().span, moment.at) if is_locking else WRONG


def record_sign_in(session: Session, person: Person, address: str, moment: Moment) -> None:
    """Write the event of a sign-in."""
    actor = replace(STRANGER, person_id=person.id, name=person.name)
    record(session, Fact(kind="sign_in", subject=f"person:{person.id}", data={"address": address}), actor, moment)


def sign_out(session: Session, actor: Actor, moment: Moment) -> None:
    """Record that somebody signed out; the browser's session is the web's to end."""
    record(session, Fact(kind="sign_out", subject=f"person:{actor.person_id}"), actor, moment)


def end_all_sessions(session: Session, actor: Actor, moment: Moment) -> None:
    """End every session of the actor, on every device."""
    if actor.person_id is not None:
        end_sessions(session, actor.person_id)
        record(session, Fact(kind="sign_out.everywhere", subject=f"person:{actor.person_id}"), actor, moment)


def is_password_old(person: Person, profile: PasswordProfile, moment: Moment) -> bool:
    """Say whether the profile wants a new password by now."""
    changed = person.password_changed_at
    return profile.days is not None and (changed is None or moment.at - changed >= timedelta(days=profile.days))


def say_locked(until: datetime, at: datetime) -> str:
    """Say for how long an account is locked here."""
    minutes = max(1, -int((at - until).total_seconds() // 60))
    return f"连续失败次数过多，本机已暂停登录这个账号，请 {minutes} 分钟后再试。忘记密码请联系系统管理员重置。"


def _is_unchanged(person: Person, credentials: Credentials) -> bool:
    """Say whether the account is still as it was checked: a reset or a disabling in between wins."""
    same = (person.password_hash, person.reset_hash) == credentials.checked
    return same and person.disabled_at is None and person.id == credentials.person_id


def _is_known_here(session: Session, person: Person | None, address: str) -> bool:
    """Say whether the account signed in from this address not long ago."""
    if person is None:
        return False
    own = select(Event.data).where(Event.actor_id == person.id, Event.kind == "sign_in")
    latest = session.scalars(own.order_by(Event.id.desc()).limit(REMEMBERED))
    return any(data.get("address") == address for data in latest)
