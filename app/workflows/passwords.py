"""New passwords: changed by their owner, or set with a one-time code."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import Fact, record
from app.core.clock import Moment
from app.people import (
    Actor,
    OldPassword,
    PasswordProfile,
    Person,
    end_sessions,
    forget_failures,
    hash_password,
    is_password,
    password_fault,
)
from app.workflows.signing_in import WRONG, Credentials, refuse_attempt

OWN_WORDS = ("督考", "dukao")
WRONG_CODE = "用户名或一次性代码不正确，或者代码已经过期。"


def change_password(
    session: Session,
    actor: Actor,
    credentials: Credentials,
    typed: tuple[str, str],
    address: str,
    moment: Moment,
    profile: PasswordProfile,
) -> dict[str, str]:
    """Give the actor a new password (typed twice); return what is wrong by field, nothing when it is done.

    A wrong old password counts as a failed sign-in: the caller commits whatever came out. All sessions of the person end.
    """
    person = session.get_one(Person, actor.person_id)
    refused = refuse_attempt(session, credentials, address, moment)
    if refused is not None:
        return {"old": "原密码不正确。" if refused == WRONG else refused}
    if errors := _faults(session, person, typed, profile):
        return errors
    _replace_password(session, person, typed[0], moment, profile)
    forget_failures(session, person.username, address)
    record(session, Fact(kind="password.change", subject=f"person:{person.id}"), actor, moment)
    return {}


def use_code(
    session: Session,
    credentials: Credentials,
    typed: tuple[str, str],
    address: str,
    moment: Moment,
    profile: PasswordProfile,
) -> dict[str, str]:
    """Set a password with a one-time code, which is used up; return what is wrong by field. The caller commits.

    It does not sign in: that is the next step, with the second factor where there is one.
    """
    refused = refuse_attempt(session, credentials, address, moment)
    if refused is not None or not credentials.has_code:
        return {"code": refused if refused not in (None, WRONG) else WRONG_CODE}
    person = session.get_one(Person, credentials.person_id)
    if errors := _faults(session, person, typed, profile):
        return errors
    _replace_password(session, person, typed[0], moment, profile)
    forget_failures(session, person.username, address)
    owner = Actor(person.id, person.name)
    record(session, Fact(kind="password.set", subject=f"person:{person.id}", data={"address": address}), owner, moment)
    return {}


def _faults(session: Session, person: Person, typed: tuple[str, str], profile: PasswordProfile) -> dict[str, str]:
    new, again = typed
    if fault := password_fault(new, profile, (person.username, person.name, person.phone or "", *OWN_WORDS)):
        return {"new": fault}
    if new != again:
        return {"again": "两次输入不一致，请重新输入。"}
    if any(is_password(hashed, new) for hashed in _barred(session, person, profile)):
        barred = f"最近 {profile.history} 次用过的密码" if profile.history > 1 else "原密码"
        return {"new": f"不能与{barred}相同。"}
    return {}


def _barred(session: Session, person: Person, profile: PasswordProfile) -> Iterable[str]:
    """Return the hashes that may not come back: the present one and, by the profile, those before it."""
    latest = select(OldPassword.password_hash).where(OldPassword.person_id == person.id)
    latest = latest.order_by(OldPassword.replaced_at.desc(), OldPassword.id.desc()).limit(profile.history)
    old = list(session.scalars(latest))
    if person.password_hash:
        old.insert(0, person.password_hash)
    return old[: profile.history]


def _replace_password(session: Session, person: Person, new: str, moment: Moment, profile: PasswordProfile) -> None:
    if person.password_hash:
        keep_old_password(session, person, moment)
    person.password_hash, person.password_changed_at = hash_password(new), moment.at
    person.must_change_password = False
    person.reset_hash = person.reset_expires_at = None
    end_sessions(session, person.id)


def keep_old_password(session: Session, person: Person, moment: Moment) -> None:
    """Remember the present password among those that may not come back at once."""
    if person.password_hash:
        row = OldPassword(person_id=person.id, password_hash=person.password_hash, replaced_at=moment.at)
        session.add(row)
