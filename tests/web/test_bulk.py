"""批量办理 on the page: ticked or by filter, confirmed once, a result for each; one foreign case and nothing happens at all."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.audit import Event
from app.cli.bulk_duty import BulkDuty
from app.ledgers.bulk import BulkItem, BulkRun
from app.ledgers.cases import Case, CaseTag
from app.ledgers.messages import Message
from app.people import Parameter
from app.workflows.bulk_working import work_next
from tests.client import Visit, make_app, visit
from tests.story import Story
from tests.web.test_cases_queries import counted


@pytest.fixture
def cases(story: Story) -> list[int]:
    """Three cases: two assigned to A and B, one only reported."""
    made = [story.log(title=f"第{number}件") for number in range(3)]
    for case_id in made[:2]:
        story.assign(case_id, "A", "B")
    return made


def picked(story: Story, case_ids: list[int]) -> list[str]:
    """Return the ticks of the ledger's form: each case with its version."""
    return [f"{case_id}.{story.get(Case, case_id).version}" for case_id in case_ids]


def choose(visitor: Visit, act: str, ticks: list[str], **more: Any) -> TestResponse:
    return visitor.post("/bulk", {"act": act, "cases": ticks, **more})


def confirm(visitor: Visit, chosen: TestResponse, **form: Any) -> TestResponse:
    assert chosen.status_code == 303, chosen.text
    return visitor.post(f"{chosen.location}/start", form)


def outcomes(story: Story) -> list[tuple[int, str | None, str]]:
    with story.cast.database.session(read_only=True) as session:
        query = select(BulkItem.case_id, BulkItem.outcome, BulkItem.said).order_by(BulkItem.id)
        return [tuple(row) for row in session.execute(query)]  # type: ignore[misc]


def happened(story: Story, kind: str) -> list[int | None]:
    """Return the cases of the events of a kind, in order."""
    with story.cast.database.session(read_only=True) as session:
        return list(session.scalars(select(Event.case_id).where(Event.kind == kind).order_by(Event.id)))


def count(story: Story, model: Any) -> int:
    with story.cast.database.session(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def only_long(story: Story) -> None:
    """Let every run be a long one."""
    with story.cast.database.begin() as session:
        session.add(Parameter(authority_id=story.cast.units["C"], name="bulk_direct", value=0))


def test_what_is_ticked_is_confirmed_and_moved_one_by_one(story: Story, app: Flask, cases: list[int]) -> None:
    visitor = visit(app, story, "supervisor")
    ledger = visitor.get("/cases").text
    ticks = re.findall(r'name="cases" value="([^"]+)"', ledger)
    assert sorted(ticks) == sorted(picked(story, cases))
    chosen = choose(visitor, "remind", ticks)
    page = visitor.get(str(chosen.location)).text
    assert "共选择 <strong>3</strong> 件，可以办理 <strong>2</strong> 件，不能办理 <strong>1</strong> 件" in page
    assert "各承办单位都已完成" not in page
    assert "“已登记”的问题不能提醒。" in page
    result = visitor.get(str(confirm(visitor, chosen, reason="请抓紧").location)).text
    assert "已办理 <strong>2</strong> 件，未办理 <strong>1</strong> 件" in result
    assert sorted(case_id or 0 for case_id in happened(story, "case.remind")) == cases[:2]
    with story.cast.database.session(read_only=True) as session:
        told = set(session.execute(select(Message.case_id, Message.unit_id).where(Message.kind == "reminded")))
    a, b = story.cast.units["A"], story.cast.units["B"]
    assert told == {(case_id, unit) for case_id in cases[:2] for unit in (a, b)}
    assert happened(story, "bulk.start") == happened(story, "bulk.end") == [None]
    assert "批量提醒" in visitor.get("/bulk").text


def test_one_foreign_case_and_nothing_is_kept_or_moved(story: Story, app: Flask, cases: list[int]) -> None:
    outside = story.log("outsider", title="邻县问题")
    events = count(story, Event)
    answer = choose(visit(app, story, "supervisor"), "tag", [*picked(story, cases), f"{outside}.1"])
    absent = choose(visit(app, story, "supervisor"), "tag", [*picked(story, cases), "987654321.1"])
    assert answer.status_code == absent.status_code == 404
    assert "邻县" not in answer.text
    assert (count(story, BulkRun), count(story, BulkItem), count(story, Event)) == (0, 0, events)


def test_act_of_another_role_is_refused_whole(story: Story, app: Flask, cases: list[int]) -> None:
    for who, act in (("head_a", "remind"), ("inspector", "admit"), ("supervisor", "void")):
        answer = choose(visit(app, story, who), act, picked(story, cases[:1]))
        assert answer.status_code == 409, (who, act)
    assert count(story, BulkRun) == 0
    assert visit(app, story, "assessor").get("/bulk").status_code == 404


def test_act_that_was_not_chosen_is_asked_for(story: Story, app: Flask, cases: list[int]) -> None:
    answer = choose(visit(app, story, "supervisor"), "", picked(story, cases[:1]))
    assert answer.status_code == 422
    assert "请选择要办理的事项。" in answer.text
    assert count(story, BulkRun) == 0


def test_nothing_ticked_or_nonsense_is_named(story: Story, app: Flask, cases: list[int]) -> None:
    visitor = visit(app, story, "supervisor")
    for ticks, said in (([], "还没有选择问题"), (["x.1"], "表单不完整"), ([f"{cases[0]}"], "表单不完整")):
        answer = choose(visitor, "tag", ticks)
        assert answer.status_code == 422
        assert said in answer.text


def test_stale_case_is_refused_and_the_others_go_on(story: Story, app: Flask, cases: list[int]) -> None:
    visitor = visit(app, story, "supervisor")
    chosen = choose(visitor, "tag", picked(story, cases))
    story.case("inspector", cases[1], "comment", reason="先到一步")
    assert "不能办理 <strong>1</strong> 件" in visitor.get(str(chosen.location)).text
    page = visitor.get(str(confirm(visitor, chosen, tags="重点").location)).text
    assert [outcome for _, outcome, _ in outcomes(story)] == ["done", "refused", "done"]
    assert "刚刚有人先办理了这一项。您看到的是第" in page
    assert "请刷新后核对" in page
    assert len(happened(story, "case.tag")) == 2


def test_double_click_does_it_once(story: Story, app: Flask, cases: list[int]) -> None:
    visitor = visit(app, story, "supervisor")
    chosen = choose(visitor, "tag", picked(story, cases), _key="choose")
    assert choose(visitor, "tag", picked(story, cases), _key="choose").location == chosen.location
    first = confirm(visitor, chosen, tags="重点", _key="begin")
    assert confirm(visitor, chosen, tags="重点", _key="begin").location == first.location
    again = confirm(visitor, chosen, tags="重点", _key="another")
    assert again.status_code == 409
    assert "已经开始办理" in again.text
    assert (count(story, BulkRun), len(happened(story, "case.tag"))) == (1, 3)


def test_whole_filter_is_frozen_when_it_is_chosen(story: Story, app: Flask, cases: list[int]) -> None:
    visitor = visit(app, story, "supervisor")
    chosen = choose(visitor, "tag", [], whole="1", state="assigned")
    story.assign(story.log(title="后来的"), "A")
    assert "共选择 <strong>2</strong> 件" in visitor.get(str(chosen.location)).text
    confirm(visitor, chosen, tags="汛期")
    assert sorted(case_id or 0 for case_id in happened(story, "case.tag")) == cases[:2]
    page = visitor.get("/cases?tag=汛期").text
    assert page.count('<span class="k-tag">汛期</span>') == 2
    assert "后来的" not in page
    assert choose(visitor, "tag", [], whole="1", state="closed").status_code == 409


def test_too_many_are_refused_with_what_to_do(story: Story, app: Flask, cases: list[int]) -> None:
    with story.cast.database.begin() as session:
        session.add(Parameter(authority_id=story.cast.units["C"], name="bulk_most", value=2))
    visitor = visit(app, story, "supervisor")
    for answer in (choose(visitor, "tag", [], whole="1"), choose(visitor, "tag", picked(story, cases))):
        assert answer.status_code == 422
        assert "分批办理" in answer.text
    assert (count(story, BulkRun), count(story, BulkItem)) == (0, 0)


def test_wrong_input_shows_the_form_again_and_moves_nothing(story: Story, app: Flask, cases: list[int]) -> None:
    visitor = visit(app, story, "supervisor")
    chosen = choose(visitor, "tag", picked(story, cases))
    answer = confirm(visitor, chosen, tags="")
    assert answer.status_code == 422
    assert "请填写标签" in answer.text
    answer = confirm(visitor, choose(visitor, "merge", picked(story, cases[1:])), case="没有的编号", reason="同一问题")
    assert answer.status_code == 422
    assert "没有编号为“没有的编号”的问题" in answer.text
    assert all(outcome is None for _, outcome, _ in outcomes(story))


MISTAKES: list[tuple[str, dict[str, Any], str, str]] = [
    ("tag", {"tags": "超过二十个字的标签超过二十个字的标签超过了一个"}, "太长，每个标签不超过", "重点"),
    ("ask_progress", {"report_by": "2026-02-01"}, "请报日期不能早于今天", "2026-03-06"),
]


@pytest.mark.parametrize(("act", "form", "said", "mended"), MISTAKES)
def test_mistake_no_case_takes_stands_at_its_field_and_the_run_may_be_confirmed_again(
    story: Story, app: Flask, cases: list[int], act: str, form: dict[str, str], said: str, mended: str
) -> None:
    visitor = visit(app, story, "supervisor")
    chosen = choose(visitor, act, picked(story, cases))
    (name, typed), *_ = form.items()
    answer = confirm(visitor, chosen, **form)
    assert answer.status_code == 422
    assert said in answer.text.partition(f'id="{name}-error"')[2].partition("</p>")[0]
    assert f'value="{typed}"' in answer.text
    assert all(outcome is None for _, outcome, _ in outcomes(story))
    assert happened(story, "bulk.start") == []
    assert confirm(visitor, chosen, **{name: mended}).status_code == 303
    assert happened(story, f"case.{act}")


def test_assignment_that_lacks_what_no_ledger_lists_is_asked_for(story: Story, app: Flask) -> None:
    made = [story.log(title=f"第{number}件") for number in range(3)]
    for case_id in made:
        story.case("supervisor", case_id, "admit")
    visitor, lead = visit(app, story, "supervisor"), str(story.cast.units["A"])
    chosen = choose(visitor, "assign", picked(story, made))
    whole = {"lead": lead, "rect_class": "limited", "due_on": "2026-03-20", "standard": "河道无垃圾"}
    for wrong, field in (({"lead": ""}, "lead"), ({"due_on": "2026-02-01"}, "due_on"), ({"assist": lead}, "assist")):
        answer = confirm(visitor, chosen, **(whole | wrong))
        assert answer.status_code == 422, wrong
        assert f'id="{field}-error" hidden' not in answer.text
        assert "河道无垃圾" in answer.text
    assert confirm(visitor, chosen, **whole).status_code == 303
    assert len(happened(story, "case.assign")) == 3


def test_what_only_some_cases_refuse_is_said_in_their_results(story: Story, app: Flask, cases: list[int]) -> None:
    story.case("supervisor", cases[0], "tag", tags="重点")
    visitor = visit(app, story, "supervisor")
    page = visitor.get(str(confirm(visitor, choose(visitor, "tag", picked(story, cases)), tags="重点").location)).text
    assert "已办理 <strong>2</strong> 件，未办理 <strong>1</strong> 件" in page


def test_long_run_is_the_workers_and_its_page_may_be_left(story: Story, app: Flask, cases: list[int]) -> None:
    only_long(story)
    visitor = visit(app, story, "supervisor")
    address = str(confirm(visitor, choose(visitor, "tag", picked(story, cases)), tags="重点").location)
    page = visitor.get(address).text
    assert "排队中" in page
    assert 'hx-trigger="every 2s"' in page
    busy = confirm(visitor, choose(visitor, "remind", picked(story, cases)))
    assert (busy.status_code, "上一批还没有办完" in busy.text) == (409, True)
    BulkDuty(story.cast.database, story.cast.clock, watch=0)()
    page = visitor.get(address).text
    assert "已办完" in page
    assert "hx-trigger" not in page.partition('id="run"')[2].partition("</section>")[0]
    assert len(happened(story, "case.tag")) == 3
    assert visit(app, story, "supervisor2").get(address).status_code == 404


def test_stopped_run_keeps_what_is_done(story: Story, app: Flask, cases: list[int]) -> None:
    only_long(story)
    visitor = visit(app, story, "supervisor")
    address = str(confirm(visitor, choose(visitor, "tag", picked(story, cases)), tags="重点").location)
    assert work_next(story.cast.database, story.cast.clock, "somebody") is not None
    assert visitor.post(f"{address}/stop").status_code == 303
    BulkDuty(story.cast.database, story.cast.clock, watch=0)()
    page = visitor.get(address).text
    assert "已停止" in page
    assert "没有轮到" in page
    assert happened(story, "case.tag") == []
    assert visitor.post(f"{address}/stop").status_code == 409


def test_pages_ask_as_often_for_sixty_cases_as_for_three(story: Story, instance: Any, cases: list[int]) -> None:
    app = make_app(story, instance)
    only_long(story)
    asked: list[int] = []
    for turn in range(2):
        visitor = visit(app, story, "supervisor")
        for act in ("remind", "extend", "assign"):
            address = str(choose(visitor, act, [], whole="1", state="all").location)
            with counted(story) as sent:
                assert visitor.get(address).status_code == 200
            asked.append(len(sent))
        confirm(visitor, choose(visitor, "tag", [], whole="1", state="all"), tags=f"重点{turn}")
        BulkDuty(story.cast.database, story.cast.clock, watch=0)()
        with counted(story) as sent:
            assert visitor.get(f"/bulk/{len(asked) // 3 * 4}").status_code == 200
        asked.append(len(sent))
        for number in range(57):
            story.log(title=f"又一件{number}")
    assert asked[:4] == asked[4:]
    assert max(asked) <= 12


def test_tags_are_the_offices_own(story: Story, app: Flask, cases: list[int]) -> None:
    story.case("supervisor", cases[0], "tag", tags="书记关注")
    assert "书记关注" in visit(app, story, "inspector").get("/cases?state=all").text
    assert "书记关注" in visit(app, story, "inspector").get(f"/cases/{cases[0]}").text
    for who in ("head_a", "liaison_b"):
        visitor = visit(app, story, who)
        for path in ("/cases", f"/cases/{cases[0]}"):
            assert "书记关注" not in visitor.get(path).text, (who, path)
            assert "加标签" not in visitor.get(path).text
        assert "第0件" not in visitor.get("/cases?tag=书记关注").text
    assert "书记关注" not in visit(app, story, "outsider").get("/cases?state=all").text
    story.case("supervisor", cases[0], "untag", tags="书记关注")
    assert "第0件" not in visit(app, story, "inspector").get("/cases?tag=书记关注&state=all").text
    story.case("supervisor", cases[0], "tag", tags="书记关注")
    assert count(story, CaseTag) == 1
