"""How what is posted is heard: objections, reversals by two, confirmation, and rules that change under way."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

import pytest

from app.audit import Event
from app.calendar import LocalDay
from app.core.errors import Invalid, Refused
from app.ledgers.scores import Standing
from app.people import Parameter
from app.workflows import OBJECTION, REVERSAL, RULE_SET, Context, declare_day
from tests.story import RULES, Story
from tests.workflows import paths
from tests.workflows.paths import brought_to
from tests.workflows.test_costs import in_force, summed

D = Decimal


def test_objection_holds_what_it_names_and_later_entries_on_the_same_ground(ready: Story) -> None:
    case_id = brought_to(ready, "rectifying", discovery="county")
    ready.days("2026-03-03", "2026-03-23")
    first = paths.entry_ids(ready, case_id, "A")
    ready.object("head_a", case_id, "A", first, covers_later=True)
    ready.days("2026-03-24", "2026-04-01")
    assert {row[4] for row in ready.entries("A")} == {"contested"}
    assert {row[4] for row in ready.entries("B")} == {"proposed", "confirmed"}
    ready.decide_objection("uphold")
    assert ready.total("A") == (D(0), D(0))
    ready.daily("2026-04-02")
    assert in_force(ready, "overdue")[0] == ("overdue", "A", "2026-04-02", D("-0.1"))


def test_objection_that_names_some_holds_just_those_and_dismissal_confirms(ready: Story) -> None:
    case_id = brought_to(ready, "rectifying", discovery="county")
    ready.days("2026-03-03", "2026-03-24")
    ready.object("head_a", case_id, "A", paths.entry_ids(ready, case_id, "A")[:1])
    ready.days("2026-03-25", "2026-04-01")
    assert [row[4] for row in ready.entries("A")[:3]] == ["contested", "confirmed", "confirmed"]
    ready.decide_objection("dismiss")
    assert ready.entries("A")[0][4] == "confirmed"


def test_objection_after_its_time_or_to_what_is_not_ones_own_is_refused(ready: Story) -> None:
    case_id = brought_to(ready, "assigned")
    mine, theirs = paths.entry_ids(ready, case_id, "A"), paths.entry_ids(ready, case_id, "B")
    ready.cast.at("2026-03-06")
    for entries in (mine, theirs, [999]):
        with pytest.raises(Invalid) as invalid:
            ready.object("head_a", case_id, "A", entries)
        assert list(invalid.value.errors) == ["entries"]


def declare(story: Story, day: date, kind: Literal["off", "worked"]) -> None:
    with story.cast.begin("assessor") as (session, actor):
        context = Context(session, actor, story.cast.clock.now())
        declare_day(context, story.cast.units["C"], LocalDay(day, kind, "县庆", "县政府通知"))


def test_day_off_declared_during_the_hearing_moves_its_end_and_a_day_worked_takes_nothing(ready: Story) -> None:
    case_id = brought_to(ready, "assigned")
    entry = ready.get(Standing, paths.entry_ids(ready, case_id, "A")[0])
    assert (entry.told_on, entry.object_until) == (date(2026, 3, 2), date(2026, 3, 5))
    declare(ready, date(2026, 3, 5), "off")
    assert ready.get(Standing, entry.entry_id).object_until == date(2026, 3, 6)
    assert ready.newest(Event, kind="calendar.change").data["hearings"] == [["2026-03-02", "2026-03-05", "2026-03-06"]]
    ready.days("2026-03-03", "2026-03-06")
    assert ready.get(Standing, entry.entry_id).state == "proposed"
    declare(ready, date(2026, 3, 5), "worked")
    assert ready.get(Standing, entry.entry_id).object_until == date(2026, 3, 6)
    ready.daily("2026-03-07")
    assert ready.get(Standing, entry.entry_id).state == "confirmed"
    declare(ready, date(2026, 3, 6), "off")
    assert ready.get(Standing, entry.entry_id).object_until == date(2026, 3, 6)


def test_objection_withdrawn_leaves_silence_to_confirm(ready: Story) -> None:
    objection_id = paths.objection(ready)
    ready.days("2026-03-03", "2026-03-06")
    assert ready.total("A") == (D(0), D("-0.6"))
    ready.move("head_a", OBJECTION, objection_id, "withdraw", reason="认可")
    ready.daily("2026-03-07")
    assert ready.total("A")[0] == D("-0.5")


def test_reversal_by_two_assessors_is_final_and_not_twice(ready: Story) -> None:
    case_id = brought_to(ready, "assigned")
    entry = paths.entry_ids(ready, case_id, "A")[0]
    reversal = paths.ask_reversal(ready, paths.reversal_row(ready, entry))
    with pytest.raises(Refused, match="已有一件"):
        paths.ask_reversal(ready, paths.reversal_row(ready, entry))
    ready.days("2026-03-03", "2026-03-06")
    ready.move("assessor2", REVERSAL, reversal, "grant")
    assert ready.total("A") == (D(0), D("-0.1"))
    with pytest.raises(Refused, match="已经冲销"):
        paths.ask_reversal(ready, paths.reversal_row(ready, entry))
    ready.case("inspector", case_id, "add_source", source_kind="audit", discovery="audit")
    assert summed(ready, "A", "found") == 0


def test_no_time_for_objections_confirms_at_once(ready: Story) -> None:
    with ready.cast.database.begin() as session:
        session.add(Parameter(authority_id=ready.cast.units["C"], name="objection_days", value="0"))
    brought_to(ready, "rectifying", discovery="county")
    ready.days("2026-03-21", "2026-03-23")
    assert {row[4] for row in ready.entries()} == {"confirmed"}


def test_changed_rules_count_from_their_day_and_never_before(ready: Story) -> None:
    case_id = brought_to(ready, "rectifying")
    ready.days("2026-03-03", "2026-03-24")
    before = ready.lines(case_id)
    milder = RULES.read_text(encoding="utf-8").replace('further = "-0.10"', 'further = "-0.20"')
    milder = milder.replace('city = "-0.50"', 'city = "0.00"')
    rule_set_id = ready.draft_rules(2026, milder, date(2026, 3, 26))
    ready.move("leader", RULE_SET, rule_set_id, "approve")
    ready.days("2026-03-25", "2026-03-27")
    ready.case("inspector", case_id, "add_source", source_kind="audit", discovery="audit")
    after = ready.lines(case_id)
    assert [line.id for line in after[: len(before)]] == [line.id for line in before]
    new = [(str(line.day), line.points) for line in after[len(before) :] if line.unit_id == ready.cast.units["A"]]
    assert new == [("2026-03-25", D("-0.1")), ("2026-03-26", D("-0.2")), ("2026-03-27", D("-0.2"))]


def test_rules_approved_today_for_today_leave_what_was_posted_this_morning(ready: Story) -> None:
    case_id = brought_to(ready, "rectifying")
    ready.days("2026-03-03", "2026-03-23")
    text = RULES.read_text(encoding="utf-8").replace('points = "-0.50"\nfurther', 'points = "0.00"\nfurther')
    ready.move("leader", RULE_SET, ready.draft_rules(2026, text, date(2026, 3, 23)), "approve")
    ready.case("inspector", case_id, "add_source", source_kind="audit", discovery="audit")
    assert summed(ready, "A", "overdue") == D("-0.5")


def test_heard_from_the_day_a_unit_was_really_told(ready: Story) -> None:
    case_id = brought_to(ready, "rectifying", discovery="county")
    ready.daily("2026-03-20", is_confirmed=True)
    ready.daily("2026-03-27")
    entry = paths.entry_ids(ready, case_id, "A")[0]
    standing = ready.get(Standing, entry)
    assert (standing.told_on, standing.object_until) == (date(2026, 3, 27), date(2026, 4, 1))
    ready.days("2026-03-28", "2026-04-01")
    assert ready.get(Standing, entry).state == "proposed"
    ready.daily(date(2026, 4, 1) + timedelta(days=1))
    assert ready.get(Standing, entry).state == "confirmed"
