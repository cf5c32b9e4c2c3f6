"""The calendar of what is due: every kind of date once, only what is in reach, days off marked, the same cost when full."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from tests import slips, talking
from tests.client import visit
from tests.story import Story
from tests.web.test_cases_queries import queries


def busy(story: Story) -> None:
    """Let a date of every kind run, all of them before summer."""
    working = story.log(title="正在整改的问题")
    story.assign(working, "A", "B", "2026-03-20")
    story.to_work(working)
    story.case("head_a", working, "ask_extension", reason="汛期", progress="过半", wanted_on=date(2026, 4, 20))
    waiting = story.log(title="等待签收的问题")
    story.assign(waiting, "T", due_on="2026-03-27")
    planning = story.log(title="编制方案的问题")
    story.assign(planning, "T", due_on="2026-03-30")
    story.case("liaison_t", planning, "acknowledge")
    submitted = story.log(title="等待核查的问题")
    story.assign(submitted, "A", due_on="2026-03-31")
    story.to_work(submitted)
    story.do_measure(submitted)
    story.finish(submitted)
    talking.recorded(story)
    talking.noticed(story, reason="约谈事由文字")
    talking.instructed(story, working, reason="领导批示文字")
    slips.draft(story, working)


def test_month_tells_every_kind_of_date(story: Story, app: Flask) -> None:
    busy(story)
    page = visit(app, story, "supervisor").get("/due").text
    for kind in ("整改期限 1", "签收期限 2", "方案期限 1", "整改措施 1", "核查期限 1", "申请应决定 1", "三单应签发 1"):
        assert kind in page, kind
    for kind in ("约谈 1", "约谈承诺 1", "批示应回复 1"):
        assert kind in page, kind
    assert "正在整改的问题" in page
    done = visit(app, story, "supervisor").get("/due?kind=deadline").text
    assert "本月共有 3 项到期" in done
    assert "约谈事由文字" not in done


def test_units_see_their_own_dates_alone(story: Story, app: Flask) -> None:
    busy(story)
    seen = {who: visit(app, story, who).get("/due").text for who in ("liaison_a", "liaison_b", "liaison_t", "outsider")}
    assert ["正在整改的问题" in page for page in seen.values()] == [True, True, False, False]
    assert ["等待签收的问题" in page for page in seen.values()] == [False, False, True, False]
    assert ["清理河道" in page for page in seen.values()] == [True, False, False, False]
    assert ["约谈事由文字" in page for page in seen.values()] == [True, False, False, False]
    for who in ("admin", "security", "organisation", "auditor"):
        assert visit(app, story, who).get("/due").status_code == 404
        assert visit(app, story, who).get("/due/2026-03-20").status_code == 404


def test_day_lists_what_is_due_and_turns_pages(story: Story, app: Flask) -> None:
    for number in range(53):
        story.assign(story.log(title=f"第 {number} 件"), "A", due_on="2026-03-20")
    head = visit(app, story, "head_a")
    first = head.get("/due/2026-03-20").text
    assert "本页 50 项，共 53 项" in first
    following = first.split('rel="next">下一页')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "本页 3 项，共 53 项" in head.get(following).text
    assert "整改期限 53" in head.get("/due?month=2026-03").text
    story.cast.at("2026-03-23")
    assert "逾期 53 项" in visit(app, story, "head_a").get("/due").text


def test_days_off_and_swapped_days_are_marked(story: Story, app: Flask) -> None:
    page = visit(app, story, "supervisor").get("/due?month=2026-02").text
    assert "春节" in page
    assert ">休</small>" in page
    assert ">班</small>" in page, "2026-02-14 is worked"
    assert "这个月没有到期的事项" in page
    assert "暂定" in visit(app, story, "supervisor").get("/due?month=2031-02").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/due?month=2026-13", 200),
        ("/due?month=unsinn", 200),
        ("/due/2026-02-30", 404),
        ("/due/20260220", 404),
        ("/due/2026-02-20?after=unsinn", 422),
        ("/due/2026-02-20?kind=unsinn", 200),
    ],
)
def test_wrong_addresses_are_answered(story: Story, app: Flask, path: str, status: int) -> None:
    assert visit(app, story, "supervisor").get(path).status_code == status


def test_calendar_asks_as_often_for_many_as_for_few(story: Story, instance: Path) -> None:
    busy(story)
    paths = ("/due", "/due/2026-03-20")
    few = [queries(story, instance, "supervisor", path) for path in paths]
    for number in range(20):
        story.assign(story.log(title=f"后来的 {number}"), "A", due_on="2026-03-20")
    assert [queries(story, instance, "supervisor", path) for path in paths] == few
    assert max(few) <= 12
