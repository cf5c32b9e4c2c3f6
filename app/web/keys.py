"""One-time keys: every form that changes something carries one, and a second click gets the first answer.

A form that comes back changed after it was done does nothing: the page shows it again with what was typed and a fresh key.
"""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from flask import g, redirect, request
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.core.errors import Invalid
from app.core.inserting import insertion_if_absent
from app.people import FormKey

FIELD = "_key"
NOT_BODY = ("csrf_token", FIELD)
KEYS: Any = FormKey.__table__
ANSWER = update(KEYS).where(KEYS.c.key == bindparam("form_key"))


SENT = "这张表单先前已经提交并办成，这次改动的内容没有保存。"
SEND_ANEW = SENT + "确实要按现在的内容再办一次的，请核对后重新提交。"


class SentBefore(Invalid):
    """A form that was done already comes back with another body; `location` is where its first answer led."""

    def __init__(self, location: str) -> None:
        self.location = location
        super().__init__({FIELD: SENT})


def new_key() -> str:
    """Return a fresh key for a form."""
    return secrets.token_urlsafe(18)


def replay(session: Session, person_id: int | None) -> Response:
    """Return the answer that the form of a claimed key was given; SentBefore when the key comes back with another body."""
    key = request.form.get(FIELD, "")[:64]
    found = session.scalars(select(FormKey).where(FormKey.key == key, FormKey.person_id == person_id)).first()
    if found is None:
        return redirect(request.path, 303)
    if found.body_digest != _body_digest():
        raise SentBefore(found.location or "/")
    return redirect(found.location or "/", 303)


def sent_before() -> SentBefore | None:
    """Return what is known of the form at hand when it was done before and came back changed."""
    found: SentBefore | None = g.get("sent_before")
    return found


def texts_sent() -> list[tuple[str, str]]:
    """Return the texts of the form at hand: field and what was typed, without what only a machine reads."""
    sent = ((name, value) for name, value in request.form.items(multi=True) if name not in NOT_BODY)
    return [(name, value) for name, value in sent if not value.isascii()]


def claim(session: Session, person_id: int | None, at: datetime) -> bool:
    """Claim the form's key before acting; a copy in flight waits here. False where the key was claimed before."""
    key = request.form.get(FIELD)
    if not key or person_id is None:
        return True
    row = {"key": key[:64], "person_id": person_id, "body_digest": _body_digest(), "created_at": at}
    return session.scalar(insertion_if_absent(session, KEYS, KEYS.c.id), row) is not None


def keep_answer(session: Session, person_id: int | None, location: str | None) -> None:
    """Note with the claimed key where its answer led."""
    if (key := request.form.get(FIELD)) and person_id is not None:
        session.execute(ANSWER, {"form_key": key[:64], "location": location})


def _body_digest() -> str:
    parts = [request.path]
    for name in sorted(request.form):
        if name not in NOT_BODY:
            parts += [f"{name}={value}" for value in request.form.getlist(name)]
    for name in sorted(request.files):
        parts += [f"{name}:{file.filename}" for file in request.files.getlist(name)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
