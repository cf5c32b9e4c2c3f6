"""One-time keys: every form that changes something carries one, and a second click gets the first answer."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from flask import redirect, request
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


def new_key() -> str:
    """Return a fresh key for a form."""
    return secrets.token_urlsafe(18)


def replay(session: Session, person_id: int | None) -> Response:
    """Return the answer that the form of a claimed key was given; Invalid when the key comes back with another body."""
    key = request.form.get(FIELD, "")[:64]
    found = session.scalars(select(FormKey).where(FormKey.key == key, FormKey.person_id == person_id)).first()
    if found is None:
        return redirect(request.path, 303)
    if found.body_digest != _body_digest():
        raise Invalid({FIELD: "这张表单已经提交过，内容又有变化。请刷新页面后重新填写。"})
    return redirect(found.location or "/", 303)


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
