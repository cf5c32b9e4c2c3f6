"""Which channels there are: the operator's channels.toml in the data folder, readable by its owner alone."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from app.core.clock import Clock
from app.notices.channels import Channel
from app.notices.mail import Mail, MailServer
from app.notices.outbound import AllowList
from app.notices.robots import DingTalk, RobotAccount, WeCom
from app.notices.sms import Sms, SmsGateway

FILE = "channels.toml"
OTHERS = 0o077
ROBOTS = {"wecom": WeCom, "dingtalk": DingTalk}
SECURITIES = ("tls", "starttls", "none")


class Misconfigured(Exception):
    """The file cannot be used; the words say what to mend, never what stands in it."""


@dataclass(frozen=True, slots=True, repr=False)
class Outlets:
    """The channels of this house, the address to sign in that every text names, and the unit code of each robot."""

    address: str
    channels: tuple[Channel, ...]
    robots: Mapping[str, tuple[str, str]]

    def names(self) -> frozenset[str]:
        """Return the kinds of channels there are."""
        return frozenset(channel.name for channel in self.channels)


def load_outlets(folder: Path, clock: Clock) -> Outlets | None:
    """Return the channels, None where the operator set up none; Misconfigured says what to mend."""
    file = folder / FILE
    if not file.exists():
        return None
    if file.stat().st_mode & OTHERS:
        raise Misconfigured(f"{FILE} 只能由属主读写，请执行 chmod 600。")
    try:
        return _read(tomllib.loads(file.read_text(encoding="utf-8")), clock)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise Misconfigured(f"{FILE} 内容有误（{type(error).__name__}），请对照 docs/operations.md 检查。") from error


def _read(data: Mapping[str, Any], clock: Clock) -> Outlets:
    outbound = data["outbound"]
    private = tuple(ip_network(network) for network in outbound.get("private", []))
    allow = AllowList(frozenset(host.lower() for host in outbound["hosts"]), private)
    readers: dict[str, Callable[[dict[str, Any]], Channel]] = {
        "email": lambda table: Mail(_mail_server(table), allow, clock),
        "sms": lambda table: Sms(_gateway(table), allow),
    }
    channels: list[Channel] = [read(dict(data[name])) for name, read in readers.items() if name in data]
    accounts = [RobotAccount(**{**robot, "robot": robot["robot"]}) for robot in data.get("robots", [])]
    channels += [ROBOTS[account.kind](account, allow, clock) for account in accounts]
    return Outlets(
        data["address"], tuple(channels), {account.robot: (account.kind, account.unit) for account in accounts}
    )


def _mail_server(table: dict[str, Any]) -> MailServer:
    server = MailServer(**table)
    if server.security not in SECURITIES:
        raise ValueError("security")
    return server


def _gateway(table: dict[str, Any]) -> SmsGateway:
    ok = table.pop("ok", None)
    return SmsGateway(**table, ok=(str(ok["field"]), str(ok["value"])) if ok else None)
