"""Cases on the web: who sees what, how moves fail, what is kept and what is refused."""

import re
from pathlib import Path
from typing import Any

import pytest

from app.ledgers.cases import Case, CaseSource
from tests.client import make_app, visit
from tests.story import Story

TITLE = "老街路灯不亮"
EVERYBODY = ("inspector", "supervisor", "assessor", "leader", "liaison_a", "head_a", "liaison_b", "head_b")


def a_case(story: Story, assist: str = "B") -> int:
    case_id = story.log(title=TITLE, contact="李某 13900000000")
    story.assign(case_id, "A", assist)
    return case_id


def version(story: Story, case_id: int) -> int:
    found: int = story.get(Case, case_id).version
    return found


def bare(text: str) -> str:
    """Return a page without its tokens and the name of who is signed in."""
    return re.sub(r'value="[^"]{20,}"', "", text)


def test_everybody_concerned_sees_the_case(story: Story, instance: Path) -> None:
    app, case_id = make_app(story, instance), a_case(story)
    for who in EVERYBODY:
        assert TITLE in visit(app, story, who).get(f"/cases/{case_id}").text, who
        assert TITLE in visit(app, story, who).get("/cases").text, who


def test_to_all_others_the_case_is_absent(story: Story, instance: Path) -> None:
    app, case_id = make_app(story, instance), a_case(story)
    for who in ("liaison_t", "discipline", "organisation", "admin", "security", "auditor", "outsider", "outsider_head"):
        somebody = visit(app, story, who)
        for path in ("", "/forecast"):
            seen, absent = somebody.get(f"/cases/{case_id}{path}"), somebody.get(f"/cases/999999{path}")
            assert (seen.status_code, bare(seen.text)) == (absent.status_code, bare(absent.text)), who
            assert seen.status_code == 404
        assert TITLE not in somebody.get("/cases").text


def test_unit_sees_nothing_before_it_is_assigned(story: Story, instance: Path) -> None:
    app, case_id = make_app(story, instance), story.log(title=TITLE)
    assert visit(app, story, "liaison_a").get(f"/cases/{case_id}").status_code == 404


def test_review_shows_what_was_overdue_to_discipline_alone(story: Story, instance: Path) -> None:
    app, case_id = make_app(story, instance), a_case(story)
    story.to_work(case_id)
    assert TITLE not in visit(app, story, "discipline").get("/review").text
    story.daily("2026-03-11", is_confirmed=True)
    story.daily("2026-03-23", is_confirmed=True)
    page = visit(app, story, "discipline").get("/review").text
    assert TITLE in page
    assert "逾期不改" in page
    assert 'id="moves"' not in visit(app, story, "discipline").get(f"/cases/{case_id}").text
    for who in ("supervisor", "head_a", "leader"):
        assert visit(app, story, who).get("/review").status_code == 404


def test_wrong_role_is_refused_with_the_reason(story: Story, instance: Path) -> None:
    app, case_id = make_app(story, instance), a_case(story)
    form = {"version": version(story, case_id)}
    answer = visit(app, story, "inspector").post(f"/cases/{case_id}/transitions/acknowledge", form)
    assert answer.status_code == 409
    assert "须由联络员、单位负责人办理" in answer.text
    answer = visit(app, story, "outsider").post(f"/cases/{case_id}/transitions/acknowledge", form)
    assert answer.status_code == 404
    assert visit(app, story, "liaison_a").get(f"/cases/{case_id}/transitions/acknowledge").status_code == 405


def test_missing_input_is_named_and_what_was_typed_stays(story: Story, instance: Path) -> None:
    app, case_id = make_app(story, instance), story.log(title=TITLE)
    story.case("supervisor", case_id, "admit")
    form = {"version": version(story, case_id), "standard": "路灯全部点亮", "rect_class": "limited"}
    answer = visit(app, story, "supervisor").post(f"/cases/{case_id}/transitions/assign", form)
    assert answer.status_code == 422
    assert "路灯全部点亮" in answer.text
    assert "请选择或填写牵头单位" in answer.text
    assert story.get(Case, case_id).state == "ledgered"


def test_move_leads_back_to_the_case(story: Story, instance: Path) -> None:
    app, case_id = make_app(story, instance), a_case(story)
    head = visit(app, story, "liaison_a")
    answer = head.post(f"/cases/{case_id}/transitions/acknowledge", {"version": version(story, case_id)})
    assert (answer.status_code, answer.location) == (303, f"/cases/{case_id}")
    assert "已办理：签收" in head.get(f"/cases/{case_id}").text


def test_double_click_makes_one_case(story: Story, instance: Path) -> None:
    app = make_app(story, instance)
    inspector = visit(app, story, "inspector")
    form = new_form() | {"_key": "one-key-for-both"}
    first, second = inspector.post("/cases/new", form), inspector.post("/cases/new", form)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert len(all_cases(story)) == 1


def test_stale_form_is_refused_with_both_versions(story: Story, instance: Path) -> None:
    app, case_id = make_app(story, instance), a_case(story)
    seen = version(story, case_id)
    supervisor = visit(app, story, "supervisor")
    form = {"version": seen, "reason": "事实有误", "title": "新标题"}
    assert supervisor.post(f"/cases/{case_id}/transitions/correct", form).status_code == 303
    answer = supervisor.post(f"/cases/{case_id}/transitions/correct", form | {"title": "又一个标题"})
    assert answer.status_code == 409
    assert f"您看到的是第 {seen} 版，现在是第 {seen + 1} 版" in answer.text
    assert story.get(Case, case_id).title == "新标题"


def test_second_of_two_who_admit_is_told_that_another_was_faster(story: Story, instance: Path) -> None:
    app, case_id = make_app(story, instance), story.log(title=TITLE)
    form = {"version": version(story, case_id)}
    answers = [
        visit(app, story, who).post(f"/cases/{case_id}/transitions/admit", form)
        for who in ("supervisor", "supervisor2")
    ]
    assert [answer.status_code for answer in answers] == [303, 409]
    assert "您看到的是第 1 版，现在是第 2 版" in answers[1].text


def test_form_without_token_changes_nothing(story: Story, instance: Path) -> None:
    app = make_app(story, instance)
    assert visit(app, story, "inspector").client.post("/cases/new", data=new_form()).status_code == 400
    assert not all_cases(story)


def test_inspector_logs_a_case(story: Story, instance: Path) -> None:
    inspector = visit(make_app(story, instance), story, "inspector")
    answer = inspector.post("/cases/new", new_form())
    assert answer.status_code == 303
    assert TITLE in inspector.get(answer.location).text


def test_unit_logs_what_it_found_itself(story: Story, instance: Path) -> None:
    liaison = visit(make_app(story, instance), story, "liaison_a")
    answer = liaison.post("/cases/new", {"title": TITLE, "text": "消防通道被占用"})
    assert answer.status_code == 303
    case = all_cases(story)[0]
    assert (case.source_kind, case.reporter_unit_id) == ("self", story.cast.units["A"])


def test_logging_names_what_is_missing_and_keeps_the_rest(story: Story, instance: Path) -> None:
    inspector = visit(make_app(story, instance), story, "inspector")
    answer = inspector.post("/cases/new", new_form() | {"title": "", "found_on": "2026-02-30"})
    assert answer.status_code == 422
    assert "请填写问题标题" in answer.text
    assert "“2026-02-30”不是有效日期" in answer.text
    assert "夜间出行不便" in answer.text
    assert not all_cases(story)


@pytest.mark.parametrize("who", ["leader", "assessor", "discipline", "auditor", "admin"])
def test_logging_does_not_exist_for_others(story: Story, instance: Path, who: str) -> None:
    somebody = visit(make_app(story, instance), story, who)
    assert somebody.get("/cases/new").status_code == 404
    assert somebody.post("/cases/new", new_form()).status_code == 404


def test_contact_is_shown_to_the_office_after_an_event(story: Story, instance: Path) -> None:
    app, case_id = make_app(story, instance), a_case(story)
    inspector = visit(app, story, "inspector")
    assert story.one(CaseSource, case_id=case_id).contact
    for who in EVERYBODY:
        assert "13900000000" not in visit(app, story, who).get(f"/cases/{case_id}").text, who
    assert inspector.post(f"/cases/{case_id}/contacts").status_code == 422
    assert "13900000000" not in inspector.get(f"/cases/{case_id}").text
    assert inspector.post(f"/cases/{case_id}/contacts", {"reason": "回访核实"}).status_code == 303
    page = inspector.get(f"/cases/{case_id}").text
    assert "13900000000" in page
    assert "查看反映人联系方式" in page
    assert "回访核实" in page
    for who in ("assessor", "leader", "head_a", "outsider"):
        assert visit(app, story, who).post(f"/cases/{case_id}/contacts", {"reason": "回访"}).status_code == 404
    story.cast.at("2026-03-02", hour=10)
    assert "13900000000" not in inspector.get(f"/cases/{case_id}").text
    assert "查看反映人联系方式" not in visit(app, story, "head_a").get(f"/cases/{case_id}").text


def test_unit_objects_from_the_case_page(story: Story, instance: Path) -> None:
    app, case_id = make_app(story, instance), a_case(story)
    story.to_work(case_id)
    story.daily("2026-03-11", is_confirmed=True)
    story.daily("2026-03-23", is_confirmed=True)
    head = visit(app, story, "head_a")
    page = head.get(f"/cases/{case_id}").text
    entry = re.findall(r'name="entries"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="entries"', page)
    path = f"/cases/{case_id}/objections"
    missing = head.post(path, {"ground": "河道权属不清"})
    assert missing.status_code == 422
    assert "河道权属不清" in missing.text
    assert head.get(path).status_code == 405
    assert visit(app, story, "outsider_head").post(path, {"ground": "x"}).status_code == 404
    assert visit(app, story, "supervisor").post(path, {"ground": "x"}).status_code == 409
    answer = head.post(path, {"ground": "河道权属不清", "entries": [next(i for i in entry[0] if i)]})
    assert answer.status_code == 303
    assert "申辩中" in head.get(f"/cases/{case_id}").text
    assert "申辩中" in head.get("/cases").text
    assert "河道权属不清" not in visit(app, story, "head_b").get(f"/cases/{case_id}").text


def test_long_texts_stand_whole_and_folded(story: Story, instance: Path) -> None:
    app = make_app(story, instance)
    case_id = story.log(title="很长的标题" * 20, text="很长的描述" * 3000)
    page = visit(app, story, "inspector").get(f"/cases/{case_id}").text
    assert "展开全文（15000 字）" in page
    assert visit(app, story, "inspector").post("/cases/new", new_form() | {"text": "长" * 20001}).status_code == 422


def new_form() -> dict[str, Any]:
    return {"title": TITLE, "text": "夜间出行不便", "source_kind": "hotline", "discovery": "citizen"}


def all_cases(story: Story) -> list[Case]:
    with story.cast.database.session(read_only=True) as session:
        return list(session.query(Case))


@pytest.mark.parametrize(
    ("who", "step", "main"),
    [
        *(
            ("supervisor", "reported", "受理建账"),
            ("supervisor", "ledgered", "交办"),
            ("liaison_a", "assigned", "签收"),
        ),
        *(("inspector", "assigned", "催报进展"), ("inspector", "submitted", "核查通过")),
    ],
)
def test_one_move_stands_out_and_the_others_are_folded(
    story: Story, instance: Path, who: str, step: str, main: str
) -> None:
    case_id = story.log(title=TITLE)
    if step == "ledgered":
        story.case("supervisor", case_id, "admit")
    elif step != "reported":
        story.assign(case_id, "A")
    if step == "submitted":
        story.to_work(case_id)
        story.do_measure(case_id)
        story.finish(case_id)
    page = visit(make_app(story, instance), story, who).get(f"/cases/{case_id}").text
    moves = page.partition('id="moves"')[2].partition("</section>")[0]
    assert moves.count("k-first") == 1
    alone, _, folded = moves.partition('<details class="k-others"')
    assert main in re.sub(r"<[^>]+>", "", alone.partition("k-first")[2])
    assert alone.count('class="k-move ') == (1 if folded else moves.count('class="k-move '))
    assert bool(folded) == (moves.count('class="k-move ') + moves.count('class="k-blocked') > 3)
