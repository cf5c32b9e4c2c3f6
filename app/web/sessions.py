"""Sessions kept on the server: the cookie holds a random token, dead as soon as the row is gone."""

import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import CallbackDict

from app.core.clock import Clock
from app.core.db import Database
from app.people import WebSession

SAFE = ("GET", "HEAD", "OPTIONS")
IDLE = timedelta(hours=4)
LONGEST = timedelta(hours=12)
LONGEST_TOKEN = 100
SEEN_EVERY = timedelta(minutes=5)
SESSIONS: Any = WebSession.__table__
# made once: every request asks the one, every act the other
SAME = SESSIONS.c.token_digest == bindparam("digest")
LIVE = select(SESSIONS.c.data, SESSIONS.c.seen_at).where(
    SAME, SESSIONS.c.expires_at > bindparam("now"), SESSIONS.c.seen_at > bindparam("seen")
)
KEEP = update(SESSIONS).where(SAME)


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """What is known of one browser. `token` is None until there is something to keep."""

    def __init__(self, data: dict[str, Any] | None = None, token: str | None = None) -> None:
        def changed(_session: object) -> None:
            self.modified = True

        super().__init__(data or {}, changed)
        self.token = token
        self.old_token: str | None = None
        self.modified = False
        self.is_due = False

    def rotate(self) -> None:
        """Take a new token, at sign-in and sign-out: the old one is dead."""
        self.old_token, self.token, self.modified = self.old_token or self.token, None, True


class ServerSessions(SessionInterface):
    """Loads and keeps sessions: reading requests in their own transaction (`reading` opens it), others in short ones."""

    def __init__(self, reading: Callable[[], Session]) -> None:
        self.reading = reading

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """Find the session of the cookie; an unknown, expired or ended one is an empty new one."""
        token = request.cookies.get(cookie_name(app))
        if not token or len(token) > LONGEST_TOKEN or request.path.startswith("/static/"):
            return ServerSession()
        now = _clock(app).now().at
        wanted = {"digest": _digest(token), "now": now, "seen": now - IDLE}
        if request.method in SAFE:
            row = self.reading().execute(LIVE, wanted).one_or_none()
        else:  # what is sent may take long to come: nothing is locked and no connection is held until it is here
            with _database(app).glance() as connection:
                row = connection.execute(LIVE, wanted).one_or_none()
        if row is None:
            return ServerSession()
        found = ServerSession(json.loads(row.data), token)
        found.is_due = now - row.seen_at > SEEN_EVERY
        return found

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep what changed; set the cookie for a new token."""
        if not isinstance(session, ServerSession) or not (session.modified or session.is_due):
            return
        now = _clock(app).now().at
        with _database(app).begin() as database:
            if session.old_token:
                database.execute(delete(WebSession).where(WebSession.token_digest == _digest(session.old_token)))
            if not session and session.token is None:
                response.delete_cookie(cookie_name(app))
                return
            values = {"data": json.dumps(dict(session)), "seen_at": now, "person_id": session.get("person_id")}
            if session.token is not None:
                same = WebSession.token_digest == _digest(session.token)
                database.execute(update(WebSession).where(same).values(values))
                return
            session.token = secrets.token_urlsafe(32)
            digest = _digest(session.token)
            row = WebSession(token_digest=digest, created_at=now, expires_at=now + LONGEST, **values)
            database.add(row)
        response.set_cookie(
            cookie_name(app),
            session.token,
            httponly=True,
            secure=app.config["DUKAO"].is_secure,
            samesite="Lax",
            path="/",
        )


def keep_along(session: SessionMixin, database: Session, at: datetime) -> bool:
    """Keep what changed in the act's own transaction, one commit for both; False where the browser's token changes too."""
    if not isinstance(session, ServerSession) or not session.modified or session.token is None or session.old_token:
        return False
    values = {"data": json.dumps(dict(session)), "seen_at": at, "person_id": session.get("person_id")}
    database.execute(KEEP, {"digest": _digest(session.token), **values})
    return True


def cookie_name(app: Flask) -> str:
    """Return the cookie's name: bound to the host over TLS."""
    return "__Host-dukao" if app.config["DUKAO"].is_secure else "dukao"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _database(app: Flask) -> Database:
    found: Database = app.extensions["database"]
    return found


def _clock(app: Flask) -> Clock:
    found: Clock = app.extensions["clock"]
    return found
