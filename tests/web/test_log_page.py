"""The audit log: for the auditor alone, without the texts of cases, and reading it is on record."""

from flask import Flask

from app.audit import Event
from tests.client import visit
from tests.story import Story


def test_auditor_sees_events_without_texts(story: Story, app: Flask) -> None:
    case_id = story.log(title="绝密标题甲", text="绝密内容乙")
    story.case("supervisor", case_id, "reject", reason="绝密理由丙")
    page = visit(app, story, "auditor").get("/log")
    assert "不予受理" in page.text
    assert not any(secret in page.text for secret in ("绝密标题甲", "绝密内容乙", "绝密理由丙"))
    assert story.newest(Event, kind="log.read").actor_id == story.cast.persons["auditor"]


def test_nobody_else_has_a_log(story: Story, app: Flask) -> None:
    for who in ("admin", "security", "supervisor", "discipline"):
        assert visit(app, story, who).get("/log").status_code == 404


def test_check_of_the_chain_says_whole(story: Story, app: Flask) -> None:
    story.log()
    page = visit(app, story, "auditor").get("/log/check")
    assert "哈希链完整" in page.text
