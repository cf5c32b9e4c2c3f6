"""What sign-in leaves behind: sessions kept on the server, attempts counted for the lock-out, old passwords."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, Text, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.db import Id, Model, Ref, UtcDateTime

KEPT = timedelta(days=2)


class WebSession(Model):
    """One browser's session. The cookie holds a random token, the table only its digest."""

    __tablename__ = "web_sessions"

    id: Mapped[Id]
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id", ondelete="CASCADE"), index=True)
    data: Mapped[str] = mapped_column(Text, default="{}")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class SignInFailure(Model):
    """A failed sign-in, counted per account and address (5 failures lock for 30 minutes)."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (
        Index("ix_sign_in_failures_account", "username", "address", "at"),
        Index("ix_sign_in_failures_address", "address", "at"),
    )

    id: Mapped[Id]
    username: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class OldPassword(Model):
    """A password that was used before and may not come back."""

    __tablename__ = "old_passwords"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FormKey(Model):
    """The one-time key of a form that was acted upon, with the answer given: a double click gets the same answer."""

    __tablename__ = "form_keys"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id"))
    body_digest: Mapped[str] = mapped_column(String(64))
    location: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def end_sessions(session: Session, person_id: int, except_digest: str | None = None) -> None:
    """End every session of a person at once, but for the one with the digest."""
    ended = delete(WebSession).where(WebSession.person_id == person_id)
    if except_digest is not None:
        ended = ended.where(WebSession.token_digest != except_digest)
    session.execute(ended)


def sweep_sessions(session: Session, at: datetime) -> None:
    """Drop what has run out: dead sessions, and keys and failures that no longer count."""
    session.execute(delete(WebSession).where(WebSession.expires_at <= at))
    session.execute(delete(FormKey).where(FormKey.created_at <= at - KEPT))
    session.execute(delete(SignInFailure).where(SignInFailure.at <= at - KEPT))
