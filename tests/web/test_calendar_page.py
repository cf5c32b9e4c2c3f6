"""The working calendar: everybody reads it, the assessors change it, deadlines and points follow."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from app.ledgers.cases import Case
from tests.client import make_app, visit
from tests.databases import Databases
from tests.stock import ready_story


def test_year_is_shown_with_its_notice(databases: Databases, instance: Path) -> None:
    story = ready_story(databases)
    page = visit(make_app(story, instance), story, "liaison_a").get("/calendar?year=2026")
    assert page.status_code == 200
    assert "2026 年工作日历" in page.text
    assert "导入并重新计算期限" not in page.text


def test_only_an_assessor_changes_it(databases: Databases, instance: Path) -> None:
    story = ready_story(databases)
    form = {"day": "2026-03-24", "kind": "off", "name": "县庆", "notice": "县政府通知"}
    assert visit(make_app(story, instance), story, "supervisor").post("/calendar/days", form).status_code == 404


def test_local_holiday_takes_back_the_point_of_a_past_day(databases: Databases, instance: Path) -> None:
    story = ready_story(databases)
    case_id = story.log()
    story.assign(case_id, "A")
    story.days("2026-03-03", "2026-03-25")
    assert story.total("A") == (Decimal("-0.10"), Decimal("-0.70"))
    form = {"day": "2026-03-24", "kind": "off", "name": "县庆", "notice": "县政府通知"}
    answer = visit(make_app(story, instance), story, "assessor").post("/calendar/days", form)
    assert answer.status_code == 303
    assert story.total("A") == (Decimal("-0.10"), Decimal("-0.60"))
    contras = [(rule, day, points) for rule, _, day, points, _ in story.entries("A") if rule.endswith("*")]
    assert contras == [("overdue*", "2026-03-25", Decimal("0.10"))]


def test_loading_a_year_makes_a_provisional_deadline_sure(databases: Databases, instance: Path) -> None:
    story = ready_story(databases, "2026-12-14")
    case_id = story.log()
    story.assign(case_id, "A", due_on="2027-01-08")
    assert story.get(Case, case_id).due_provisional
    app = make_app(story, instance)
    days = "2027-01-01 休 元旦\n2027-01-08 休 测试假日"
    form = {"year": "2027", "notice": "测试通知", "days": days}
    assert visit(app, story, "assessor").post("/calendar/years", form).status_code == 303
    case = story.get(Case, case_id)
    assert not case.due_provisional
    assert case.due_on == date(2027, 1, 11)
    assert case.original_due_on == date(2027, 1, 8)


def test_wrong_line_is_named_and_the_text_is_kept(databases: Databases, instance: Path) -> None:
    story = ready_story(databases)
    form = {"year": "2027", "notice": "测试通知", "days": "2027-02-30 休 不存在"}
    page = visit(make_app(story, instance), story, "assessor").post("/calendar/years", form)
    assert page.status_code == 422
    assert "2027-02-30 休 不存在" in page.text
    assert "第 1 行" in page.text
