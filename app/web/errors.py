"""Errors as pages: each says in plain Chinese what happened and what to do next, with the right status."""

from collections import defaultdict
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from app.audit import Fact, record
from app.core.errors import Absent, Invalid, Refused, TooMany
from app.web.keys import SentBefore, texts_sent
from app.web.nearest import page_near
from app.web.shell import close_desk, desk
from app.workflows import WORKFLOWS

METHOD_NOT_ALLOWED = HTTPStatus.METHOD_NOT_ALLOWED


def init_errors(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(Absent, lambda _error: error_page(404))
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(TooMany, lambda error: error_page(429, str(error)))
    app.register_error_handler(SentBefore, _sent_before)
    app.register_error_handler(Invalid, lambda error: error_page(422, str(error)))
    app.register_error_handler(CSRFError, lambda _error: error_page(400 if _is_signed_in() else 401, typed=_typed()))
    # a number too long for any row names nothing
    app.register_error_handler(OverflowError, lambda _error: error_page(404))
    app.register_error_handler(DataError, lambda _error: error_page(404))
    app.register_error_handler(
        IntegrityError, lambda _error: error_page(409, "同一件事正在办理或已经办理。请刷新页面核对。")
    )
    app.register_error_handler(OperationalError, lambda _error: error_page(503))
    app.register_error_handler(HTTPException, _http)


def error_page(status: int, said: str | None = None, **more: Any) -> tuple[str, int]:
    """Render the page of an error in a fresh session; whatever the request had begun is gone."""
    close_desk()
    back = request.referrer if request.method != "GET" else request.url if status == METHOD_NOT_ALLOWED else None
    near = _near(back) if status < HTTPStatus.INTERNAL_SERVER_ERROR else back
    page = render_template("error.html", code=status, said=said, back_url=near, sign_in_url=_sign_in_url(back), **more)
    close_desk()  # the web session is kept after this in a transaction of its own
    return page, status


def _near(back: str | None) -> str | None:
    """Return the page to go back to: where the form stood, though its address may take forms only."""
    is_here = urlsplit(back or "").netloc == request.host
    return page_near(back) if back and is_here and _is_signed_in() else back


def _sign_in_url(back: str | None) -> str:
    """Lead back to the form that was being filled in, where the browser restores what was typed."""
    parts = urlsplit(back or "")
    page = urlunsplit(("", "", parts.path, parts.query, ""))
    return f"/sign-in?{urlencode({'next': page})}" if parts.netloc == request.host and page else "/sign-in"


def _is_signed_in() -> bool:
    close_desk()
    return desk().actor_or_none is not None


def note_refusal(said: str) -> None:
    """Record a refusal in the log, in a transaction of its own; the words are kept, the input is not."""
    close_desk()
    actor, moment = desk().actor_or_none, desk().moment
    if actor is None:
        return
    close_desk()  # on SQLite two writers of one request would wait for each other
    fact = Fact(kind="refusal", subject=request.path[:60], reason=said[:200], data={"method": request.method})
    with desk().database.begin() as session:
        record(session, fact, actor, moment)


def _refused(error: Refused) -> tuple[str, int]:
    note_refusal(str(error))
    return error_page(409, str(error))


def _sent_before(error: SentBefore) -> tuple[str, int]:
    """Lead to what was done, and show what was typed since, so that nothing has to be typed again."""
    return error_page(422, str(error), sent=error, typed=_typed())


def _typed() -> list[tuple[str, str]]:
    """Return the texts of the form at hand by the labels of their fields; no field of an account is among them."""
    named = str((request.view_args or {}).get("name", ""))
    rows = [row for flow in WORKFLOWS.values() for row in flow.transitions]
    labels: dict[str, set[str]] = defaultdict(set)
    for need in (need for row in [row for row in rows if row.name == named] or rows for need in row.needs):
        labels[need.name].add(need.label)
    return [(_only(labels[name]), text) for name, text in texts_sent() if name in labels]


def _only(labels: set[str]) -> str:
    """Return the label of a field, or a word for any where several forms call it differently."""
    return next(iter(labels)) if len(labels) == 1 else "填写的内容"


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error
    return error_page(error.code)
