"""An address that only takes forms leads to the page they stand on: when it is opened, after an error, after sign-in."""

from flask import Flask

from app.ledgers.cases import Assignment
from tests.client import visit
from tests.story import LOGGED, Story
from tests.web.test_bulk import choose

VALUES = {"noun": "cases", "which": "times", "name": "x", "token": "x", "kind": "measures", "day": "2026-03-02"}
LINK = 'btn-primary" href="'


def link_of(page: str) -> str:
    return page.partition(LINK)[2].partition('"')[0].removeprefix("http://localhost")


def test_every_address_that_takes_forms_only_says_so_and_leads_to_a_page(story: Story, app: Flask) -> None:
    visitor, adapter, seen = visit(app, story, "supervisor"), app.url_map.bind("localhost"), 0
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            continue
        path = adapter.build(rule.endpoint, {name: VALUES.get(name, 1) for name in rule.arguments}, method="POST")
        if "GET" in adapter.allowed_methods(path):
            continue
        answer, seen = visitor.get(path), seen + 1
        assert (answer.status_code, "不能直接打开" in answer.text) == (405, True), path
        near = link_of(answer.text)
        assert path.startswith(near), (path, near)
        assert visitor.get(near).status_code != 405, near
    assert seen > 30


def test_move_leads_to_the_page_it_is_made_on(story: Story, app: Flask) -> None:
    case_id = story.log()
    story.assign(case_id)
    part = story.newest(Assignment, case_id=case_id).id
    for who, near in (("liaison_a", f"/cases/{case_id}"), ("outsider", "/")):
        assert link_of(visit(app, story, who).get(f"/parts/{part}/transitions/acknowledge").text) == near


def test_signing_in_leads_to_the_page_and_says_that_nothing_was_sent(story: Story, app: Flask) -> None:
    case_id = story.log()
    visitor = visit(app, story, "supervisor")
    run = str(choose(visitor, "admit", [], whole="1", state="all").location)
    for wanted, near, is_said in (
        (f"{run}/start", run, True),
        ("/imports/9/apply", "/imports/9", True),
        (f"/cases/{case_id}/transitions/admit", f"/cases/{case_id}", True),
        (f"/cases/{case_id}?x=1", f"/cases/{case_id}?x=1", False),
        ("/nonsense/7", "/nonsense/7", False),
    ):
        answer = visitor.get(f"/sign-in?next={wanted}")
        assert (answer.status_code, answer.location) == (302, near)
        assert ("登录前提交的那一次没有办成" in visitor.get("/messages").text) is is_said, wanted


def test_error_after_a_form_that_was_shown_again_leads_back_to_a_page(story: Story, app: Flask) -> None:
    case_id = story.log()
    visitor = visit(app, story, "liaison_a")
    came_from = f"http://localhost/cases/{case_id}/transitions/admit"
    office = visit(app, story, "supervisor")
    for one in (office, visitor):
        answer = one.client.post("/cases/new", data=LOGGED, headers={"Referer": came_from})
        assert answer.status_code == 400
        assert link_of(answer.text) == f"/cases/{case_id}"


def test_what_was_typed_when_the_session_had_ended_stands_on_the_page(story: Story, app: Flask) -> None:
    form = {"reason": "材料已补齐，请核对", "password": "密码不会显示"}
    answer = visit(app, story, None).post("/cases/1/transitions/comment", form)
    assert answer.status_code == 401
    assert "<dd>材料已补齐，请核对</dd>" in answer.text
    assert "这次填写的内容，没有保存，可以复制" in answer.text
    assert "密码不会显示" not in answer.text


def test_what_was_typed_stands_under_its_own_label_or_under_none(story: Story, app: Flask) -> None:
    stranger = visit(app, story, None)
    case = stranger.post("/cases/new", {"title": "道路积水", "text": "三天没有退"}).text
    assert "<dt>填写的内容</dt><dd>道路积水</dd>" in case
    slip = stranger.post("/slips/1/transitions/reply", {"text": "已经整改"}).text
    assert "<dt>回复内容</dt><dd>已经整改</dd>" in slip
