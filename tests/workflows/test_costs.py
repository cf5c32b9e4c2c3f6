"""What each fact costs whom, when it is charged and what takes it back: the rules of the scores, one story each."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.core.errors import Invalid, Refused
from app.ledgers.cases import Case
from app.ledgers.scores import Standing
from app.people import Parameter
from app.workflows import OBJECTION, REVERSAL, RULE_SET
from tests.story import RULES, Story
from tests.workflows import paths
from tests.workflows.paths import brought_to

D = Decimal


def in_force(story: Story, *rules: str) -> list[tuple[str, str, str, Decimal]]:
    """Return what stands: rule, unit, day, points; contra entries and what they reverse left out."""
    rows = [row[:4] for row in story.entries() if row[4] != "reversed"]
    return [row for row in rows if not rules or row[0].rstrip("*") in rules]


def summed(story: Story, unit: str, rule: str) -> Decimal:
    """Return what a rule costs a unit."""
    return sum((points for _, code, _, points in in_force(story, rule) if code == unit), D(0))


@pytest.mark.parametrize(
    ("found_by", "points"),
    [("county", 0), ("citizen", 0), ("city", "-0.5"), ("province", -1), ("media_county", -1), ("media_city", -2)],
)
def test_being_found_costs_by_who_found_it(ready: Story, found_by: str, points: str) -> None:
    brought_to(ready, "assigned", discovery=found_by)
    assert (summed(ready, "A", "found"), summed(ready, "B", "found")) == (D(points), D(points) / 2)


def test_problem_that_the_unit_found_itself_costs_nothing_though_others_find_it_later(ready: Story) -> None:
    case_id = ready.log("liaison_a")
    ready.assign(case_id)
    ready.case("inspector", case_id, "add_source", source_kind="media", discovery="media_province")
    assert ready.entries() == []
    ready.days("2026-03-21", "2026-03-23")
    assert {row[0] for row in in_force(ready)} == {"receipt", "overdue"}


def test_of_several_sources_the_dearest_counts_once(ready: Story) -> None:
    case_id = brought_to(ready, "assigned")
    for discovery in ("media_county", "province", "media_city", "city"):
        ready.case("inspector", case_id, "add_source", source_kind="media", discovery=discovery)
    assert in_force(ready, "found") == [("found", "A", "2026-03-02", D(-2)), ("found", "B", "2026-03-02", D(-1))]
    assert ready.total("A") == (D(0), D(-2))


def test_merged_case_that_was_saved_first_decides_who_found_it(ready: Story) -> None:
    own = ready.log("liaison_a")
    ready.case("supervisor", own, "admit")
    ready.cast.at("2026-03-02", hour=10)
    case_id = brought_to(ready, "assigned", discovery="media_city")
    assert summed(ready, "A", "found") == D(-2)
    ready.case("supervisor", own, "merge", case=case_id, reason="同一问题")
    assert in_force(ready) == []
    ready.case("supervisor", own, "unmerge", reason="不是同一问题")
    assert summed(ready, "A", "found") == D(-2)
    assert ready.total("A") == (D(0), D(-2))


def test_merge_reverses_the_entries_and_undoing_it_brings_them_back_to_be_heard(ready: Story) -> None:
    case_id, other = brought_to(ready, "assigned"), brought_to(ready, "reported", discovery="county")
    ready.days("2026-03-03", "2026-03-09")
    assert ready.total("A") == (D("-0.5"), D("-0.1"))
    ready.case("supervisor", case_id, "merge", case=other, reason="同一问题")
    assert ready.total("A") == (D(0), D(0))
    ready.case("supervisor", case_id, "unmerge", reason="不是同一问题")
    assert ready.total("A") == (D(0), D("-0.6"))
    ready.days("2026-03-10", "2026-03-16")
    assert ready.total("A")[0] == D("-0.6")


def test_receipt_is_late_on_the_third_working_day_and_costs_who_did_not_sign(ready: Story) -> None:
    case_id = brought_to(ready, "planning")
    ready.daily("2026-03-04")
    assert in_force(ready, "receipt") == []
    ready.daily("2026-03-05")
    assert in_force(ready, "receipt") == [("receipt", "B", "2026-03-05", D("-0.1"))]
    ready.part("liaison_b", case_id, "B", "acknowledge")
    ready.daily("2026-03-06")
    assert len(in_force(ready, "receipt")) == 1


def test_part_disputed_and_kept_was_not_signed_for_in_time(ready: Story) -> None:
    case_id = paths.disputed(ready, "B")
    ready.case("liaison_a", case_id, "acknowledge")
    ready.days("2026-03-03", "2026-03-05")
    assert in_force(ready, "receipt") == [("receipt", "B", "2026-03-05", D("-0.1"))]


def test_false_report_costs_the_guilty_unit_instead_of_the_returned_one(ready: Story) -> None:
    case_id = brought_to(ready, "submitted", discovery="county")
    guilty: dict[str, Any] = {"parts": [ready.cast.units["B"]], "false": True, "guilty": [ready.cast.units["B"]]}
    with pytest.raises(Invalid):
        ready.case("inspector", case_id, "send_back", reason="假照片", **{**guilty, "false": None})
    ready.case("inspector", case_id, "send_back", reason="假照片", **guilty)
    assert in_force(ready) == [("false", "B", "2026-03-02", D(-1))]
    ready.part("head_b", case_id, "B", "finish", result="完成")
    ready.finish(case_id)
    ready.case("inspector", case_id, "send_back", reason="还差", parts=[ready.cast.units["A"]])
    assert in_force(ready, "returned") == [("returned", "A", "2026-03-02", D("-0.5"))]


def test_return_to_one_part_leaves_the_clock_of_the_other_standing(ready: Story) -> None:
    case_id = brought_to(ready, "submitted", discovery="county", due_on=date(2026, 3, 3))
    ready.days("2026-03-03", "2026-03-05")
    ready.case("inspector", case_id, "send_back", reason="还差", parts=[ready.cast.units["A"]])
    ready.days("2026-03-06", "2026-03-09")
    assert [(unit, day) for _, unit, day, _ in in_force(ready, "overdue")] == [
        ("A", day) for day in ("2026-03-04", "2026-03-05", "2026-03-06", "2026-03-09")
    ]


def test_office_that_checks_slowly_costs_the_unit_no_more_than_five_working_days(ready: Story) -> None:
    case_id = brought_to(ready, "submitted", discovery="county", due_on=date(2026, 3, 2), confirm_past=True)
    ready.days("2026-03-03", "2026-03-20")
    assert in_force(ready) == []
    ready.case("inspector", case_id, "send_back", reason="还差")
    ready.daily("2026-03-21")
    days = [day for _, unit, day, _ in in_force(ready, "overdue") if unit == "A"]
    assert days == ["2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-09"]


def test_report_taken_back_counts_all_the_days(ready: Story) -> None:
    case_id = brought_to(ready, "submitted", discovery="county", due_on=date(2026, 3, 2))
    ready.days("2026-03-03", "2026-03-12")
    ready.case("head_a", case_id, "take_back")
    ready.daily("2026-03-13")
    assert len([row for row in in_force(ready, "overdue") if row[1] == "A"]) == 9
    assert in_force(ready, "returned") == []


def test_cap_holds_per_case_and_unit_and_what_is_over_it_stands_beside(ready: Story) -> None:
    case_id = brought_to(ready, "rectifying", discovery="county", due_on=date(2026, 3, 2))
    ready.days("2026-03-03", "2026-04-24")
    assert (summed(ready, "A", "overdue"), summed(ready, "B", "overdue")) == (D(-3), D("-1.5"))
    lines = ready.lines(case_id, "A")
    assert lines[-1].points == 0
    assert lines[-1].beyond == D("-0.1")
    assert "超出不计" in lines[-1].calculation
    assert sum(line.points for line in lines) == sum(ready.total("A"))


def test_rebound_costs_and_the_cap_starts_again(ready: Story) -> None:
    case_id = brought_to(ready, "rectifying", discovery="county", due_on=date(2026, 3, 2))
    ready.days("2026-03-03", "2026-04-24")
    ready.do_measure(case_id)
    ready.part("head_b", case_id, "B", "finish", result="完成")
    ready.finish(case_id)
    ready.verify(case_id)
    ready.case("supervisor", case_id, "accept")
    ready.case("supervisor", case_id, "close")
    ready.days("2026-04-25", "2026-05-08")
    assert summed(ready, "A", "overdue") == D(-3)
    ready.case("inspector", case_id, "ask_rebound", reason="又见垃圾", basis="回头看")
    ready.case("supervisor", case_id, "rebound", due_on=date(2026, 5, 11))
    assert in_force(ready, "rebound") == [
        ("rebound", "A", "2026-05-08", D(-1)),
        ("rebound", "B", "2026-05-08", D("-0.5")),
    ]
    ready.days("2026-05-09", "2026-05-13")
    assert summed(ready, "A", "overdue") == D("-3.6")
    case = ready.get(Case, case_id)
    assert (case.cycle, case.rebound_count, case.state) == (2, 1, "rectifying")


def test_missed_review_of_a_long_term_case_is_overdue(ready: Story) -> None:
    case_id = paths.long_term(ready)
    ready.days("2026-04-18", "2026-04-20")
    assert in_force(ready, "overdue") == [
        ("overdue", "A", "2026-04-20", D("-0.5")),
        ("overdue", "B", "2026-04-20", D("-0.25")),
    ]
    ready.case("inspector", case_id, "review_continue", reason="有进展", due_on=date(2026, 6, 30))
    ready.days("2026-04-21", "2026-04-22")
    assert len(in_force(ready, "overdue")) == 2


def test_termination_is_charged_once_and_void_takes_everything_back(ready: Story) -> None:
    ended, mistaken = paths.proposed(ready, "terminate"), paths.proposed(ready, "void")
    before = ready.total("A")[1]
    ready.case("leader", ended, "terminate")
    assert ready.total("A")[1] == before - 2
    ready.case("leader", mistaken, "void")
    assert in_force(ready) == [
        ("found", "A", "2026-03-02", D("-0.5")),
        ("found", "B", "2026-03-02", D("-0.25")),
        ("unresolved", "A", "2026-03-02", D(-2)),
        ("unresolved", "B", "2026-03-02", D(-1)),
    ]


def test_unresolved_at_year_end_is_charged_once(ready: Story) -> None:
    brought_to(ready, "rectifying", discovery="county", due_on=date(2026, 12, 1))
    ready.cast.at("2026-12-30")
    ready.rules(2027)
    ready.daily("2026-12-30", is_confirmed=True)
    assert in_force(ready, "unresolved") == []
    ready.daily("2026-12-31")
    ready.daily("2027-01-04")
    assert in_force(ready, "unresolved") == [
        ("unresolved", "A", "2026-12-31", D(-2)),
        ("unresolved", "B", "2026-12-31", D(-1)),
    ]


def test_part_that_was_returned_costs_its_unit_nothing_and_the_new_one_from_its_own_deadline(ready: Story) -> None:
    case_id = paths.disputed(ready)
    ready.days("2026-03-03", "2026-03-24")
    assert summed(ready, "A", "overdue") == D("-0.6")
    ready.case("supervisor", case_id, "grant_return", lead=ready.cast.units["T"], due_on=date(2026, 3, 25))
    assert [row for row in in_force(ready) if row[1] == "A"] == []
    ready.days("2026-03-25", "2026-03-26")
    assert summed(ready, "T", "overdue") == D("-0.5")


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
