"""Two-step sign-in: enrolled and dropped by its owner; the second step is counted and recorded like the first."""

from dataclasses import replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.audit import Fact, record
from app.core.clock import Moment
from app.people import (
    Actor,
    Person,
    forget_failures,
    locked_until,
    matching_step,
    note_failure,
    queue_attempts,
)
from app.workflows.signing_in import STRANGER, Credentials, SignIn, record_sign_in, refuse_attempt, say_locked

WRONG_STEP = "验证码不正确或已经用过。请输入验证器上现在显示的 6 位数字。"


def take_second_step(session: Session, person_id: int, typed: str, address: str, moment: Moment) -> SignIn:
    """Finish a sign-in that began with the right password; the caller commits whatever came out."""
    person = session.get_one(Person, person_id)
    queue_attempts(session, person.username, address)
    if (until := locked_until(session, person.username, address, moment.at)) is not None:
        return SignIn(said=say_locked(until, moment.at))
    if person.disabled_at is not None or not person.totp_secret:
        return SignIn(said="登录已过期，请重新登录。")
    step = matching_step(person.totp_secret, typed, moment.at, person.totp_step)
    if step is None or not _use_up(session, person, step):
        note_failure(session, person.username, address, moment.at)
        fact = Fact("sign_in.failed", f"person:{person.id}", data={"address": address, "step": 2})
        record(session, fact, replace(STRANGER), moment)
        return SignIn(said=WRONG_STEP)
    forget_failures(session, person.username, address)
    record_sign_in(session, person, address, moment)
    return SignIn(person.id)


def enrol_second_factor(session: Session, actor: Actor, secret: str, typed: str, moment: Moment) -> str | None:
    """Turn two-step sign-in on once the authenticator shows the right number; return what is wrong, or None."""
    step = matching_step(secret, typed, moment.at)
    if step is None:
        return WRONG_STEP
    person = session.get_one(Person, actor.person_id)
    if person.totp_secret:
        return "两步验证已经启用。"
    person.totp_secret, person.totp_step = secret, step
    record(session, Fact("second_factor.enrol", f"person:{person.id}"), actor, moment)
    return None


def drop_second_factor(
    session: Session, actor: Actor, credentials: Credentials, address: str, moment: Moment
) -> str | None:
    """Turn two-step sign-in off by the password; return what is wrong, or None. The caller commits either way."""
    if (refused := refuse_attempt(session, credentials, address, moment)) is not None:
        return refused
    person = session.get_one(Person, actor.person_id)
    person.totp_secret = person.totp_step = None
    record(session, Fact("second_factor.drop", f"person:{person.id}"), actor, moment)
    return None


def has_second_factor(session: Session, actor: Actor) -> bool:
    """Say whether the actor signs in with two steps."""
    return session.scalar(select(Person.totp_secret).where(Person.id == actor.person_id)) is not None


def _use_up(session: Session, person: Person, step: int) -> bool:
    """Mark a step of time as used, under guard: of two sign-ins with one number the second fails."""
    fresh = Person.totp_step.is_(None) | (Person.totp_step < step)
    used = session.execute(
        update(Person).where(Person.id == person.id, fresh).values(totp_step=step).returning(Person.id),
        execution_options={"synchronize_session": False},
    )
    return used.first() is not None
