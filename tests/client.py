"""A signed-in person at the application, without a browser: real sessions, real CSRF tokens, real one-time keys."""

import hashlib
import json
import secrets
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import Client, TestResponse

from app import create_app, furnish
from app.core.clock import Clock, SystemClock
from app.core.db import Database
from app.people import WebSession
from config import Settings
from tests.story import Story


class Visit:
    """Somebody's requests. `post` adds the CSRF token and a fresh one-time key unless the form brings its own."""

    def __init__(self, app: Flask, client: Client, token: str) -> None:
        self.app, self.client, self.token = app, client, token

    def get(self, path: str, **args: Any) -> TestResponse:
        """Read a page or a file to its end."""
        return self.client.get(path, buffered=True, **args)

    def post(self, path: str, form: dict[str, Any] | None = None, **args: Any) -> TestResponse:
        """Send a form."""
        data = {"csrf_token": self.token, "_key": secrets.token_hex(8), **(form or {})}
        return self.client.post(path, data=data, **args)


def make_app(story: Story, instance: Path) -> Flask:
    """Return the application over the story's database and clock, for tests that want errors to come through."""
    app = app_for(Settings(instance, story.cast.database.url), story.cast.clock, story.cast.database)
    app.testing = True
    return app


def app_for(settings: Settings, clock: Clock | None = None, database: Database | None = None) -> Flask:
    """Return the application of this process over another county: pages and commands are put together only once."""
    application = _application()
    furnish(application, settings, clock or SystemClock(), database)
    application.testing = False
    return application


@cache
def _application() -> Flask:
    with TemporaryDirectory() as folder:
        return create_app(Settings(Path(folder), "sqlite://"))


def visit(app: Flask, story: Story, username: str | None) -> Visit:
    """Sign somebody in by planting the session that sign-in makes; None is a stranger."""
    client = app.test_client()
    cookie, raw = plant_session(story, username)
    if cookie:
        client.set_cookie("dukao", cookie)
    token = URLSafeTimedSerializer(str(app.config["SECRET_KEY"]), salt="wtf-csrf-token").dumps(raw)
    return Visit(app, client, str(token))


def plant_session(story: Story, username: str | None) -> tuple[str, str]:
    """Make the session that sign-in makes; return the cookie's token and the raw CSRF token in it."""
    cookie, raw, now = secrets.token_urlsafe(32), secrets.token_hex(20), story.cast.clock.now().at
    if username is None:
        return "", raw
    row = WebSession(
        token_digest=hashlib.sha256(cookie.encode()).hexdigest(),
        person_id=story.cast.persons[username],
        data=json.dumps({"person_id": story.cast.persons[username], "csrf_token": raw}),
        created_at=now,
        seen_at=now,
        expires_at=now + timedelta(days=400),
    )
    with story.cast.database.begin() as session:
        session.add(row)
    return cookie, raw
