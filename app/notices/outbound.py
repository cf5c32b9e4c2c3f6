"""The way out: hosts on the operator's list alone, no redirects, private addresses only where they are listed too."""

import logging
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import urlsplit

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import HTTPError

from app.core.logs import log_event
from app.notices.channels import Undelivered

CONNECT, READ = 5.0, 10.0  # seconds
LONGEST_ANSWER = 64 * 1024
PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class AllowList:
    """Where messages may go: host names, and the private networks in which they may lie."""

    hosts: frozenset[str]
    private: tuple[IPv4Network | IPv6Network, ...] = ()

    def pin(self, host: str, port: int, is_plain: bool = False) -> str:
        """Return the address to connect to; refuses, finally, a host or address that is not listed.

        The address that was checked is the one that is used: a name cannot change its meaning in between. What goes
        unencrypted stays in the private networks listed.
        """
        if host.lower() not in self.hosts:
            raise _refuse(host, "地址不在允许名单内")
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise Undelivered("域名解析失败") from error
        for *_, where in found:
            address = ip_address(str(where[0]))
            is_listed = any(address in network for network in self.private)
            if is_listed or (address.is_global and not is_plain):
                return str(where[0])
        raise _refuse(host, "内网地址或明文地址不在允许名单内")


def _refuse(host: str, said: str) -> Undelivered:
    log_event("notices", "outbound_refused", logging.WARNING, host=host, reason=said)
    return Undelivered(said, is_final=True)


def post(allow: AllowList, url: str, body: bytes, headers: Mapping[str, str], trust: str | None = None) -> bytes:
    """Post to the address and return the answer's first 64 KiB; Undelivered unless the answer is 2xx. Waits 15 s at most.

    `trust` is a file of certificates to trust besides none (the system's unless told).
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
    if parts.scheme not in PORTS:
        raise _refuse(host, "只支持 http 和 https 地址")
    pinned = allow.pin(host, port, is_plain=parts.scheme == "http")
    target = parts.path + (f"?{parts.query}" if parts.query else "") or "/"
    sent = {**headers, "Host": parts.netloc.rpartition("@")[2], "Content-Length": str(len(body))}
    try:
        with _pool(parts.scheme, pinned, port, host, trust) as pool:
            answer = pool.urlopen("POST", target, body=body, headers=sent, redirect=False, preload_content=False)
            content = answer.read(LONGEST_ANSWER)
            answer.release_conn()
    except (HTTPError, OSError) as error:
        raise Undelivered(f"连接失败（{type(error).__name__}）") from error
    if not 200 <= answer.status < 300:  # noqa: PLR2004 - the meaning of 2xx
        raise Undelivered(f"对方答复 HTTP {answer.status}")
    return content


def _pool(scheme: str, pinned: str, port: int, host: str, trust: str | None) -> HTTPConnectionPool:
    timeout = Timeout(connect=CONNECT, read=READ)
    if scheme == "http":
        return HTTPConnectionPool(pinned, port, timeout=timeout, retries=False)
    return HTTPSConnectionPool(
        pinned,
        port,
        timeout=timeout,
        retries=False,
        server_hostname=host,
        assert_hostname=host,
        cert_reqs="CERT_REQUIRED",
        ca_certs=trust,
    )


def fill(template: object, values: Mapping[str, str]) -> object:
    """Return the template (texts, lists, tables) with `{name}` replaced in every text."""
    if isinstance(template, str):
        for name, value in values.items():
            template = template.replace("{" + name + "}", value)
        return template
    if isinstance(template, Mapping):
        return {key: fill(part, values) for key, part in template.items()}
    if isinstance(template, Sequence):
        return [fill(part, values) for part in template]
    return template
