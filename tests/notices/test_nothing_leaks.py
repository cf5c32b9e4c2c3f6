"""No fact of a case leaves the house: every body sent over every channel is searched for what only the case knows."""

import pytest
from sqlalchemy import select, update

from app.core.clock import Moment
from app.ledgers.cases import Case
from app.ledgers.messages import MESSAGE_KINDS, Contact, Message
from app.notices import set_up_robots, sweep, sweep_all, sweeping
from app.notices.robots import DingTalk, RobotAccount, WeCom
from app.notices.sms import Sms, SmsGateway
from tests.databases import Databases
from tests.notices.post import LOOPBACK, Post
from tests.notices.servers import Gateway, MailRoom
from tests.web.foreign import CANARY, PLANTED_ON, planted_story


def test_no_text_that_leaves_the_house_knows_the_case(databases: Databases, room: MailRoom, http: Gateway) -> None:
    story, _ = planted_story(databases)
    post, clock = Post(story), story.cast.clock
    gateway = SmsGateway(f"{http.url}/sms", {"to": "{mobile}", "text": "{text}", "id": "{message_id}"})
    accounts = [RobotAccount(f"群{kind}", kind, "A", f"{http.url}/{kind}") for kind in ("wecom", "dingtalk")]
    post.mail(room.port)
    post.channels += [
        Sms(gateway, LOOPBACK),
        WeCom(accounts[0], LOOPBACK, clock),
        DingTalk(accounts[1], LOOPBACK, clock),
    ]
    post.at(PLANTED_ON, 9)
    for who in ("head_a", "liaison_a", "head_b", "supervisor", "leader"):
        post.reach(who)
        post.reach(who, "sms", "13800000000")
    with story.cast.database.begin() as session:
        set_up_robots(session, {account.robot: (account.kind, account.unit) for account in accounts}, clock.now())
    post.at(PLANTED_ON, 10)
    with story.cast.database.session(read_only=True) as session:
        case = session.scalars(select(Case).order_by(Case.id)).first()
    assert case is not None
    assert case.number
    for kind in MESSAGE_KINDS:
        post.write("A", kind, 1, case.id)
    post.at("2026-03-25", 8)
    assert post.tick() >= 6
    bodies = [letter.as_string() for letter in room.letters] + room.texts + [str(sent) for sent in http.posts]
    assert len(http.posts) >= 4
    assert {path.split("&")[0].strip("/") for path, _, _ in http.posts} == {"sms", "wecom", "dingtalk"}
    secrets = (CANARY, case.number, case.title, "河道")
    assert not [secret for secret in secrets for body in bodies if secret in body]


def test_robot_of_an_unknown_unit_is_named_and_one_that_is_gone_falls_silent(post: Post) -> None:
    cast = post.story.cast
    with cast.database.begin() as session:
        assert set_up_robots(session, {"甲": ("wecom", "A"), "乙": ("wecom", "nowhere")}, cast.clock.now()) == ["乙"]
    with cast.database.begin() as session:
        assert set_up_robots(session, {}, cast.clock.now()) == []
    with cast.database.session(read_only=True) as session:
        robots = select(Contact.robot, Contact.is_on).where(Contact.robot.is_not(None))
        assert [tuple(row) for row in session.execute(robots)] == [("甲", False)]


def test_message_swept_once_is_not_swept_again(post: Post) -> None:
    cast = post.story.cast
    with cast.database.begin() as session:
        session.execute(update(Message).values(swept_at=None))
    counts = []
    for _ in range(2):
        with cast.database.begin() as session:
            counts.append(sweep(session, Moment.of(cast.clock.now().at)))
    assert counts[0] is not None
    assert counts[0][0] > 0
    assert counts[1] == (0, 0)


def test_night_of_very_many_is_taken_up_in_several_transactions(
    post: Post, room: MailRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "MOST", 7)
    post.at("2026-03-03", 0, 1)
    post.write("A", "due_soon", 20)
    cast = post.story.cast
    assert sweep_all(cast.database, cast.clock.now()) == (20, 2)
    post.at("2026-03-03", 8)
    assert post.tick() == 2
    assert "即将到期 20 项" in room.texts[0]
