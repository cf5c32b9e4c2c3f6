"""What a unit reads of a case: the own part whole, of the others no more than how far they are."""

from datetime import date
from pathlib import Path

from app.ledgers.cases import Evidence
from tests.client import make_app, visit
from tests.story import DONE, Story, a_file

OF_A = ("甲方进展", "甲方措施", "甲方责任人", "甲方材料.jpg", "甲方延期理由", "甲方报结说明")
OF_B = ("乙方进展", "乙方材料.jpg", "乙方完成情况", "乙方退回理由")
OF_OFFICE = ("督查室备注", "方案意见")


def a_full_case(story: Story) -> int:
    """Tell a case of A with B, in which each text names whose it is."""
    case_id = story.log()
    story.assign(case_id, "A", "BT")
    story.part("head_b", case_id, "B", "dispute", reason="乙方退回理由")
    story.request("supervisor", case_id, "return_assignment", "refuse", reason="维持交办")
    story.part("liaison_b", case_id, "B", "acknowledge")
    story.case("liaison_a", case_id, "acknowledge")
    measure = {"text": "甲方措施", "person": "甲方责任人", "due_on": date(2026, 3, 18)}
    story.case("liaison_a", case_id, "draft_plan", measures=[measure])
    plan_of(story, case_id)
    story.case("supervisor", case_id, "pass_plan", reason="方案意见")
    story.case("supervisor", case_id, "comment", reason="督查室备注")
    story.part("liaison_a", case_id, "A", "report_progress", text="甲方进展", files=[a_file("甲方材料.jpg")])
    story.part("liaison_b", case_id, "B", "report_progress", text="乙方进展", files=[a_file("乙方材料.jpg")])
    story.case(
        "head_a",
        case_id,
        "ask_extension",
        reason="甲方延期理由",
        progress="甲方进展",
        wanted_on=date(2026, 4, 17),
    )
    story.request("supervisor", case_id, "extension", "grant")
    story.part("head_b", case_id, "B", "finish", result="乙方完成情况")
    story.part("liaison_t", case_id, "T", "acknowledge")
    story.part("head_t", case_id, "T", "finish", result="完成")
    story.case("head_a", case_id, "report_finished", **{**DONE, "result": "甲方报结说明"})
    return case_id


def plan_of(story: Story, case_id: int) -> None:
    from app.ledgers.cases import Plan  # noqa: PLC0415
    from app.workflows import PLAN  # noqa: PLC0415

    story.move("head_a", PLAN, story.newest(Plan, case_id=case_id).id, "approve")


def test_unit_reads_its_own_part_whole_and_nothing_of_others(story: Story, instance: Path) -> None:
    app, case_id = make_app(story, instance), a_full_case(story)
    for who, own, foreign in (
        ("head_a", OF_A, OF_B),
        ("liaison_a", OF_A, OF_B),
        ("head_b", OF_B, OF_A),
        ("liaison_b", OF_B, OF_A),
        ("head_t", (), OF_A + OF_B),
    ):
        page = visit(app, story, who).get(f"/cases/{case_id}").text
        assert [words for words in own if words not in page] == [], who
        assert [words for words in foreign if words in page] == [], who
        assert "县住建局" in page
        assert "县水利局" in page


def test_word_to_the_lead_is_for_the_lead_and_remarks_for_the_office(story: Story, instance: Path) -> None:
    app, case_id = make_app(story, instance), a_full_case(story)
    pages = {who: visit(app, story, who).get(f"/cases/{case_id}").text for who in ("head_a", "head_b", "supervisor")}
    assert [words for words in OF_OFFICE if words in pages["supervisor"]] == list(OF_OFFICE)
    assert [words for words in OF_OFFICE if words in pages["head_a"]] == ["方案意见"]
    assert [words for words in OF_OFFICE if words in pages["head_b"]] == []


def test_office_leader_and_assessor_read_everything(story: Story, instance: Path) -> None:
    app, case_id = make_app(story, instance), a_full_case(story)
    for who in ("inspector", "supervisor", "assessor", "leader", "leader2"):
        page = visit(app, story, who).get(f"/cases/{case_id}").text
        assert [words for words in OF_A + OF_B if words not in page] == [], who


def test_false_report_is_named_to_the_guilty_unit_alone(story: Story, instance: Path) -> None:
    app, case_id = make_app(story, instance), a_full_case(story)
    units = story.cast.units
    story.case(
        "inspector",
        case_id,
        "send_back",
        reason="现场与材料不符",
        parts=[units["B"]],
        false=True,
        guilty=[units["B"]],
    )
    pages = {who: visit(app, story, who).get(f"/cases/{case_id}").text for who in ("head_b", "head_t", "head_a")}
    assert "弄虚作假" in pages["head_b"]
    assert "现场与材料不符" in pages["head_b"]
    assert "弄虚作假" not in pages["head_t"]
    assert "现场与材料不符" not in pages["head_t"]


def test_file_of_another_unit_is_absent(story: Story, instance: Path) -> None:
    app, case_id = make_app(story, instance), a_full_case(story)
    of_a = story.one(Evidence, case_id=case_id, name="甲方材料.jpg").id
    for who in ("head_b", "liaison_t", "outsider", "auditor", "admin", "organisation"):
        assert visit(app, story, who).get(f"/evidence/{of_a}").status_code == 404, who


def test_lists_of_a_unit_hold_only_its_own_cases(story: Story, instance: Path) -> None:
    app = make_app(story, instance)
    for number, lead in enumerate("ABTU"):
        story.assign(story.log(title=f"只属于{lead}的问题{number}"), lead)
    page = visit(app, story, "liaison_b").get("/cases?state=all").text
    assert "只属于B的问题1" in page
    assert "只属于A" not in page
    assert "共 1 件" in page
    assert "没有符合这些条件的问题" in visit(app, story, "liaison_b").get("/cases?q=只属于A").text
    assert "没有符合这些条件的问题" in visit(app, story, "liaison_b").get(f"/cases?unit={story.cast.units['A']}").text
