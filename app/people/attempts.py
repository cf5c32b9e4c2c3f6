"""Failed sign-ins: counted for an account at an address, so that nobody locks a person out from elsewhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, text
from sqlalchemy.orm import Session

from app.people.passwords import read_password_pack
from app.people.sessions import SignInFailure

LONGEST_KEY = 60


@dataclass(frozen=True, slots=True)
class Lockout:
    """How many failures lock for how long, and how many of one address, over all accounts, hold that address back."""

    failures: int
    minutes: int
    address_failures: int

    @property
    def span(self) -> timedelta:
        """The time in which failures count and for which they lock."""
        return timedelta(minutes=self.minutes)


def shipped_lockout() -> Lockout:
    """Read the shipped rule."""
    return Lockout(**read_password_pack()["lockout"])


def queue_attempts(session: Session, username: str, address: str) -> None:
    """Let attempts of one account at one address wait for each other until the transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        key = f"sign-in {username[:LONGEST_KEY]} {address[:LONGEST_KEY]}"
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})


def locked_until(session: Session, username: str, address: str, at: datetime) -> datetime | None:
    """Return until when the account is locked at this address, or None; a locked attempt is not counted."""
    rule = shipped_lockout()
    query = select(SignInFailure.at).where(_pair(username, address)).order_by(SignInFailure.at.desc())
    latest = session.scalars(query.limit(rule.failures)).all()
    if len(latest) < rule.failures or latest[0] - latest[-1] > rule.span:
        return None
    until = latest[0] + rule.span
    return until if at < until else None


def is_address_held_back(session: Session, address: str, at: datetime) -> bool:
    """Say whether an address failed so often, at whatever accounts, that it may only serve accounts it served before."""
    rule = shipped_lockout()
    recent = SignInFailure.address == address[:LONGEST_KEY], SignInFailure.at > at - rule.span
    count = session.scalar(select(func.count()).select_from(SignInFailure).where(*recent)) or 0
    return count >= rule.address_failures


def note_failure(session: Session, username: str, address: str, at: datetime) -> bool:
    """Count a failure; True when it is the one that locks."""
    session.add(SignInFailure(username=username[:LONGEST_KEY], address=address[:LONGEST_KEY], at=at))
    session.flush()
    return locked_until(session, username, address, at) is not None


def forget_failures(session: Session, username: str, address: str) -> None:
    """Start counting anew after a success."""
    session.execute(delete(SignInFailure).where(_pair(username, address)))


def _pair(username: str, address: str) -> ColumnElement[bool]:
    return (SignInFailure.username == username[:LONGEST_KEY]) & (SignInFailure.address == address[:LONGEST_KEY])
