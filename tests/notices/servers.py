"""Real servers on the loopback: one that takes mail by SMTP, one that takes posts by HTTP; both keep what they got."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class MailRoom:
    """The mail that came in. `answers` are given to the next letters instead of taking them."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Take a letter."""
        if self.answers:
            return self.answers.pop(0)
        letter = message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.recipients += envelope.rcpt_tos
        return "250 OK"

    @property
    def ids(self) -> list[str]:
        """The Message-IDs, in order."""
        return [str(letter["Message-ID"]) for letter in self.letters]

    @property
    def texts(self) -> list[str]:
        """What is written, in order."""
        return [str(letter.get_content()).strip() for letter in self.letters]


class _AnyPort(Controller):
    def _trigger_server(self) -> None:
        listening: Any = self.server
        self.port = listening.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class _Encrypted(_AnyPort):
    """TLS from the first byte: the certificate is shown before any greeting."""

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, host=self.hostname, port=self.port, ssl=self.ssl_context)


@contextmanager
def mail_room(security: str = "none", certificate: trustme.LeafCert | None = None) -> Iterator[MailRoom]:
    """Run a mail server on a free port: in the clear, with TLS from the first byte, or with STARTTLS alone."""
    where: dict[str, Any] = {"hostname": "127.0.0.1", "port": 0}
    room, offered = MailRoom(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    if certificate is not None:
        certificate.configure_cert(offered)
    controller = {  # type: ignore[no-untyped-call]
        "none": lambda: _AnyPort(room, **where),
        "starttls": lambda: _AnyPort(room, **where, tls_context=offered, require_starttls=True),
        "tls": lambda: _Encrypted(room, **where, ssl_context=offered),
    }[security]()
    controller.start()
    room.port = controller.port
    try:
        yield room
    finally:
        controller.stop()


@dataclass
class Gateway:
    """The posts that came in: path, headers, body. `answers` (status, body) are given instead of 200 {"errcode": 0}."""

    url: str = ""
    posts: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)


@contextmanager
def gateway() -> Iterator[Gateway]:
    """Run an HTTP server on a free port."""
    found = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.posts.append((self.path, dict(self.headers), json.loads(body)))
            status, text = found.answers.pop(0) if found.answers else (200, '{"errcode": 0, "code": "OK"}')
            self.send_response(status)
            if status in (301, 302, 307):
                self.send_header("Location", text)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
