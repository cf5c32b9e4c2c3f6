"""Group robots of WeCom (企业微信) and DingTalk (钉钉): one text to one group, 20 messages a minute at most."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from urllib.parse import quote_plus

from app.core.clock import Clock
from app.notices.outbound import AllowList, post
from app.notices.sms import expect

PER_MINUTE = 20


@dataclass(frozen=True, slots=True, repr=False)
class RobotAccount:
    """A robot in the group of a unit; `url` holds its key, `secret` signs (DingTalk)."""

    robot: str
    kind: str
    unit: str
    url: str
    secret: str = ""
    trust: str | None = None


class _Robot:
    name = ""
    per_minute = PER_MINUTE

    def __init__(self, account: RobotAccount, allow: AllowList, clock: Clock) -> None:
        self.account, self.allow, self.clock = account, allow, clock
        self.robot = account.robot

    def send(self, recipient: str, text: str, message_id: str) -> None:
        """Post the text to the group; the robots know no ids, so it stands at the end for people to see a repetition."""
        body = {"msgtype": "text", "text": {"content": f"{text}（{message_id}）"}}
        headers = {"Content-Type": "application/json; charset=utf-8"}
        answer = post(
            self.allow, self.address(), json.dumps(body, ensure_ascii=False).encode(), headers, self.account.trust
        )
        expect(answer, "errcode", "0")

    def address(self) -> str:
        """Return the address to post to."""
        return self.account.url


class WeCom(_Robot):
    """A robot of WeCom."""

    name = "wecom"


class DingTalk(_Robot):
    """A robot of DingTalk; every address is signed with its time."""

    name = "dingtalk"

    def address(self) -> str:
        """Return the signed address; the signature holds for an hour."""
        milliseconds = int(self.clock.now().at.timestamp() * 1000)
        if not self.account.secret:
            return self.account.url
        return f"{self.account.url}&timestamp={milliseconds}&sign={sign(milliseconds, self.account.secret)}"


def sign(milliseconds: int, secret: str) -> str:
    """Return DingTalk's signature: HMAC-SHA256 of time and secret, in base64, quoted for an address."""
    digest = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256).digest()
    return quote_plus(base64.b64encode(digest))
