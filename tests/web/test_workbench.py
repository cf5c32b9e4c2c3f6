"""The workbench: each role is shown what waits for it, and nothing of others."""

from datetime import date

from flask import Flask

from app.ledgers.cases import Case
from app.ledgers.talks import Commitment
from tests import slips, talking
from tests.client import visit
from tests.story import Story
from tests.workflows import paths


def test_each_desk_shows_what_waits_for_its_role(story: Story, app: Flask) -> None:
    logged = story.log(title="等待受理的问题")
    assigned = story.log(title="等待签收的问题")
    story.assign(assigned, "A")
    assert "等待受理的问题" in visit(app, story, "supervisor").get("/desk").text
    assert "等待签收的问题" in visit(app, story, "liaison_a").get("/desk").text
    for other in ("liaison_b", "discipline", "admin", "outsider"):
        page = visit(app, story, other).get("/desk")
        assert page.status_code == 200
        assert "等待签收的问题" not in page.text
        assert "等待受理的问题" not in page.text
    assert logged != assigned


def test_desk_without_work_says_so(story: Story, app: Flask) -> None:
    page = visit(app, story, "inspector").get("/desk")
    assert "现在没有等您办理的事项" in page.text


def test_queue_of_another_role_does_not_exist(story: Story, app: Flask) -> None:
    assert visit(app, story, "supervisor").get("/desk/admit").status_code == 200
    assert visit(app, story, "liaison_a").get("/desk/admit").status_code == 404


def test_office_is_told_that_a_year_has_no_rules(story: Story, app: Flask) -> None:
    story.cast.at("2025-03-03")
    page = visit(app, story, "assessor").get("/desk")
    assert "2025 年还没有批准的考核规则" in page.text


def test_what_needs_a_second_person_waits_for_one_who_did_not_begin_it(story: Story, app: Flask) -> None:
    paths.asked_reversal(story)
    assert "冲销待复核" in visit(app, story, "assessor2").get("/desk").text
    assert "冲销待复核" not in visit(app, story, "assessor").get("/desk").text
    story.draft_rules(2027, effective_on=date(2027, 1, 1))
    assert "考核规则待批准" in visit(app, story, "leader").get("/desk").text
    assert "2027 年考核规则" in visit(app, story, "leader").get("/desk/list").text
    assert "考核规则待批准" not in visit(app, story, "assessor2").get("/desk").text


def test_plan_waits_for_the_head_of_the_lead_and_for_no_assisting_one(story: Story, app: Flask) -> None:
    case_id = story.log(title="方案待审定的问题")
    story.assign(case_id, "A", "B", due_on="2026-06-30")
    story.case("liaison_a", case_id, "acknowledge")
    story.part("liaison_b", case_id, "B", "acknowledge")
    measures = [{"text": "疏通", "person": "王一", "due_on": date(2026, 4, 1)}]
    story.case("liaison_a", case_id, "draft_plan", measures=measures)
    assert "方案待审定的问题" in visit(app, story, "head_a").get("/desk/approve_plan").text
    assert "方案待审定的问题" not in visit(app, story, "head_b").get("/desk/approve_plan").text


def test_overdue_work_is_counted_whole_and_each_case_once(story: Story, app: Flask) -> None:
    for number in range(8):
        case_id = story.log(title=f"逾期的第 {number} 件")
        story.assign(case_id, "A", due_on="2026-03-06")
        story.to_work(case_id, "A")
    story.days("2026-03-03", "2026-03-09")  # each now waits twice: to be finished, and to be objected to
    page = visit(app, story, "head_a").get("/desk").text
    assert "看全部 8 件" in page
    assert "8 件已逾期，请先办理" in page


def test_nothing_late_is_said(story: Story, app: Flask) -> None:
    story.log()
    assert "没有逾期事项" in visit(app, story, "supervisor").get("/desk").text


def test_late_slips_and_talks_are_counted_whole_beyond_the_rows_shown(story: Story, app: Flask) -> None:
    for _ in range(8):
        story.assign(story.log(), "A", due_on="2026-06-30")
        slips.draft(story, story.newest(Case).id)
    promised = talking.recorded(story)
    talking.report(story, story.one(Commitment, interview_id=promised, position=1).id)
    story.cast.at("2026-04-20")
    page = visit(app, story, "supervisor").get("/desk").text
    assert "9 件已逾期，请先办理" in page, "eight drafts that nobody signed and the one promise not reported"


def test_inspector_judges_replies_to_the_own_slips_and_cases_while_the_supervisor_has_all(
    story: Story, app: Flask
) -> None:
    mine, others = story.log(title="甲督查员登记"), story.log("inspector2", title="乙督查员登记")
    for case_id, who in ((mine, "supervisor"), (others, "inspector2")):
        story.assign(case_id, "A")
        slips.draft(story, case_id, who=who)
        slips.move(story, "supervisor", "sign")
        slips.answer(story)
    desks = {who: visit(app, story, who).get("/desk").text for who in ("inspector", "inspector2", "supervisor")}
    assert [("甲督查员登记" in text, "乙督查员登记" in text) for text in desks.values()] == [
        (True, False),
        (False, True),
        (True, True),
    ]
