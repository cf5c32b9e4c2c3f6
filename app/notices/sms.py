"""Short messages through an HTTP gateway; address, headers and body are the operator's template, not code."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.notices.channels import Undelivered
from app.notices.outbound import AllowList, fill, post


@dataclass(frozen=True, slots=True, repr=False)
class SmsGateway:
    """The gateway: texts may hold {mobile}, {text} and {message_id}. `ok` names a field of the answer and its good value."""

    url: str
    body: Mapping[str, object]
    headers: Mapping[str, str] = field(default_factory=dict)
    ok: tuple[str, str] | None = None
    per_minute: int = 60
    trust: str | None = None


class Sms:
    """The channel."""

    name, robot = "sms", None

    def __init__(self, gateway: SmsGateway, allow: AllowList) -> None:
        self.gateway, self.allow = gateway, allow
        self.per_minute = gateway.per_minute

    def send(self, recipient: str, text: str, message_id: str) -> None:
        """Hand the message to the gateway."""
        gateway = self.gateway
        body = fill(gateway.body, {"mobile": recipient, "text": text, "message_id": message_id})
        headers = {"Content-Type": "application/json; charset=utf-8", **gateway.headers}
        answer = post(self.allow, gateway.url, json.dumps(body, ensure_ascii=False).encode(), headers, gateway.trust)
        if gateway.ok:
            expect(answer, *gateway.ok)


def expect(answer: bytes, name: str, good: str) -> None:
    """Undelivered unless the answer is JSON in which the field has the good value."""
    try:
        found = json.loads(answer)
    except ValueError as error:
        raise Undelivered("对方答复无法识别") from error
    value = found.get(name) if isinstance(found, dict) else None
    if str(value) != good:
        raise Undelivered(f"对方答复 {name}={str(value)[:20]}")
