"""E-mail by SMTP: TLS, time limits, and a Message-ID that stays the same at every attempt."""

import smtplib
import socket
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from app.core.clock import ZONE, Clock
from app.notices.channels import Undelivered
from app.notices.outbound import AllowList

SECONDS = 15.0
PERMANENT = 500  # SMTP answers from here on mean that trying again is no use
SUBJECT = "督考系统：有待阅事项"


@dataclass(frozen=True, slots=True, repr=False)
class MailServer:
    """The operator's mail server. `security` is tls, starttls or none (none: only inside the private networks listed)."""

    host: str
    port: int
    security: str
    sender: str
    username: str = ""
    password: str = ""
    per_minute: int = 120
    trust: str | None = None


class Mail:
    """The channel."""

    name, robot = "email", None

    def __init__(self, server: MailServer, allow: AllowList, clock: Clock) -> None:
        self.server, self.allow, self.clock = server, allow, clock
        self.per_minute = server.per_minute

    def send(self, recipient: str, text: str, message_id: str) -> None:
        """Hand the message to the mail server."""
        letter = self.letter(recipient, text, message_id)
        try:
            with self._connect() as connection:
                connection.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            raise Undelivered(f"邮件服务器不接收该收件人（{code}）", is_final=code >= PERMANENT) from error
        except smtplib.SMTPDataError as error:
            raise Undelivered(f"邮件服务器拒收（{error.smtp_code}）", is_final=error.smtp_code >= PERMANENT) from error
        except smtplib.SMTPResponseException as error:  # of the server or the sender: an operator may put that right
            raise Undelivered(f"邮件服务器答复 {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise Undelivered(f"邮件服务器连接失败（{type(error).__name__}）") from error

    def letter(self, recipient: str, text: str, message_id: str) -> EmailMessage:
        """Return the message as it is sent."""
        letter = EmailMessage()
        domain = parseaddr(self.server.sender)[1].rpartition("@")[2] or "localhost"
        letter["From"], letter["To"], letter["Subject"] = self.server.sender, recipient, SUBJECT
        letter["Message-ID"] = f"<{message_id}@{domain}>"
        letter["Date"] = format_datetime(self.clock.now().at.astimezone(ZONE))
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(text + "\n")
        return letter

    def _connect(self) -> smtplib.SMTP:
        server = self.server
        pinned = self.allow.pin(server.host, server.port, is_plain=server.security == "none")
        context = ssl.create_default_context(cafile=server.trust)
        connection: smtplib.SMTP
        if server.security == "tls":
            connection = _PinnedTls(pinned, server.host, server.port, context)
        else:
            connection = _Pinned(pinned, server.host, server.port)
        try:
            if server.security == "starttls":
                connection.starttls(context=context)
            if server.username:
                connection.login(server.username, server.password)
        except (smtplib.SMTPException, OSError):
            connection.close()
            raise
        return connection


class _Pinned(smtplib.SMTP):
    """A connection to the address that was checked, under the name that was asked for."""

    def __init__(self, pinned: str, host: str, port: int) -> None:
        self.pinned = pinned
        super().__init__(host, port, timeout=SECONDS)

    def _get_socket(self, _host: str, port: int, timeout: float) -> socket.socket:
        return socket.create_connection((self.pinned, port), timeout)


class _PinnedTls(smtplib.SMTP_SSL):
    """The same with TLS from the first byte."""

    def __init__(self, pinned: str, host: str, port: int, context: ssl.SSLContext) -> None:
        self.pinned = pinned
        super().__init__(host, port, timeout=SECONDS, context=context)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((self.pinned, port), timeout)
        return self.context.wrap_socket(plain, server_hostname=host)
