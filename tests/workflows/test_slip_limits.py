"""Limits of a slip in a year that is not loaded: marked, never costing on a guess, counted again when the year is."""

import pytest

from app.audit import Event
from app.calendar import StatedYear, parse_year
from app.ledgers.slips import Slip
from app.workflows import Context, load_year
from tests.databases import Databases
from tests.slips import draft, move, newest
from tests.stock import ready_cast
from tests.story import Story

YEAR = "2027-01-01 休 元旦\n2027-01-02 休 元旦\n2027-01-03 休 元旦\n2027-01-04 休 元旦\n2027-01-05 休 元旦"


@pytest.fixture
def story(databases: Databases) -> Story:
    """A county with rules for both years on 29 December 2026; the next year's calendar is not known."""
    story = Story(ready_cast(databases, "2026-12-29"))
    story.rules(2026)
    story.rules(2027)
    return story


def issued(story: Story) -> Slip:
    """Issue a slip on 30 December to a unit that is not late."""
    case_id = story.log()
    story.assign(case_id, "A", due_on="2027-03-31")
    story.to_work(case_id)
    story.cast.at("2026-12-30")
    draft(story, case_id, "supervise")
    move(story, "supervisor", "sign")
    return newest(story)


def load(story: Story, year: StatedYear) -> int:
    """Let the assessor load a year; return how much changed."""
    with story.cast.begin("assessor") as (session, actor):
        return load_year(Context(session, actor, story.cast.clock.now()), story.cast.units["C"], year)


def late_lines(story: Story) -> list[tuple[str, str]]:
    """Return the lines for late receipts and replies: (rule, day)."""
    return [(rule, day) for rule, _, day, _, _ in story.entries("A") if rule.startswith("slip_")]


def test_limits_are_counted_again_with_an_event_and_cost_only_then(story: Story) -> None:
    slip = issued(story)
    assert (slip.is_provisional, str(slip.receipt_due_on), str(slip.reply_due_on)) == (True, "2027-01-01", "2027-01-05")
    story.days("2026-12-31", "2027-01-11")
    assert late_lines(story) == [], "no point on a guess"
    story.cast.at("2027-01-11")
    assert load(story, parse_year(YEAR, 2027, "国务院办公厅通知")) >= 1
    slip = newest(story)
    assert (slip.is_provisional, str(slip.receipt_due_on), str(slip.reply_due_on)) == (
        False,
        "2027-01-06",
        "2027-01-08",
    )
    event = story.newest(Event, kind="slip.count_again")
    assert (event.subject, event.case_id) == (f"slip:{slip.id}", slip.case_id)
    assert event.data["before"]["reply_due_on"] == "2027-01-05"
    assert event.data["after"] == {
        "receipt_due_on": "2027-01-06",
        "reply_due_on": "2027-01-08",
        "is_provisional": "False",
    }
    assert [day for _, day in late_lines(story)] == ["2027-01-07", "2027-01-11"]
