"""A real server on the loopback, over a story's database and clock; it also has axe, and an empty page."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from sqlalchemy import update
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wrappers import Response
from werkzeug.wsgi import ClosingIterator

from app.people import Person, hash_password
from app.web import HEADERS
from config import Settings
from tests.client import app_for
from tests.story import Story

PASSWORD = "云岭-verify-2026-河道"
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
AXE_ADDRESS, EMPTY_ADDRESS = "/axe.min.js", "/empty"
ports: list[int] = []  # the worker's own, the same for every county: so the browser knows the files already


class Counter:
    """Lets requests through to the application until it is closed; what comes later finds nobody."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        self.open = 0
        self.is_closed = False
        self.change = threading.Condition()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request as a whole: of a reader who left in the middle, the server closes no answer."""
        with self.change:
            if self.is_closed:
                return Response(status=503)(environ, start)
            self.open += 1
        try:
            answer = _own(environ["PATH_INFO"]) or self.application
            with closing(ClosingIterator(answer(environ, start))) as parts:
                return [b"".join(parts)]
        finally:
            self._leave()

    def close(self) -> None:
        """Let nobody in any more, and wait for those who are."""
        with self.change:
            self.is_closed = True
            assert self.change.wait_for(lambda: self.open == 0, timeout=60), "a request is not answered"

    def _leave(self) -> None:
        with self.change:
            self.open -= 1
            self.change.notify_all()


@contextmanager
def served(story: Story, instance: Path) -> Iterator[str]:
    """Serve the story's county and yield the address."""
    settings = Settings(instance, story.cast.database.url)
    counter = Counter(app_for(settings, story.cast.clock, story.cast.database))
    server = _server(counter)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        counter.close()


def _server(application: WSGIApplication) -> BaseWSGIServer:
    """Serve on the worker's own port, or on a free one when that has been taken meanwhile."""
    for port in (*ports, 0):
        with suppress(OSError):
            server = make_server("127.0.0.1", port, application, threaded=True)
            ports[:] = [server.server_port]
            return server
    raise RuntimeError("no port is free")


def give_passwords(story: Story) -> None:
    """Give every member of the cast the same password."""
    with story.cast.database.begin() as session:
        session.execute(update(Person).values(password_hash=_hashed(), password_changed_at=story.cast.clock.now().at))


@cache
def _hashed() -> str:
    return hash_password(PASSWORD)


@cache
def _own(path: str) -> Response | None:
    """Return what the tests' server has beside the application; its empty page is as closed to others as the pages are."""
    if path == AXE_ADDRESS:
        keep = {"Cache-Control": "immutable, max-age=3600"}
        return Response(AXE.read_bytes(), headers=keep, mimetype="text/javascript")
    return Response(headers=HEADERS, mimetype="text/html") if path == EMPTY_ADDRESS else None
