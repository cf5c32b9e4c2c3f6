"""The worked example with its slips: the same drafts and entries whether the job runs each day or after gaps."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from app.core.errors import Refused
from app.ledgers.talks import Interview
from tests.databases import Databases
from tests.slips import answer, draft, drafted, move, newest, overdue_case, run, slips
from tests.stock import ready_story
from tests.story import Story

FIRST, LAST = date(2026, 3, 3), date(2026, 4, 14)


class Played(NamedTuple):
    """What a play left: slips with the dates they moved on, lines in force, sums."""

    slips: list[tuple[Any, ...]]
    lines: list[tuple[str, str, str, Decimal]]
    totals: tuple[Decimal, Decimal]


def play(databases: Databases, signed: Mapping[str, str], silent: tuple[tuple[str, str], ...] = ()) -> Played:
    """Play the example; somebody signs the newest draft on each day named, the job does not run in the silent spans."""
    story = ready_story(databases)
    case_id = story.log(discovery="city")
    story.assign(case_id, "A", "B")
    story.to_work(case_id)
    story.part("liaison_b", case_id, "B", "acknowledge")
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        if not any(first <= str(day) <= last for first, last in silent):
            story.daily(day)
        story.cast.at(day)
        if str(day) in signed:
            move(story, signed[str(day)], "sign")
        _live(story, case_id, str(day))
    found = _found(story, case_id)
    story.cast.database.dispose()
    return found


def _live(story: Story, case_id: int, day: str) -> None:
    """Let happen what the example tells of the day, besides signatures."""
    if day == "2026-04-08":
        story.part("head_b", case_id, "B", "finish", result="完成")
        story.finish(case_id)
    if day == "2026-04-13":
        story.case("inspector", case_id, "send_back", reason="现场仍有垃圾")


def _found(story: Story, case_id: int) -> Played:
    kept = [(s.type_code, str(s.drafted_on), str(s.issued_on), s.number, s.state, s.key) for s in slips(story, case_id)]
    lines = [(rule, unit, day, points) for rule, unit, day, points, state in story.entries() if state != "reversed"]
    totals = tuple(sum(story.total(unit), Decimal(0)) for unit in "AB")
    return Played(kept, sorted(lines), (totals[0], totals[1]))


ON_THEIR_DAYS = {"2026-03-23": "supervisor", "2026-03-27": "supervisor", "2026-04-03": "leader"}
LATER = {"2026-03-26": "supervisor", "2026-04-02": "supervisor"}


def test_example_with_slips_signed_on_their_days_adds_up_and_gaps_leave_the_same(databases: Databases) -> None:
    every_day = play(databases, ON_THEIR_DAYS)
    assert [slip[:5] for slip in every_day.slips] == [
        ("prompt", "2026-03-23", "2026-03-23", "督提〔2026〕1号", "issued"),
        ("supervise", "2026-03-27", "2026-03-27", "督办〔2026〕1号", "issued"),
        ("accountability", "2026-04-03", "2026-04-03", "督问〔2026〕1号", "issued"),
    ]
    sums: dict[tuple[str, str], Decimal] = {}
    for rule, unit, day, points in every_day.lines:
        if day < str(LAST):
            sums[rule, unit] = sums.get((rule, unit), Decimal(0)) + points
    assert (sums["found", "A"], sums["found", "B"]) == (Decimal("-0.50"), Decimal("-0.25"))
    assert (sums["overdue", "A"], sums["overdue", "B"]) == (Decimal("-1.90"), Decimal("-0.95"))
    assert (sums["slip", "A"], sums["returned", "A"]) == (Decimal("-3.00"), Decimal("-0.50"))
    assert not any(unit == "B" and "slip" in rule for rule, unit in sums)
    assert every_day.totals[0] == sum(points for _, unit, _, points in every_day.lines if unit == "A")

    signed_before = (("2026-03-24", "2026-03-26"), ("2026-03-28", "2026-04-02"))
    reported_within = (("2026-04-04", "2026-04-08"), ("2026-04-10", "2026-04-13"))
    assert play(databases, ON_THEIR_DAYS, signed_before + reported_within) == every_day


def test_signatures_in_a_gap_leave_the_same_as_with_the_job_each_day(databases: Databases) -> None:
    silent = (("2026-03-24", "2026-03-26"), ("2026-04-02", "2026-04-06"), ("2026-04-10", "2026-04-13"))
    daily, late = play(databases, LATER), play(databases, LATER, silent)
    assert late == daily
    assert [(slip[0], slip[1], slip[2]) for slip in daily.slips] == [
        ("prompt", "2026-03-23", "2026-03-26"),
        ("supervise", "2026-04-01", "2026-04-02"),
        ("accountability", "2026-04-14", "None"),
    ]


def test_draft_lapses_when_the_reply_below_it_is_accepted_after_all(databases: Databases) -> None:
    story = ready_story(databases)
    case_id = overdue_case(story)
    run(story, "2026-03-03", "2026-03-23")
    move(story, "supervisor", "sign")
    run(story, "2026-03-24", "2026-03-27")
    first, second = slips(story, case_id)
    answer(story, first)
    move(story, "inspector", "accept_reply", first)
    with pytest.raises(Refused, match="上一级单据的回复已经审核认可"):
        move(story, "supervisor", "sign", second)
    run(story, "2026-03-28", "2026-04-07")
    assert [(slip.state, str(slip.lapsed_on)) for slip in slips(story, case_id)][1:] == [("lapsed", "2026-03-28")]
    story.finish(case_id)
    story.case("inspector", case_id, "send_back", reason="现场仍有垃圾")
    run(story, "2026-04-08", "2026-04-08")
    assert drafted(story, case_id)[2:] == [("2026-04-08", "supervise")]
    assert newest(story).state == "draft"
    story.cast.database.dispose()


def test_direct_slip_of_the_highest_level_proposes_an_interview_and_tells_of_no_urging(databases: Databases) -> None:
    story = ready_story(databases)
    case_id = story.log(discovery="city")
    story.assign(case_id, "A", "B")
    draft(story, case_id, "accountability")
    assert "经督促" not in newest(story).text
    move(story, "leader", "sign")
    proposed = story.one(Interview, case_id=case_id)
    assert (proposed.slip_id, proposed.state, proposed.kind) == (newest(story).id, "proposed", "admonish")
    story.cast.database.dispose()
