"""Input that nobody means: refused in plain words with the right status, and nothing half written."""

from datetime import date

import pytest
from flask import Flask

from app.audit import Event
from app.ledgers.cases import Case, Request
from app.ledgers.cases.lengths import LONGEST
from tests.client import visit
from tests.story import Story

LOGGED = {"title": "路灯不亮", "text": "老街路灯不亮", "source_kind": "inspection", "discovery": "county"}


@pytest.mark.parametrize("path", ["/cases/999999999999999999999", "/cases?unit=999999999999999999999"])
def test_number_too_long_for_any_row_is_no_error_of_ours(story: Story, app: Flask, path: str) -> None:
    assert visit(app, story, "supervisor").get(path).status_code in (200, 404)


@pytest.mark.parametrize("found_on", ["2026-02-30", "0001-01-01", "2026-03-03"])
def test_impossible_day_of_feedback_is_named_and_the_text_kept(story: Story, app: Flask, found_on: str) -> None:
    page = visit(app, story, "inspector").post("/cases/new", {**LOGGED, "found_on": found_on})
    assert page.status_code == 422
    assert "老街路灯不亮" in page.text
    assert story.newest(Case) is None


def test_deadline_nobody_means_is_refused_even_when_confirmed(story: Story, app: Flask) -> None:
    case_id = story.log()
    story.case("supervisor", case_id, "admit")
    form = {"lead": story.cast.units["A"], "rect_class": "limited", "due_on": "0001-01-01", "standard": "亮"}
    form |= {"confirm_past": "y", "version": story.get(Case, case_id).version}
    page = visit(app, story, "supervisor").post(f"/cases/{case_id}/transitions/assign", form)
    assert page.status_code == 422
    assert "整改期限过早，请核对年份" in page.text
    assert story.get(Case, case_id).state == "ledgered"


def test_unit_that_is_not_offered_is_said_in_chinese(story: Story, app: Flask) -> None:
    case_id = story.log()
    story.case("supervisor", case_id, "admit")
    form = {"lead": story.cast.units["A"], "assist": "999", "rect_class": "limited", "due_on": "2026-03-20"}
    form |= {"standard": "亮", "version": story.get(Case, case_id).version}
    page = visit(app, story, "supervisor").post(f"/cases/{case_id}/transitions/assign", form)
    assert page.status_code == 422
    assert "所选的有一项现在不能选。请从列出的选项中重新勾选。" in page.text
    assert "not a valid choice" not in page.text


def test_blanks_are_no_title_and_every_missing_field_is_named_at_once(story: Story, app: Flask) -> None:
    page = visit(app, story, "inspector").post("/cases/new", {**LOGGED, "title": "   ", "text": ""})
    assert page.status_code == 422
    assert "请填写问题标题。" in page.text
    assert "请填写问题描述。" in page.text


def test_deadline_beyond_a_year_stands_with_its_reason(story: Story, app: Flask) -> None:
    case_id = story.log()
    story.case("supervisor", case_id, "admit")
    form = {"lead": story.cast.units["A"], "rect_class": "limited", "due_on": "2031-12-31", "standard": "亮"}
    form |= {"version": story.get(Case, case_id).version}
    visitor, address = visit(app, story, "supervisor"), f"/cases/{case_id}/transitions/assign"
    page = visitor.post(address, form)
    assert page.status_code == 422
    assert "整改期限 2031-12-31 在一年以后" in page.text
    assert visitor.post(address, form | {"reason": "分五年实施"}).status_code == 303
    assert story.newest(Event, case_id=case_id).reason == "分五年实施"


def test_extension_beyond_what_was_asked_stands_with_its_reason(story: Story, app: Flask) -> None:
    case_id = story.log()
    story.assign(case_id, "A")
    story.to_work(case_id)
    story.case("head_a", case_id, "ask_extension", reason="连续降雨", progress="一半", wanted_on=date(2026, 3, 27))
    request = story.newest(Request, case_id=case_id)
    visitor, address = visit(app, story, "supervisor"), f"/requests/{request.id}/transitions/grant"
    form = {"version": request.version, "due_on": "2026-04-30"}
    page = visitor.post(address, form)
    assert page.status_code == 422
    assert "批准的期限晚于申请的 2026-03-27" in page.text
    assert visitor.post(address, form | {"reason": "汛期未过"}).status_code == 303
    assert story.newest(Event, case_id=case_id).reason == "汛期未过"


def test_move_that_does_not_exist_is_absent(story: Story, app: Flask) -> None:
    case_id = story.log()
    answer = visit(app, story, "supervisor").post(f"/cases/{case_id}/transitions/nonsense", {"version": "1"})
    assert answer.status_code == 404


def test_expired_session_says_to_sign_in_again(story: Story, app: Flask) -> None:
    answer = visit(app, story, None).post("/cases/new", LOGGED)
    assert answer.status_code == 401
    assert "登录" in answer.text
    assert story.newest(Case) is None


def test_signing_in_again_leads_back_to_the_form_but_never_elsewhere(story: Story, app: Flask) -> None:
    stranger = visit(app, story, None)
    for came_from, leads_to in (
        ("http://localhost/cases/new?from=desk", "/sign-in?next=%2Fcases%2Fnew%3Ffrom%3Ddesk"),
        ("http://elsewhere.example/cases/new", "/sign-in"),
    ):
        sent = LOGGED | {"csrf_token": stranger.token}
        answer = stranger.client.post("/cases/new", data=sent, headers={"Referer": came_from})
        assert f'href="{leads_to}"' in answer.text


TURNED = "\u202e河道\u200b垃\u2066圾\x00\x85\u200f"


def test_characters_nobody_sees_stay_in_no_text(story: Story, app: Flask) -> None:
    """A title must read as it is stored, wherever it stands and whoever compares it."""
    visitor = visit(app, story, "supervisor")
    assert visitor.post("/cases/new", {**LOGGED, "title": TURNED, "place": TURNED}).status_code == 303
    case = story.newest(Case)
    assert (case.title, case.place) == ("河道垃圾", "河道垃圾")
    assert "河道垃圾" in visitor.get("/cases", query_string={"q": TURNED}).text
    assert visitor.post("/cases/new", {**LOGGED, "title": "\u200b\u202e"}).status_code == 422
    move = f"/cases/{case.id}/transitions/comment"
    assert visitor.post(move, {"reason": TURNED, "version": "1"}).status_code == 303
    assert story.newest(Event, case_id=case.id).reason == "河道垃圾"


@pytest.mark.parametrize("field", ["title", "place", "category", "reference"])
def test_form_says_how_long_a_text_may_be_and_takes_just_that(story: Story, app: Flask, field: str) -> None:
    visitor, longest = visit(app, story, "inspector"), LONGEST[field]
    too_long = visitor.post("/cases/new", {**LOGGED, field: "长" * (longest + 1)})
    assert too_long.status_code == 422
    assert f"最多 {longest} 字" in too_long.text
    assert visitor.post("/cases/new", {**LOGGED, field: "长" * longest}).status_code == 303
    if field == "title":
        help_words = too_long.text.partition('id="title-help">')[2].partition("</p>")[0]
        assert help_words == f"一句话说清楚，最多 {longest} 字"
        assert f'maxlength="{longest}"' in visitor.get("/cases/new").text
