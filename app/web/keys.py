"""One-time keys: every form that changes something carries one, and a second click gets the first answer."""

import hashlib
import secrets
from datetime import datetime

from flask import redirect, request
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.core.errors import Invalid
from app.people import FormKey

FIELD = "_key"
NOT_BODY = ("csrf_token", FIELD)


def new_key() -> str:
    """Return a fresh key for a form."""
    return secrets.token_urlsafe(18)


def replay(session: Session, person_id: int | None) -> Response | None:
    """Return the answer this form was given before, or None; Invalid when the key comes back with another body."""
    key = request.form.get(FIELD)
    if not key or person_id is None:
        return None
    found = session.scalars(select(FormKey).where(FormKey.key == key[:64], FormKey.person_id == person_id)).first()
    if found is None:
        return None
    if found.body_digest != _body_digest():
        raise Invalid({FIELD: "这张表单已经提交过，内容又有变化。请刷新页面后重新填写。"})
    return redirect(found.location or "/", 303)


def claim(session: Session, person_id: int | None, at: datetime) -> str | None:
    """Claim the form's key before acting; a copy in flight waits here and fails with IntegrityError once this one is done."""
    key = request.form.get(FIELD)
    if not key or person_id is None:
        return None
    row = {"key": key[:64], "person_id": person_id, "body_digest": _body_digest(), "created_at": at}
    session.execute(insert(FormKey).values(row))
    return key[:64]


def keep_answer(session: Session, key: str, location: str | None) -> None:
    """Note with a claimed key where its answer led."""
    answered = update(FormKey).where(FormKey.key == key).values(location=location)
    session.execute(answered, execution_options={"synchronize_session": False})


def _body_digest() -> str:
    parts = [request.path]
    for name in sorted(request.form):
        if name not in NOT_BODY:
            parts += [f"{name}={value}" for value in request.form.getlist(name)]
    for name in sorted(request.files):
        parts += [f"{name}:{file.filename}" for file in request.files.getlist(name)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
