"""What each fact costs whom, when it is charged and what takes it back: the rules of the scores, one story each."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.core.errors import Invalid
from app.ledgers.cases import Case
from tests.story import Story
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
