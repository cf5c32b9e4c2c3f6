"""Possible duplicates on the pages: beside the form, on the new case, and the page on which many are merged into one."""

import re

import pytest
from flask import Flask

from app.ledgers.cases import Case
from app.ledgers.cases.words import SOURCES
from tests.client import Visit, visit
from tests.story import Story
from tests.web.test_cases_queries import counted

TEXT = "东山镇老街河道多处垃圾堆积，雨后污水漫上路面，附近居民多次反映仍无人清理。"
TYPED = {"title": "老街垃圾", "text": TEXT}
FORM = {**TYPED, "source_kind": "hotline", "discovery": "citizen"}


def confirm(visitor: Visit, chosen: str, **form: str) -> str:
    """Confirm what was chosen; return where the results are."""
    answer = visitor.post(f"{chosen.partition('?')[0]}/start", form)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_what_is_typed_is_answered_with_why_and_nothing_is_kept(story: Story, app: Flask) -> None:
    case_id = story.log(title="河道垃圾", text=TEXT)
    inspector = visit(app, story, "inspector")
    said = inspector.post("/cases/new/alike", TYPED).text
    assert "可能重复（1 件）" in said
    assert "相同内容" in said
    assert f'href="/cases/{case_id}"' in said
    assert inspector.post("/cases/new/alike", {"title": "路灯", "text": "路灯不亮"}).text.strip() == ""
    assert inspector.post("/cases/new/alike", {}).text.strip() == ""
    assert inspector.get("/cases/new/alike").status_code == 405
    assert inspector.post("/cases/new", {**FORM, "_key": "k" * 20}).status_code == 303
    assert story.newest(Case).title == "老街垃圾"


def test_logging_is_never_held_up_and_the_new_case_shows_its_like(story: Story, app: Flask) -> None:
    first = story.log(title="河道垃圾", text=TEXT)
    supervisor = visit(app, story, "supervisor")
    failed = supervisor.post("/cases/new", {**FORM, "source_kind": ""})
    assert failed.status_code == 422
    assert "可能重复（1 件）" in failed.text
    answer = supervisor.post("/cases/new", FORM)
    assert answer.status_code == 303
    new = story.newest(Case).id
    page = supervisor.get(f"/cases/{new}").text
    assert f"/cases/{first}/merge?case={new}" in page
    assert "可能重复" not in visit(app, story, "inspector").get(f"/cases/{new}").text


@pytest.mark.parametrize("who", ["liaison_a", "head_b", "outsider", "outsider_head"])
def test_nobody_is_told_of_what_may_not_be_seen(story: Story, app: Flask, who: str) -> None:
    story.log(title="河道垃圾", text=TEXT, place="老街", category="环境卫生")
    somebody = visit(app, story, who)
    answer = somebody.post("/cases/new/alike", {**TYPED, "place": "老街", "category": "环境卫生"})
    assert (answer.status_code, answer.text.strip()) == (200, "")
    assert "可能重复" not in somebody.post("/cases/new", {**TYPED, "title": ""}).text


@pytest.mark.parametrize("who", ["leader", "assessor", "discipline", "auditor", "admin", "organisation"])
def test_suggestions_do_not_exist_for_who_logs_nothing(story: Story, app: Flask, who: str) -> None:
    assert visit(app, story, who).post("/cases/new/alike", TYPED).status_code == 404


def test_many_are_merged_and_taken_apart_on_one_page(story: Story, app: Flask) -> None:
    kept, *others = (story.log(title=f"河道垃圾{n}", text=TEXT) for n in range(3))
    named = story.log(title="桥栏杆破损", text="新桥栏杆缺失一段。")
    story.case("supervisor", named, "admit")
    supervisor = visit(app, story, "supervisor")
    page = supervisor.get(f"/cases/{kept}/merge?case={named}").text
    assert all(f'value="{case_id}"' in page for case_id in (*others, named))
    assert re.findall(r'value="(\d+)" checked', page) == [str(named)]
    near = supervisor.get(f"/cases/{kept}/merge?case={others[1]}").text
    assert re.findall(r'value="(\d+)" checked', near) == [str(others[1])]
    assert "checked" not in supervisor.get(f"/cases/{kept}/merge?case=x").text
    path, number = f"/cases/{kept}/merge", story.get(Case, named).number
    missing = supervisor.post(path, {"cases": others, "numbers": f"{number}、9999-1"})
    assert missing.status_code == 422
    assert "没有编号为“9999-1”的问题" in missing.text
    assert supervisor.post(path, {}).status_code == 422
    assert supervisor.post(path, {"cases": ["x"]}).status_code == 422
    confirming = supervisor.post(path, {"cases": others, "numbers": number}).headers["Location"]
    page = supervisor.get(confirming).text
    assert ("可以办理 <strong>3</strong> 件" in page, f'value="登记{kept}"' in page) == (True, True)
    confirm(supervisor, confirming, case=f"登记{kept}", reason="同一问题")
    assert {story.get(Case, case_id).merged_into_id for case_id in (*others, named)} == {kept}
    assert f"并案前编号 {number}" in supervisor.get(f"/cases/{kept}").text
    undone = supervisor.post(f"/cases/{kept}/unmerge", {"cases": [others[0], named]})
    confirm(supervisor, undone.headers["Location"], reason="不是同一问题")
    assert [story.get(Case, case_id).state for case_id in (*others, named)] == ["reported", "merged", "ledgered"]
    assert supervisor.post(f"/cases/{others[1]}/merge", {"cases": [kept]}).status_code == 409
    assert supervisor.post(f"/cases/{kept}/unmerge", {"cases": [named]}).status_code == 404


def test_whole_run_of_merges_is_taken_back_from_its_result(story: Story, app: Flask) -> None:
    kept, *others = (story.log(title=f"河道垃圾{n}", text=TEXT) for n in range(3))
    supervisor = visit(app, story, "supervisor")
    merging = supervisor.post(f"/cases/{kept}/merge", {"cases": others}).headers["Location"]
    result = confirm(supervisor, merging, case=f"登记{kept}", reason="同一问题")
    assert "撤销并案：已办理的 2 件" in supervisor.get(result).text
    undoing = supervisor.post(f"{result}/undo", {}).headers["Location"]
    assert "可以办理 <strong>2</strong> 件" in supervisor.get(undoing).text
    undone = confirm(supervisor, undoing, reason="不是同一问题")
    assert [story.get(Case, case_id).state for case_id in others] == ["reported", "reported"]
    assert "撤销并案：" not in supervisor.get(undone).text
    assert supervisor.post(f"{undone}/undo", {}).status_code == 409
    assert visit(app, story, "supervisor2").post(f"{result}/undo", {}).status_code == 404


def test_merging_does_not_exist_for_others(story: Story, app: Flask) -> None:
    kept, other = (story.log(title=f"河道垃圾{n}", text=TEXT) for n in range(2))
    for who in ("inspector", "assessor", "leader", "head_a", "discipline", "outsider"):
        somebody = visit(app, story, who)
        assert somebody.get(f"/cases/{kept}/merge").status_code == 404, who
        for name in ("merge", "unmerge"):
            answer = somebody.post(f"/cases/{kept}/{name}", {"cases": [other], "reason": "同一问题"})
            assert answer.status_code == 404, who
    assert story.get(Case, other).state == "reported"


def test_one_foreign_case_changes_nothing(story: Story, app: Flask) -> None:
    kept, other, foreign = story.log(), story.log(), story.log("outsider")
    answer = visit(app, story, "supervisor").post(
        f"/cases/{kept}/merge", {"cases": [other, foreign], "reason": "同一问题"}
    )
    assert answer.status_code == 404
    assert [story.get(Case, case_id).state for case_id in (other, foreign)] == ["reported", "reported"]


def test_a_suggestion_asks_as_often_for_many_like_cases_as_for_few(story: Story, app: Flask) -> None:
    def asked(who: str, cases: int) -> int:
        for n in range(cases):
            story.log(title=f"河道垃圾{n}", text=f"{TEXT}第{n}次", place="老街")
        somebody = visit(app, story, who)
        somebody.post("/cases/new/alike", TYPED)
        with counted(story) as sent:
            assert somebody.post("/cases/new/alike", {**TYPED, "place": "老街"}).status_code == 200
        return len(sent)

    assert asked("inspector", 2) == asked("inspector", 40) <= 8
    assert asked("liaison_a", 0) <= 8


def test_the_ledger_names_every_source_and_filters_by_each(story: Story, app: Flask) -> None:
    case_id = story.log(title="河道垃圾", text=TEXT)
    story.log(title="另一件", text="路灯不亮")
    story.case("inspector", case_id, "add_source", source_kind="hotline", discovery="citizen", reference="热19号")
    supervisor = visit(app, story, "supervisor")
    for kind, count in (("inspection", 2), ("hotline", 1), ("media", 0)):
        page = supervisor.get(f"/cases?source={kind}").text
        assert page.count('class="k-title"') == count, SOURCES[kind]
    assert "督查活动、热线" in supervisor.get("/cases?source=hotline").text
    assert "热19号" in supervisor.get(f"/cases/{case_id}").text
