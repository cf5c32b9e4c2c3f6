"""Slips: the worked example of the rules with its slips, and each rule of the ladder."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.core.errors import Absent, Invalid, Refused
from app.ledgers.messages import Message
from app.ledgers.scores import ScoreEntry
from app.people import Parameter
from tests.databases import Databases
from tests.slips import answer, draft, drafted, move, newest, overdue_case, run, slips
from tests.stock import ready_cast, ready_story
from tests.story import Story

LADDER = [("2026-03-23", "prompt"), ("2026-03-27", "supervise"), ("2026-04-03", "accountability")]


@pytest.fixture
def story(databases: Databases) -> Story:
    """A county with rules on 2 March 2026."""
    return ready_story(databases)


def slip_points(story: Story, unit: str = "A") -> list[tuple[str, str, Decimal, str]]:
    """Return what slips cost the unit: (rule, day, points, standing)."""
    return [(r, day, p, state) for r, _, day, p, state in story.entries(unit) if r.startswith("slip")]


def push(story: Story, last: str = "2026-04-08") -> int:
    """Let the case of the example pass, each slip signed on the day it is drafted."""
    case_id = overdue_case(story, assist="B")
    story.part("liaison_b", case_id, "B", "acknowledge")
    for first, day, signer in [
        ("2026-03-03", "2026-03-23", "supervisor"),
        ("2026-03-24", "2026-03-27", "supervisor"),
        ("2026-03-28", "2026-04-03", "leader"),
    ]:
        if day > last:
            break
        run(story, first, day)
        move(story, signer, "sign")
    return case_id


def test_worked_example_drafts_each_slip_on_its_day_and_the_second_costs_a_point(story: Story) -> None:
    case_id = push(story)
    assert drafted(story, case_id) == LADDER
    first, second, third = slips(story, case_id)
    assert [slip.number for slip in (first, second, third)] == [
        "督提〔2026〕1号",
        "督办〔2026〕1号",
        "督问〔2026〕1号",
    ]
    assert [str(slip.reply_due_on) for slip in (first, second)] == ["2026-03-26", "2026-04-02"]
    assert third.copy_to == ["纪委监委", "考核办"]
    assert [pair[0] for pair in second.why] == ["期限", "逾期", "规则", "上一级"]
    assert "逾期第 5 个工作日" in second.why[1][1]
    assert "督提〔2026〕1号的回复期限" in second.why[3][1]
    counted = [row[:3] for row in slip_points(story) if row[0] == "slip"]
    assert counted == [("slip", "2026-03-27", Decimal("-1.00")), ("slip", "2026-04-03", Decimal("-2.00"))]
    assert slip_points(story, "B") == []


def test_gap_leaves_the_same_drafts_as_every_day(story: Story) -> None:
    every, late = overdue_case(story), overdue_case(story, "2026-03-24")
    run(story, "2026-03-03", "2026-03-20")
    story.daily("2026-03-30")
    assert drafted(story, every) == LADDER[:1]
    assert drafted(story, late) == [("2026-03-25", "prompt")]
    assert {str(slip.sign_due_on) for slip in slips(story)} == {"2026-04-01"}, "from the day it was really told"
    assert [slip.state for slip in slips(story)] == ["draft", "draft"]


def test_draft_that_nobody_signs_keeps_the_ladder_standing(story: Story) -> None:
    case_id = overdue_case(story)
    run(story, "2026-03-03", "2026-04-10")
    assert drafted(story, case_id) == LADDER[:1]


def test_reply_that_was_accepted_ends_the_ladder_until_a_report_is_sent_back(story: Story) -> None:
    case_id = push(story, "2026-03-23")
    answer(story)
    move(story, "inspector", "accept_reply")
    run(story, "2026-03-24", "2026-04-07")
    assert drafted(story, case_id) == LADDER[:1]
    story.part("head_b", case_id, "B", "finish", result="完成")
    story.finish(case_id)
    story.case("inspector", case_id, "send_back", reason="现场仍有垃圾")
    run(story, "2026-04-08", "2026-04-08")
    assert drafted(story, case_id) == [*LADDER[:1], ("2026-04-08", "supervise")]


def test_reply_that_is_refused_does_not_hold_the_ladder_up(story: Story) -> None:
    case_id = push(story, "2026-03-23")
    answer(story)
    move(story, "inspector", "refuse_reply", reason="没有具体措施")
    run(story, "2026-03-24", "2026-03-27")
    assert drafted(story, case_id) == LADDER[:2]
    assert slip_points(story) == [], "the first reply came in time"


def test_report_of_the_lead_makes_the_draft_lapse(story: Story) -> None:
    case_id = overdue_case(story)
    run(story, "2026-03-03", "2026-03-24")
    story.finish(case_id)
    with pytest.raises(Refused, match="条件已消失"):
        move(story, "supervisor", "sign")
    run(story, "2026-03-25", "2026-03-25")
    slip = newest(story)
    assert (slip.state, str(slip.lapsed_on)) == ("lapsed", "2026-03-25")
    story.case("inspector", case_id, "send_back", reason="现场仍有垃圾")
    run(story, "2026-03-26", "2026-03-26")
    assert drafted(story, case_id) == [*LADDER[:1], ("2026-03-26", "prompt")]


def test_same_level_comes_again_only_under_another_deadline(story: Story) -> None:
    case_id = push(story, "2026-03-27")
    answer(story)
    move(story, "inspector", "accept_reply")
    answer(story, slips(story)[0])
    move(story, "inspector", "accept_reply", slips(story)[0])
    run(story, "2026-03-28", "2026-04-07")
    assert drafted(story, case_id) == LADDER[:2]


def test_rebound_begins_the_ladder_anew(story: Story) -> None:
    case_id = overdue_case(story)
    run(story, "2026-03-03", "2026-03-23")
    move(story, "supervisor", "sign")
    story.do_measure(case_id)
    story.finish(case_id)
    story.verify(case_id)
    story.case("supervisor2", case_id, "accept")
    story.case("supervisor", case_id, "close")
    assert [(slip.state, str(slip.settled_on)) for slip in slips(story)] == [("settled", "2026-03-23")]
    story.case("inspector", case_id, "ask_rebound", reason="又堆积", basis="回头看")
    story.case("supervisor", case_id, "rebound", due_on=date(2026, 3, 30))
    run(story, "2026-03-24", "2026-03-31")
    assert drafted(story, case_id) == [*LADDER[:1], ("2026-03-31", "prompt")]


def test_withdrawn_slip_takes_back_what_it_cost_and_begins_the_level_again(story: Story) -> None:
    case_id = push(story, "2026-03-27")
    assert Decimal("-1.00") in [row[2] for row in slip_points(story)]
    move(story, "supervisor", "withdraw", reason="发错单位")
    rows = [row for row in slip_points(story) if row[0] in ("slip", "slip*")]
    assert [row[0] for row in rows] == ["slip", "slip*"]
    assert sum(row[2] for row in rows) == 0
    assert {row[3] for row in rows} == {"reversed"}
    contra = story.newest(ScoreEntry, rule="slip")
    assert contra.event_id == newest(story).withdrawn_event_id
    run(story, "2026-03-28", "2026-03-30")
    assert drafted(story, case_id)[-1] == ("2026-03-30", "supervise")


def test_late_receipt_and_late_reply_cost_once_each(story: Story) -> None:
    push(story, "2026-03-23")
    run(story, "2026-03-24", "2026-04-02")
    late = [row[:3] for row in slip_points(story)]
    assert late == [
        ("slip_receipt", "2026-03-26", Decimal("-0.10")),
        ("slip_reply", "2026-03-27", Decimal("-0.10")),
    ]


def test_case_that_is_voided_takes_its_slips_and_their_points_along(story: Story) -> None:
    case_id = push(story, "2026-03-27")
    story.case("supervisor", case_id, "propose_void", reason="误登", leader=story.cast.persons["leader"])
    story.case("leader", case_id, "void")
    assert {slip.state for slip in slips(story)} == {"withdrawn"}
    assert sum(row[2] for row in slip_points(story)) == 0


def test_part_given_to_another_unit_withdraws_the_slips_of_the_first(story: Story) -> None:
    case_id = story.log()
    story.assign(case_id, "A", due_on="2026-03-20")
    story.case("head_a", case_id, "acknowledge")
    story.part("head_a", case_id, "A", "dispute", reason="非本单位职责")
    draft(story, case_id, "prompt")
    move(story, "supervisor", "sign")
    form: dict[str, Any] = {"lead": story.cast.units["T"], "due_on": date(2026, 3, 30), "reason": "属实"}
    story.case("supervisor", case_id, "grant_return", **form)
    assert [(slip.state, slip.withdrawn_reason) for slip in slips(story)] == [("withdrawn", "承办单位已改派")]


def test_direct_entry_needs_a_reason_and_the_signature_of_its_level(story: Story) -> None:
    case_id = overdue_case(story)
    with pytest.raises(Invalid) as invalid:
        draft(story, case_id, "supervise", entry_reason=None)
    assert list(invalid.value.errors) == ["entry_reason"]
    draft(story, case_id, "accountability", entry_reason="instruction")
    with pytest.raises(Refused, match="县级分管领导"):
        move(story, "supervisor", "sign")
    with pytest.raises(Absent):
        move(story, "leader2", "sign")
    move(story, "leader", "sign")
    assert newest(story).number == "督问〔2026〕1号"
    for lower in ("prompt", "supervise"):
        with pytest.raises(Invalid, match="不能降级"):
            draft(story, case_id, lower)
    with pytest.raises(Invalid, match="尚未办结"):
        draft(story, case_id, "accountability")
    run(story, "2026-03-03", "2026-04-10")
    assert drafted(story, case_id) == [("2026-03-02", "accountability")], "the ladder never goes down"


def test_direct_slip_takes_the_place_of_a_lower_draft(story: Story) -> None:
    case_id = overdue_case(story)
    run(story, "2026-03-03", "2026-03-23")
    draft(story, case_id, "supervise")
    assert [slip.state for slip in slips(story)] == ["lapsed", "draft"]
    with pytest.raises(Refused, match="只能由拟稿人作废"):
        move(story, "inspector2", "discard", reason="不需要")
    move(story, "inspector", "discard", reason="不需要")
    run(story, "2026-03-24", "2026-03-24")
    assert drafted(story, case_id)[-1] == ("2026-03-24", "prompt")


def test_who_would_have_to_sign_a_draft_made_by_hand_may_throw_it_away(story: Story) -> None:
    case_id = overdue_case(story)
    draft(story, case_id, "supervise")
    move(story, "supervisor", "discard", reason="尚不必督办")
    draft(story, case_id, "accountability")
    with pytest.raises(Refused, match="不予签发"):
        move(story, "supervisor", "discard", reason="不需要")
    with pytest.raises(Absent):
        move(story, "leader2", "discard", reason="不需要")
    move(story, "leader", "discard", reason="先约谈")
    assert [slip.state for slip in slips(story)] == ["lapsed", "lapsed"]
    assert newest(story).lapsed_reason == "先约谈"


def test_unit_sees_its_slip_only_when_it_is_signed(story: Story) -> None:
    overdue_case(story)
    run(story, "2026-03-03", "2026-03-23")
    for who in ("head_a", "liaison_a", "head_b", "outsider", "leader2"):
        with pytest.raises(Absent):
            move(story, who, "acknowledge")
    move(story, "supervisor", "sign", text="请立即整改。", copy_to="县住建局，县财政局")
    slip = newest(story)
    assert (slip.text, slip.copy_to) == ("请立即整改。", ["县住建局", "县财政局"])
    move(story, "liaison_a", "acknowledge")
    with pytest.raises(Absent):
        move(story, "head_b", "reply", text="无")


def test_no_slip_for_a_provisional_deadline(databases: Databases) -> None:
    story = Story(ready_cast(databases, "2026-12-14"))
    story.rules(2026)
    overdue_case(story, "2027-01-08")
    run(story, "2026-12-15", "2027-01-20")
    assert slips(story) == []


def test_office_may_give_other_days_to_sign(story: Story) -> None:
    with story.cast.database.begin() as session:
        session.add(Parameter(authority_id=story.cast.units["C"], name="slip_sign_days", value="5"))
    overdue_case(story)
    run(story, "2026-03-03", "2026-03-23")
    assert str(newest(story).sign_due_on) == "2026-03-30"


def test_signer_hears_once_of_all_the_drafts_of_a_day(story: Story) -> None:
    overdue_case(story)
    overdue_case(story)
    run(story, "2026-03-03", "2026-03-24")
    query = select(Message.person_id, Message.kind).where(Message.person_id.is_not(None))
    with story.cast.database.session(read_only=True) as session:
        told = session.execute(query).all()
    persons = story.cast.persons
    assert sorted(told) == sorted((persons[who], "to_sign") for who in ("supervisor", "supervisor2"))


def test_slip_withdrawn_by_a_merge_stays_so_and_the_level_is_drafted_anew_after_it_is_undone(story: Story) -> None:
    case_id = push(story, "2026-03-23")
    other = story.log()
    story.case("supervisor", other, "admit")
    story.case("supervisor", case_id, "merge", case=other, reason="同一问题")
    assert newest(story).state == "withdrawn"
    story.daily("2026-03-24")
    story.case("supervisor", case_id, "unmerge", reason="并非同一问题")
    assert [slip.state for slip in slips(story, case_id)] == ["withdrawn"], "its number is used"
    story.daily("2026-03-25")
    assert drafted(story, case_id) == [("2026-03-23", "prompt"), ("2026-03-25", "prompt")]
    run(story, "2026-03-26", "2026-03-26")
    assert len(slips(story, case_id)) == 2, "not twice while one is open"
    move(story, "supervisor", "sign")
    assert [slip.number for slip in slips(story, case_id)] == ["督提〔2026〕1号", "督提〔2026〕2号"]
