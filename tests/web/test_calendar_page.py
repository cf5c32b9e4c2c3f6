"""The working calendar: everybody reads it, the assessors change it, deadlines and points follow."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.calendar import CalendarDay
from app.ledgers.cases import Case
from tests.client import visit
from tests.story import Story


def test_year_is_shown_with_its_notice(story: Story, app: Flask) -> None:
    page = visit(app, story, "liaison_a").get("/calendar?year=2026")
    assert page.status_code == 200
    assert "2026 年工作日历" in page.text
    assert "导入并重新计算期限" not in page.text


def test_only_an_assessor_changes_it(story: Story, app: Flask) -> None:
    form = {"day": "2026-03-24", "kind": "off", "name": "县庆", "notice": "县政府通知"}
    assert visit(app, story, "supervisor").post("/calendar/days", form).status_code == 404


def test_local_holiday_takes_back_the_point_of_a_past_day(story: Story, app: Flask) -> None:
    case_id = story.log()
    story.assign(case_id, "A")
    story.days("2026-03-03", "2026-03-25")
    assert story.total("A") == (Decimal("-0.10"), Decimal("-0.70"))
    form = {"day": "2026-03-24", "kind": "off", "name": "县庆", "notice": "县政府通知"}
    answer = visit(app, story, "assessor").post("/calendar/days", form)
    assert answer.status_code == 303
    assert story.total("A") == (Decimal("-0.10"), Decimal("-0.60"))
    said = visit(app, story, "assessor").get("/calendar").text
    assert "恢复国家安排" not in said
    contras = [(rule, day, points) for rule, _, day, points, _ in story.entries("A") if rule.endswith("*")]
    assert contras == [("overdue*", "2026-03-25", Decimal("0.10"))]


def test_local_working_day_is_charged_late_even_after_the_report(story: Story, app: Flask) -> None:
    case_id = story.log()
    story.assign(case_id, "A")
    story.to_work(case_id)
    story.days("2026-03-03", "2026-03-31")
    story.finish(case_id)
    before = {day for rule, _, day, _, _ in story.entries("A") if rule == "overdue"}
    form = {"day": "2026-03-28", "kind": "worked", "name": "补班", "notice": "县政府通知"}
    assert visit(app, story, "assessor").post("/calendar/days", form).status_code == 303
    after = {day for rule, _, day, _, _ in story.entries("A") if rule == "overdue"}
    assert after - before == {"2026-03-28"}


def test_loading_a_year_makes_a_provisional_deadline_sure(story: Story, app: Flask) -> None:
    story.cast.at("2026-12-14")
    case_id = story.log()
    story.assign(case_id, "A", due_on="2027-01-08")
    assert story.get(Case, case_id).due_provisional
    days = "2027-01-01 休 元旦\n2027-01-08 休 测试假日"
    form = {"year": "2027", "notice": "测试通知", "days": days}
    assert visit(app, story, "assessor").post("/calendar/years", form).status_code == 303
    case = story.get(Case, case_id)
    assert not case.due_provisional
    assert case.due_on == date(2027, 1, 11)
    assert case.original_due_on == date(2027, 1, 8)


def test_wrong_line_is_named_and_the_text_is_kept(story: Story, app: Flask) -> None:
    form = {"year": "2027", "notice": "测试通知", "days": "2027-02-30 休 不存在"}
    page = visit(app, story, "assessor").post("/calendar/years", form)
    assert page.status_code == 422
    assert "2027-02-30 休 不存在" in page.text
    assert "第 1 行" in page.text


def test_what_a_local_day_changed_is_a_whole_sentence(story: Story, app: Flask) -> None:
    assessor, form = visit(app, story, "assessor"), {"kind": "off", "name": "县庆", "notice": "县政府通知"}
    assessor.post("/calendar/days", form | {"day": "2026-06-10"})
    said = "2026-06-10（周三）的安排已登记：本地放假。没有问题的期限因此改变。"
    assert said in assessor.get("/calendar").text
    story.assign(story.log(), "A", rect_class="immediate", due_on="2026-03-06")
    assessor.post("/calendar/days", form | {"day": "2026-06-10", "kind": "usual"})
    assert "取消本地安排，按国家安排。没有问题的期限因此改变。" in assessor.get("/calendar").text


def test_each_wrong_line_is_numbered_once(story: Story, app: Flask) -> None:
    form = {"year": "2027", "notice": "测试通知", "days": "2027-02-30 休 不存在\n2027-02-29 休 不存在"}
    page = visit(app, story, "assessor").post("/calendar/years", form).text
    said = page.partition('id="year-days-error">')[2].partition("</p>")[0]
    assert (said.count("第 1 行："), said.count("第 2 行："), said.count("；")) == (1, 1, 0)


@pytest.mark.parametrize("typed", ["abc", "1800"])
def test_wrong_year_is_said_in_one_sentence(story: Story, app: Flask, typed: str) -> None:
    form = {"year": typed, "notice": "测试通知", "days": "2027-01-01 休 元旦"}
    page = visit(app, story, "assessor").post("/calendar/years", form).text
    said = page.partition('id="year-year-error">')[2].partition("</p>")[0]
    assert said
    assert "；" not in said


def test_same_local_day_is_registered_once(story: Story, app: Flask) -> None:
    form = {"day": "2026-03-28", "kind": "worked", "name": "补班", "notice": "县政府通知"}
    assessor = visit(app, story, "assessor")
    assert assessor.post("/calendar/days", form).status_code == 303
    again = assessor.post("/calendar/days", form)
    assert again.status_code == 409
    assert "与现行日历相同" in again.text
    assert assessor.post("/calendar/days", form | {"kind": "usual"}).status_code == 303
    assert assessor.post("/calendar/days", form).status_code == 303
    with story.cast.database.session(read_only=True) as session:
        assert session.scalar(select(func.count()).where(CalendarDay.local)) == 3
