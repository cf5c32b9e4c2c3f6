"""A real server on a free port of the loopback, over a story's database and clock."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import update
from werkzeug.serving import make_server

from app.people import Person, hash_password
from config import Settings
from tests.client import app_for
from tests.story import Story

PASSWORD = "云岭-verify-2026-河道"


@contextmanager
def served(story: Story, instance: Path) -> Iterator[str]:
    """Serve the story's county and yield the address."""
    settings = Settings(instance, story.cast.database.url)
    application = app_for(settings, story.cast.clock, story.cast.database)
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def give_passwords(story: Story) -> None:
    """Give every member of the cast the same password."""
    with story.cast.database.begin() as session:
        session.execute(update(Person).values(password_hash=_hashed(), password_changed_at=story.cast.clock.now().at))


@cache
def _hashed() -> str:
    return hash_password(PASSWORD)
