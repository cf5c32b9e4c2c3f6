"""下级转办 on the page: above the child is a number, a state and a date; below the parent is what was handed down."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from app.core.errors import Refused
from app.ledgers.cases import Case
from tests.client import visit
from tests.handing import assigned, closed, handed_down, parent
from tests.slips import draft
from tests.story import Story
from tests.web.test_cases_queries import queries
from tests.web.test_probes import crawl

ABOVE, BELOW = "县里机密", "镇里机密"


def two_levels(story: Story) -> tuple[int, int]:
    """Hand a part of a case of T and A down; each level has words of its own."""
    case_id = parent(story, "A", "T", standard=f"{ABOVE}标准", rect_class="immediate")
    story.case("supervisor", case_id, "correct", text=f"{ABOVE}正文", title=f"{ABOVE}标题", reason=f"{ABOVE}理由")
    child_id = handed_down(story, case_id, text="请清理老街段河道垃圾。", title="清理老街河道")
    assigned(story, child_id)
    story.case("supervisor_t", child_id, "comment", reason=f"{BELOW}备注")
    story.case("supervisor_t", child_id, "correct", place=f"{BELOW}地点", reason="更正")
    return case_id, child_id


def test_county_sees_number_state_and_date_of_the_child(story: Story, app: Flask) -> None:
    case_id, child_id = two_levels(story)
    number = str(story.get(Case, child_id).number)
    for who in ("supervisor", "leader", "head_t", "liaison_t"):
        page = visit(app, story, who).get(f"/cases/{case_id}").text
        section = page.partition('id="children"')[2].partition("</section>")[0]
        assert number in section, who
        assert "待签收" in section
        assert "2026-03-18" in section
        assert BELOW not in page
        assert visit(app, story, who).get(f"/cases/{child_id}").status_code == 404
    page = visit(app, story, "head_a").get(f"/cases/{case_id}").text
    assert 'id="children"' not in page
    assert ABOVE in page


def test_result_of_a_closed_child_is_told_above(story: Story, app: Flask) -> None:
    case_id, child_id = two_levels(story)
    visitor = visit(app, story, "head_t")
    assert "下级已清理" not in visitor.get(f"/cases/{case_id}").text
    closed(story, child_id)
    assert "下级已清理" in visitor.get(f"/cases/{case_id}").text


def test_town_sees_nothing_of_the_parent_but_what_was_handed_down(story: Story, app: Flask) -> None:
    case_id, child_id = two_levels(story)
    number = str(story.get(Case, case_id).number)
    for who in ("supervisor_t", "inspector_t", "head_s", "liaison_s"):
        pages = crawl(visit(app, story, who))
        assert [path for path, text in pages.items() if ABOVE in text or "13800000000" in text] == [], who
        page = visit(app, story, who).get(f"/cases/{child_id}").text
        assert "请清理老街段河道垃圾。" in page
        assert f"测试县{number}" in page
        assert "不晚于 2026-03-20（周五）" in page
        assert visit(app, story, who).get(f"/cases/{case_id}").status_code == 404


def test_town_that_was_handed_a_case_counts_and_finds_it_in_its_own_ledger(story: Story, app: Flask) -> None:
    _, child_id = two_levels(story)
    visitor = visit(app, story, "supervisor_t")
    assert f'href="/cases/{child_id}"' in visitor.get("/cases?source=superior").text
    assert "综合办" in visitor.get("/cases").text
    assert f'href="/cases/{child_id}"' not in visit(app, story, "supervisor").get("/cases?state=all").text


def test_page_asks_as_often_for_many_children_as_for_one(story: Story, instance: Path) -> None:
    case_id, _ = two_levels(story)
    few = queries(story, instance, "supervisor", f"/cases/{case_id}")
    for number in range(5):
        handed_down(story, case_id, title=f"又一件{number}", due_on=date(2026, 3, 19))
    assert queries(story, instance, "supervisor", f"/cases/{case_id}") == few


def test_desk_offers_no_end_to_a_parent_whose_child_is_open_and_the_page_names_the_child(
    story: Story, app: Flask
) -> None:
    case_id = parent(story, rect_class="immediate")
    assert "可以报结" in visit(app, story, "head_t").get("/desk").text
    child_id = handed_down(story, case_id)
    assigned(story, child_id)
    head, number = visit(app, story, "head_t"), story.get(Case, child_id).number
    assert "可以报结" not in head.get("/desk").text
    assert head.get("/desk/finish").text.count(f'href="/cases/{case_id}"') == 0
    assert f'href="/cases/{case_id}"' in head.get("/desk/held_up").text
    assert "等下级办结" in head.get("/desk/list").text
    assert f"还不能报结：下级转办的{number}（待签收）还没有销号" in head.get(f"/cases/{case_id}").text
    closed(story, child_id)
    assert "可以报结" in head.get("/desk").text
    assert "等下级办结" not in head.get("/desk").text


def test_child_of_what_was_merged_in_and_a_child_merged_elsewhere_hold_the_end_up(story: Story, app: Flask) -> None:
    kept, other = parent(story, rect_class="immediate"), parent(story, rect_class="immediate")
    first, second = handed_down(story, kept), handed_down(story, other)
    for child_id in (first, second):
        assigned(story, child_id)
    story.case("supervisor", other, "merge", case=kept, reason="同一问题")
    story.case("supervisor_t", first, "merge", case=second, reason="同一问题")
    head = visit(app, story, "head_t")
    assert "可以报结" not in head.get("/desk").text
    closed(story, second)
    assert "可以报结" in head.get("/desk").text
    third = handed_down(story, kept)
    story.case("supervisor_t", third, "admit")
    assert "可以报结" not in head.get("/desk").text


def test_desk_offers_no_end_while_an_extension_is_asked_for(story: Story, app: Flask) -> None:
    case_id = story.log()
    story.assign(case_id, "A", rect_class="immediate")
    story.case("liaison_a", case_id, "acknowledge")
    head = visit(app, story, "head_a")
    assert "可以报结" in head.get("/desk").text
    wanted = date(2026, 3, 31)
    story.case("head_a", case_id, "ask_extension", reason="汛期", progress="过半", wanted_on=wanted)
    assert "可以报结" not in head.get("/desk").text


def test_leader_of_a_town_is_not_called_one_of_the_county(story: Story, app: Flask) -> None:
    _, child_id = two_levels(story)
    story.case("leader_t", child_id, "instruct", reason="抓紧清理")
    section = story.cast.units["S"]
    for who, path in (
        ("leader_t", "/desk"),
        ("supervisor_t", f"/cases/{child_id}"),
        ("supervisor_t", f"/units/{section}/lists/problems"),
    ):
        page = visit(app, story, who).get(path).text.replace("县级分管领导t", "某某")  # the name of the person
        assert ("分管领导" in page, "县级分管领导" in page) == (True, False), path
    assert "县级分管领导" in visit(app, story, "leader").get("/desk").text.replace("县级分管领导r", "某某")
    slip_id = draft(story, child_id, "accountability", "inspector_t", unit="S")
    for path in ("/slips/packs", "/cases", f"/slips/{slip_id}", "/handover"):
        page = visit(app, story, "supervisor_t").get(path).text.replace("县级分管领导t", "某某")
        assert "县级分管领导" not in page, path
    with pytest.raises(Refused, match="须由分管领导办理"):
        story.case("supervisor_t", child_id, "instruct", reason="抓紧清理")


def section_of(page: str, name: str) -> str:
    return page.partition(f'id="{name}"')[2].partition("</section>")[0]


def test_case_that_is_kept_names_the_child_it_waits_for_to_its_office_and_its_lead(story: Story, app: Flask) -> None:
    case_id = parent(story, rect_class="immediate")
    child_id = handed_down(story, case_id)
    assigned(story, child_id)
    kept = story.log(title="另一件")
    story.assign(kept, "A", rect_class="immediate")
    story.case("liaison_a", kept, "acknowledge")
    for who in ("supervisor", "head_a"):
        assert 'id="children"' not in visit(app, story, who).get(f"/cases/{kept}").text
    story.case("supervisor", case_id, "merge", case=kept, reason="同一问题")
    number, merged = story.get(Case, child_id).number, story.get(Case, case_id).number
    for who in ("supervisor", "head_a"):
        shown = section_of(visit(app, story, who).get(f"/cases/{kept}").text, "children")
        assert f"随 {merged} 并入" in shown, who
        assert f"本件在等：下级转办的{number}（待签收）还没有销号" in shown, who
    assert "随之归并入的那一件" in section_of(visit(app, story, "head_t").get(f"/cases/{case_id}").text, "children")
    story.case("supervisor", case_id, "unmerge", reason="不是同一问题")
    assert 'id="children"' not in visit(app, story, "head_a").get(f"/cases/{kept}").text


def test_lead_of_the_case_that_is_kept_is_told_no_result_of_a_child_of_others(story: Story, app: Flask) -> None:
    case_id = parent(story, rect_class="immediate")
    child_id = handed_down(story, case_id)
    assigned(story, child_id)
    closed(story, child_id)
    kept = story.log(title="另一件")
    story.assign(kept, "A", rect_class="immediate")
    story.case("supervisor", case_id, "merge", case=kept, reason="同一问题")
    assert "下级已清理" in visit(app, story, "supervisor").get(f"/cases/{kept}").text
    assert "下级已清理" not in visit(app, story, "head_a").get(f"/cases/{kept}").text


def test_page_of_the_child_says_how_its_parent_stands(story: Story, app: Flask) -> None:
    case_id, kept = parent(story, rect_class="immediate"), parent(story, rect_class="immediate", due_on="2026-03-19")
    child_id = handed_down(story, case_id)
    assigned(story, child_id)
    number, other = story.get(Case, case_id).number, story.get(Case, kept).number

    def said() -> str:
        page = visit(app, story, "liaison_s").get(f"/cases/{child_id}").text
        return section_of(page, "problem").partition("上级件</h3>")[2]

    assert f"测试县 {number}（在办）。上级等本件销号以后才能报结，本件期限不能晚于 2026-03-20（周五）" in said()
    story.case("supervisor", case_id, "merge", case=kept, reason="同一问题")
    assert f"测试县 {number}，已并入 {other}（在办）。改由它等本件销号，本件期限不能晚于 2026-03-19（周四）" in said()
    story.case("supervisor", case_id, "unmerge", reason="不是同一问题")
    assert f"测试县 {number}（在办）" in said()
    story.case("supervisor", case_id, "propose_terminate", reason="无法整改", leader=story.cast.persons["leader"])
    story.case("leader", case_id, "terminate")
    assert f"测试县 {number}（已终止(未整改)）。本件由本级继续办理，不再受上级期限约束" in said()


def test_page_of_what_a_child_was_merged_into_names_the_parent(story: Story, app: Flask) -> None:
    case_id = parent(story, rect_class="immediate")
    child_id, own = handed_down(story, case_id), story.log("inspector_t", title="镇里自己的")
    assigned(story, child_id)
    assigned(story, own, "2026-03-17")
    story.case("supervisor_t", child_id, "merge", case=own, reason="同一问题")
    page = visit(app, story, "supervisor_t").get(f"/cases/{own}").text
    assert f"测试县 {story.get(Case, case_id).number}（在办）" in section_of(page, "problem")
