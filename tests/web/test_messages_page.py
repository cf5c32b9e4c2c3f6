"""消息 and 消息设置: what I am told and only that; my address is mine; the administrator sees failures without content."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.audit import Event
from app.core.clock import Moment
from app.ledgers.messages import Contact, Delivery, Message, Preference, Reading
from tests.client import visit
from tests.story import Story

FORM = {
    "by_email": "y",
    "email": "head@county.test",
    "mobile": "",
    "digest_hour": "9",
    "wants_urgent": "y",
    "quiet_from": "",
    "quiet_until": "",
}


def write(story: Story, unit: str, count: int = 1, who: str | None = None) -> list[int]:
    """Write messages and return their ids."""
    now: Moment = story.cast.clock.now()
    with story.cast.database.begin() as session:
        rows = [
            Message(
                authority_id=story.cast.units["C"],
                unit_id=story.cast.units[unit],
                person_id=story.cast.persons[who] if who else None,
                kind="to_sign" if who else "due_soon",
                subject=f"page:{who}:{number}",
                day=now.day,
                at=now.at,
            )
            for number in range(count)
        ]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def bury(story: Story, who: str = "head_a", error: str = "邮件服务器答复 451") -> int:
    """Make a dead letter and return its id."""
    now = story.cast.clock.now()
    with story.cast.database.begin() as session:
        person_id = story.cast.persons[who]
        contact = Contact(
            person_id=person_id, channel="email", address="x@y.test", told_until=now.at, urgent_until=now.at
        )
        session.add(contact)
        session.flush()
        row = Delivery(
            authority_id=story.cast.units["C"],
            contact_id=contact.id,
            person_id=person_id,
            channel="email",
            day=now.day,
            kind="digest",
            message_id=f"dukao-test-{contact.id}",
            state="dead",
            attempts=6,
            next_try_at=now.at,
            text="【督考】您有待阅事项",
            error=error,
        )
        session.add(row)
        session.flush()
        return row.id


def count(story: Story, model: type) -> int:
    """Count the rows of a table."""
    with story.cast.database.session(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_each_reads_what_is_told_to_the_own_unit_or_person(story: Story, app: Flask) -> None:
    write(story, "A", 2)
    write(story, "C", 1, "leader")
    assert visit(app, story, "head_a").get("/messages").text.count("有事项即将到期") == 2
    assert "有事项即将到期" not in visit(app, story, "head_b").get("/messages").text
    assert "有单据等您签发" in visit(app, story, "leader").get("/messages").text
    assert "有单据等您签发" not in visit(app, story, "leader2").get("/messages").text


def test_a_message_names_its_case_to_who_sees_it(story: Story, app: Flask) -> None:
    case_id = story.log(title="井盖缺失")
    story.assign(case_id, "A", standard="井盖齐全")
    told = visit(app, story, "head_a").get("/messages").text
    assert "有新的交办事项" in told
    assert "井盖缺失" in told
    ids = write(story, "B", 1)
    with story.cast.database.begin() as session:
        session.get_one(Message, ids[0]).case_id = case_id
    assert "井盖缺失" not in visit(app, story, "head_b").get("/messages").text


def test_reading_is_everybodys_own(story: Story, app: Flask) -> None:
    ids = write(story, "A", 3)
    head = visit(app, story, "head_a")
    assert head.post("/messages/read", {"message": str(ids[1])}).status_code == 303
    assert head.get("/messages").text.count("有事项即将到期") == 2
    assert head.get("/messages?show=all").text.count("有事项即将到期") == 3
    head.post("/messages/read", {"up_to": str(ids[2])})
    assert "有事项即将到期" not in head.get("/messages").text
    assert count(story, Reading) == 0
    assert visit(app, story, "liaison_a").get("/messages").text.count("有事项即将到期") == 3


@pytest.mark.parametrize("form", [{}, {"message": "x"}, {"message": "987654321"}, {"message": "9" * 30}])
def test_message_of_nobody_cannot_be_read(story: Story, app: Flask, form: dict[str, str]) -> None:
    assert visit(app, story, "head_a").post("/messages/read", form).status_code == 404


def test_message_of_another_cannot_be_marked(story: Story, app: Flask) -> None:
    ids = write(story, "A")
    assert visit(app, story, "head_b").post("/messages/read", {"message": str(ids[0])}).status_code == 404
    visit(app, story, "head_b").post("/messages/read", {"up_to": "999999999999"})
    with story.cast.database.session(read_only=True) as session:
        assert (session.scalar(select(func.max(Preference.read_until_id))) or 0) <= ids[0]


def test_long_list_goes_on_on_the_next_page(story: Story, app: Flask) -> None:
    write(story, "B", 60)
    first = visit(app, story, "head_b").get("/messages").text
    assert first.count("有事项即将到期") == 50
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert visit(app, story, "head_b").get(following).text.count("有事项即将到期") == 10


def test_settings_are_kept_and_shown_to_oneself_alone(story: Story, app: Flask) -> None:
    head = visit(app, story, "head_a")
    assert head.post("/account/messages", FORM).status_code == 303
    page = head.get("/account/messages").text
    assert 'value="head@county.test"' in page
    for who in ("head_b", "admin", "security"):
        assert "head@county.test" not in visit(app, story, who).get("/account/messages").text
    with story.cast.database.session(read_only=True) as session:
        event = session.scalars(select(Event).where(Event.kind == "contact.change")).one()
        assert "county.test" not in str(event.data)
        wish = session.scalars(select(Preference)).one()
        assert (wish.digest_hour, wish.quiet_from, wish.wants_urgent) == (9, None, True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"email": ""}, "请填写邮箱地址"),
        ({"email": "a b@c.cn"}, "邮箱地址不正确"),
        ({"email": "a@c.cn\r\nBcc: x@y.cn"}, "邮箱地址不正确"),
        ({"mobile": "12345"}, "11 位数字"),
        ({"by_sms": "y"}, "请填写手机号"),
        ({"digest_hour": "23"}, "digest_hour"),
        ({"quiet_from": "12"}, "同时选择"),
        ({"quiet_from": "8", "quiet_until": "20"}, "没有可以发送的钟点"),
        ({"quiet_from": "8", "quiet_until": "10"}, "这个钟点在您另加的免打扰时间里"),
    ],
)
def test_wrong_settings_are_refused(story: Story, app: Flask, change: dict[str, str], said: str) -> None:
    answer = visit(app, story, "head_a").post("/account/messages", {**FORM, **change})
    assert answer.status_code == 422
    assert said in answer.text
    assert count(story, Contact) == 0


def test_administrator_sees_failures_without_content_and_settles_them(story: Story, app: Flask) -> None:
    first, second = bury(story), bury(story, "liaison_a")
    admin = visit(app, story, "admin")
    page = admin.get("/messages/dead").text
    assert page.count("邮件服务器答复 451") == 2
    assert "待阅" not in page
    assert "x@y.test" not in page
    assert admin.post("/messages/dead", {"delivery": str(first), "act": "retry"}).status_code == 303
    assert admin.post("/messages/dead", {"delivery": str(second), "act": "drop"}).status_code == 303
    with story.cast.database.session(read_only=True) as session:
        found = [tuple(row) for row in session.execute(select(Delivery.state, Delivery.attempts).order_by(Delivery.id))]
    assert found == [("waiting", 0), ("dropped", 6)]
    assert admin.post("/messages/dead", {"delivery": str(second), "act": "retry"}).status_code == 409


@pytest.mark.parametrize("who", ["head_a", "supervisor", "security", "auditor", "outsider"])
def test_nobody_else_sees_or_settles_failures(story: Story, app: Flask, who: str) -> None:
    dead = bury(story)
    assert visit(app, story, who).get("/messages/dead").status_code == 404
    assert visit(app, story, who).post("/messages/dead", {"delivery": str(dead), "act": "drop"}).status_code == 404


def test_unknown_act_or_delivery_does_not_exist(story: Story, app: Flask) -> None:
    admin, dead = visit(app, story, "admin"), bury(story)
    for form in ({"delivery": str(dead), "act": "x"}, {"delivery": "1000000", "act": "drop"}, {"act": "drop"}):
        assert admin.post("/messages/dead", form).status_code == 404
