"""Each way out against a real server: what is sent, how it is signed, what an answer means, where nothing may go."""

import logging
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest
import trustme

from app.core.clock import Moment, SetClock
from app.core.logs import FIELDS
from app.notices import Undelivered
from app.notices.mail import Mail, MailServer
from app.notices.outbound import AllowList, fill, post
from app.notices.robots import DingTalk, RobotAccount, WeCom, sign
from app.notices.sms import Sms, SmsGateway
from tests.notices.post import LOOPBACK
from tests.notices.servers import Gateway, MailRoom, mail_room

CLOCK = SetClock(Moment.of(datetime(2026, 3, 2, 1, 0, tzinfo=UTC)))
TEXT = "【督考】您有待阅事项：新的交办 3 项。"


def robot(kind: str, url: str, **values: str) -> RobotAccount:
    """Return a robot's account."""
    return RobotAccount("群", kind, "A", url, **values)


def test_mail_is_a_real_letter(room: MailRoom) -> None:
    server = MailServer("127.0.0.1", room.port, "none", "督考 <dukao@county.test>")
    Mail(server, LOOPBACK, CLOCK).send("head@county.test", TEXT, "dukao-1")
    letter = room.letters[0]
    assert (letter["To"], letter["Message-ID"]) == ("head@county.test", "<dukao-1@county.test>")
    assert letter["Date"] == "Mon, 02 Mar 2026 09:00:00 +0800"
    assert (letter["Subject"], room.texts) == ("督考系统：有待阅事项", [TEXT])


def test_mail_in_the_clear_never_leaves_the_listed_networks(room: MailRoom) -> None:
    server = MailServer("127.0.0.1", room.port, "none", "dukao@county.test")
    with pytest.raises(Undelivered, match="不在允许名单内"):
        Mail(server, AllowList(frozenset({"127.0.0.1"})), CLOCK).send("head@county.test", TEXT, "dukao-1")
    secured = MailServer("127.0.0.1", room.port, "starttls", "dukao@county.test")
    with pytest.raises(Undelivered, match="连接失败"):  # the server offers no TLS
        Mail(secured, LOOPBACK, CLOCK).send("head@county.test", TEXT, "dukao-1")
    assert room.letters == []


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_mail_goes_over_tls_to_the_server_that_is_meant_and_to_no_other(security: str, tmp_path: Path) -> None:
    authority, stranger = trustme.CA(), trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "trusted.pem")
    trust = str(tmp_path / "trusted.pem")
    for certificate, is_taken in (
        (authority.issue_cert("127.0.0.1"), True),
        (stranger.issue_cert("127.0.0.1"), False),
        (authority.issue_cert("mail.elsewhere.test"), False),
    ):
        with mail_room(security, certificate) as room:
            mail = Mail(MailServer("127.0.0.1", room.port, security, "dukao@county.test", trust=trust), LOOPBACK, CLOCK)
            if is_taken:
                mail.send("head@county.test", TEXT, "dukao-1")
            else:
                with pytest.raises(Undelivered, match="连接失败（SSLCertVerificationError）"):
                    mail.send("head@county.test", TEXT, "dukao-1")
            assert room.ids == (["<dukao-1@county.test>"] if is_taken else [])


def test_gateway_gets_the_operators_template(http: Gateway) -> None:
    body = {"to": ["{mobile}"], "param": {"content": "{text}"}, "outId": "{message_id}", "n": 1}
    account = SmsGateway(f"{http.url}/sms?v=1", body, {"Authorization": "Bearer k"}, ("code", "OK"))
    Sms(account, LOOPBACK).send("13800000000", '含"引号"', "dukao-7")
    path, headers, sent = http.posts[0]
    assert (path, headers["Authorization"]) == ("/sms?v=1", "Bearer k")
    assert sent == {"to": ["13800000000"], "param": {"content": '含"引号"'}, "outId": "dukao-7", "n": 1}
    http.answers += [(200, '{"code": "LIMIT"}'), (200, "<html>"), (500, "no"), (200, "[]")]
    for said in ("code=LIMIT", "无法识别", "HTTP 500", "code=None"):
        with pytest.raises(Undelivered, match=said):
            Sms(account, LOOPBACK).send("13800000000", TEXT, "dukao-8")


def test_template_is_filled_everywhere() -> None:
    assert fill({"a": ["{x}-{y}", 1, None]}, {"x": "1", "y": "2"}) == {"a": ["1-2", 1, None]}


def test_robot_of_wecom_posts_a_text(http: Gateway) -> None:
    channel = WeCom(robot("wecom", f"{http.url}/cgi-bin/webhook/send?key=abc"), LOOPBACK, CLOCK)
    channel.send("", TEXT, "dukao-9")
    path, _, sent = http.posts[0]
    assert path == "/cgi-bin/webhook/send?key=abc"
    assert sent == {"msgtype": "text", "text": {"content": f"{TEXT}（dukao-9）"}}
    http.answers.append((200, '{"errcode": 45009, "errmsg": "freq"}'))
    with pytest.raises(Undelivered, match="45009"):
        channel.send("", TEXT, "dukao-9")
    assert channel.per_minute == 20


def test_robot_of_dingtalk_signs_its_address(http: Gateway) -> None:
    """The value was computed with `printf '1772413200000\\nSECabc' | openssl dgst -sha256 -hmac SECabc -binary | base64`."""
    assert sign(1772413200000, "SECabc") == "Q9Fyfxo2OHGX0DG6%2BwFpYkbF1Q9QvgwC7n%2FOVQCqMnE%3D"
    channel = DingTalk(robot("dingtalk", f"{http.url}/robot/send?access_token=t", secret="SECabc"), LOOPBACK, CLOCK)
    channel.send("", TEXT, "dukao-9")
    assert (
        http.posts[0][0] == f"/robot/send?access_token=t&timestamp=1772413200000&sign={sign(1772413200000, 'SECabc')}"
    )


def test_address_that_is_not_listed_is_refused_and_logged(http: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "notices")
    with pytest.raises(Undelivered, match="不在允许名单内") as refused:
        post(AllowList(frozenset({"sms.example.cn"})), f"{http.url}/a?key=secret", b"{}", {})
    assert refused.value.is_final
    said = [(record.getMessage(), getattr(record, FIELDS)["host"]) for record in caplog.records]
    assert said == [("outbound_refused", "127.0.0.1")]
    assert "secret" not in caplog.text
    assert http.posts == []


def test_private_address_is_refused_unless_it_is_listed(http: Gateway) -> None:
    for allow in (
        AllowList(frozenset({"localhost"})),
        AllowList(frozenset({"localhost"}), (ip_network("10.0.0.0/8"),)),
    ):
        with pytest.raises(Undelivered, match="内网"):
            post(allow, http.url.replace("127.0.0.1", "localhost"), b"{}", {})
    assert http.posts == []
    post(LOOPBACK, http.url, b"{}", {})
    assert len(http.posts) == 1


def test_redirect_is_not_followed(http: Gateway) -> None:
    http.answers.append((307, f"{http.url}/elsewhere"))
    with pytest.raises(Undelivered, match="HTTP 307"):
        post(LOOPBACK, http.url, b"{}", {})
    assert len(http.posts) == 1


def test_only_web_addresses_are_posted_to() -> None:
    for url in ("gopher://127.0.0.1/x", "ftp://127.0.0.1/x", "127.0.0.1"):
        with pytest.raises(Undelivered, match="http"):
            post(LOOPBACK, url, b"{}", {})
