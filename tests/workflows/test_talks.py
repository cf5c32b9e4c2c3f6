"""Talks: what an interview and an instruction ask before they move, numbers without gaps, and what the daily job does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.audit import Event
from app.core.errors import Absent, Invalid, Refused
from app.ledgers.messages import Message
from app.ledgers.talks import Commitment, Instruction, Interview
from app.ledgers.talks.lengths import LONGEST
from app.people import visible
from app.workflows import CASE, COMMITMENT, INSTRUCTION, INTERVIEW
from tests import talking
from tests.story import Story
from tests.workflows.paths import brought_to


def test_interview_settles_only_when_everything_promised_is_done(ready: Story) -> None:
    interview_id = talking.recorded(ready)
    first = ready.one(Commitment, interview_id=interview_id, position=1)
    talking.report(ready, first.id)
    with pytest.raises(Refused, match=r"还有 2 项承诺没有完成：第 1 项（张三，2026-03-16 前）；第 2 项"):
        ready.move("supervisor", INTERVIEW, interview_id, "settle")
    ready.move("inspector", COMMITMENT, first.id, "confirm")
    with pytest.raises(Refused, match="还有 1 项承诺没有完成：第 2 项（李四"):
        ready.move("supervisor", INTERVIEW, interview_id, "settle")
    second = ready.one(Commitment, interview_id=interview_id, position=2)
    talking.report(ready, second.id)
    ready.move("inspector", COMMITMENT, second.id, "send_back", reason="制度未印发")
    with pytest.raises(Refused, match="还有 1 项"):
        ready.move("supervisor", INTERVIEW, interview_id, "settle")
    talking.report(ready, second.id)
    ready.move("inspector", COMMITMENT, second.id, "confirm")
    ready.move("supervisor", INTERVIEW, interview_id, "settle")
    assert ready.get(Interview, interview_id).settled_on == talking.DAY


def test_numbers_run_without_gaps_through_refusals_and_over_new_year(ready: Story) -> None:
    for _ in range(2):
        talking.noticed(ready)
    failing = talking.proposed(ready)
    with pytest.raises(Invalid, match="不能早于今天"):
        ready.move("supervisor", INTERVIEW, failing, "notice", planned_on=date(2026, 3, 1), **talking.NOTICE)
    talking.noticed(ready, "admonish")
    ready.cast.at("2027-01-04")
    talking.noticed(ready)
    assert numbers(ready) == ["约谈〔2026〕1号", "约谈〔2026〕2号", "约谈〔2026〕3号", "约谈〔2027〕1号"]


def test_parallel_notices_leave_no_gap_and_no_repeat(ready: Story) -> None:
    waiting = [talking.proposed(ready) for _ in range(8)]

    def sign(interview_id: int) -> None:
        ready.move("supervisor", INTERVIEW, interview_id, "notice", planned_on=talking.DAY, **talking.NOTICE)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(sign, waiting))
    assert sorted(numbers(ready)) == [f"约谈〔2026〕{number}号" for number in range(1, 9)]


@pytest.mark.parametrize("name", ["planned_at", "place", "host"])
def test_words_longer_than_their_column_are_refused_at_their_field(ready: Story, name: str) -> None:
    interview_id, longest = talking.proposed(ready), LONGEST[name]
    form = {"planned_on": talking.DAY, **talking.NOTICE, name: "长" * (longest + 1)}
    with pytest.raises(Invalid) as caught:
        ready.move("supervisor", INTERVIEW, interview_id, "notice", **form)
    assert caught.value.errors == {name: f"最多 {longest} 字，现有 {longest + 1} 字。"}
    ready.move("supervisor", INTERVIEW, interview_id, "notice", **{**form, name: "长" * longest})
    assert getattr(ready.get(Interview, interview_id), name) == "长" * longest


def numbers(story: Story) -> list[str]:
    """Return the numbers given, oldest first."""
    query = select(Interview.number).where(Interview.number.is_not(None)).order_by(Interview.year, Interview.serial)
    with story.cast.database.session(read_only=True) as session:
        return [number or "" for number in session.scalars(query)]


def test_admonition_is_called_by_the_leader_in_charge_alone(ready: Story) -> None:
    interview_id = talking.proposed(ready, unit="B", kind="admonish")
    with pytest.raises(Absent):
        ready.move("leader", INTERVIEW, interview_id, "notice", planned_on=talking.DAY, **talking.NOTICE)
    ready.move("leader2", INTERVIEW, interview_id, "notice", planned_on=talking.DAY, **talking.NOTICE)


def test_unit_sees_an_interview_from_its_notice_on(ready: Story) -> None:
    case_id = brought_to(ready, "assigned")
    interview_id = talking.proposed(ready, case=case_id)
    assert seen(ready, "head_a") == []
    assert ready.newest(Event, subject=f"interview:{interview_id}").case_id is None
    ready.move("supervisor", INTERVIEW, interview_id, "notice", planned_on=talking.DAY, **talking.NOTICE)
    assert seen(ready, "head_a") == [interview_id]
    assert seen(ready, "head_b") == seen(ready, "outsider") == seen(ready, "organisation") == []
    assert ready.newest(Event, subject=f"interview:{interview_id}").case_id == case_id
    assert ready.newest(Message, kind="interview_noticed").unit_id == ready.cast.units["A"]


def seen(story: Story, who: str) -> list[int]:
    """Return the ids of the interviews somebody sees."""
    with story.cast.begin(who) as (session, actor):
        return [row.id for row in session.scalars(visible(Interview, actor))]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"basis": "rank"}, "period"),
        ({"basis": "rank", "period": "去年"}, "period"),
        ({"unit": "X"}, "unit"),
        ({"kind": None}, "kind"),
    ],
)
def test_proposal_says_what_is_wrong_with_it(ready: Story, form: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as invalid:
        talking.proposed(ready, **form)
    assert list(invalid.value.errors) == [field]


def test_proposal_names_a_case_of_the_unit_and_one_rank_once(ready: Story) -> None:
    case_id = brought_to(ready, "assigned")
    with pytest.raises(Invalid, match="没有承办"):
        talking.proposed(ready, unit="T", case=case_id)
    talking.proposed(ready, basis="rank", period="2026")
    with pytest.raises(Invalid, match="已有一件约谈在办"):
        talking.proposed(ready, basis="rank", period="2026")


def test_record_names_person_and_date_of_each_promise_and_a_day_that_has_been(ready: Story) -> None:
    interview_id = talking.noticed(ready)
    nobody = [{"text": "整改", "due_on": date(2026, 3, 20)}]
    for values, field in (({"commitments": nobody}, "commitments"), ({"held_on": date(2026, 3, 3)}, "held_on")):
        form = {"held_on": talking.DAY, **talking.RECORD, **values}
        with pytest.raises(Invalid) as invalid:
            ready.move("inspector", INTERVIEW, interview_id, "record", **form)
        assert list(invalid.value.errors) == [field]


def test_daily_job_proposes_once_for_each_slip_whatever_is_repeated(ready: Story) -> None:
    case_id = brought_to(ready, "assigned")
    one, two = (talking.named_slip(ready, case) for case in (case_id, brought_to(ready, "assigned")))
    assert talking.propose(ready, one, one) == 1
    assert talking.propose(ready, one, two) == 1
    assert talking.propose(ready) == talking.propose(ready, one, two) == 0
    row = ready.one(Interview, slip_id=one.slip_id)
    assert (row.kind, row.basis, row.state, row.unit_id) == ("admonish", "slip", "proposed", ready.cast.units["A"])
    assert (
        ready.newest(Event, kind="interview.propose").subject
        == f"interview:{ready.one(Interview, slip_id=two.slip_id).id}"
    )
    ready.move("leader", INTERVIEW, row.id, "notice", planned_on=talking.DAY, **talking.NOTICE)


def test_unit_is_told_once_before_a_promise_is_due_and_once_when_it_is_late(ready: Story) -> None:
    talking.recorded(ready)
    ready.days("2026-03-03", "2026-03-20")
    told = [(row.kind, str(row.day)) for row in messages(ready, "commitment_")]
    assert told == [("commitment_soon", "2026-03-11"), ("commitment_late", "2026-03-17")]


def test_instruction_is_tracked_with_a_date_and_asked_again(ready: Story) -> None:
    case_id = brought_to(ready, "assigned")
    instruction_id = talking.instructed(ready, case_id)
    row = ready.get(Instruction, instruction_id)
    assert (row.unit_id, str(row.due_on), row.state) == (ready.cast.units["A"], "2026-03-09", "written")
    ready.days("2026-03-03", "2026-03-10")
    assert [row.kind for row in messages(ready, "instruct")] == ["instructed", "instruction_soon", "instruction_late"]
    ready.move("head_a", INSTRUCTION, instruction_id, "reply", text="已部署")
    ready.move("leader", INSTRUCTION, instruction_id, "ask_again", reason="请说明时限")
    row = ready.get(Instruction, instruction_id)
    assert (row.state, str(row.due_on), row.replied_on) == ("written", "2026-03-17", None)
    assert ready.newest(Event, kind="instruction.ask_again").data["before"] == {"reply": "已部署"}


def messages(story: Story, start: str) -> list[Message]:
    """Return what unit A was told of a kind, oldest first."""
    query = select(Message).where(Message.unit_id == story.cast.units["A"], Message.kind.startswith(start))
    with story.cast.database.session(read_only=True) as session:
        return list(session.scalars(query.order_by(Message.id)))


def test_instruction_before_the_case_is_assigned_is_the_offices_to_answer(ready: Story) -> None:
    case_id = ready.log()
    ready.case("supervisor", case_id, "propose_void", reason="重复", leader=ready.cast.persons["leader"])
    instruction_id = talking.instructed(ready, case_id)
    assert ready.get(Instruction, instruction_id).unit_id is None
    ready.move("supervisor", INSTRUCTION, instruction_id, "reply", text="将尽快交办")


def test_office_does_not_answer_for_a_unit_nor_a_leader_for_another(ready: Story) -> None:
    instruction_id = talking.instructed(ready, brought_to(ready, "assigned"))
    with pytest.raises(Refused, match="被批示单位回复"):
        ready.move("supervisor", INSTRUCTION, instruction_id, "reply", text="代为回复")
    with pytest.raises(Refused, match="另一位领导"):
        ready.move("leader2", INSTRUCTION, instruction_id, "withdraw", reason="撤回")


def test_instruction_asks_a_unit_of_the_case_by_a_day_to_come(ready: Story) -> None:
    case_id = brought_to(ready, "assigned")
    for form, field in (({"part": ready.cast.units["T"]}, "part"), ({"due_on": date(2026, 3, 1)}, "due_on")):
        with pytest.raises(Invalid) as invalid:
            ready.move("leader", CASE, case_id, "instruct", reason="请整改", **form)
        assert list(invalid.value.errors) == [field]
    asked = talking.instructed(ready, case_id, part=ready.cast.units["B"])
    assert ready.get(Instruction, asked).unit_id == ready.cast.units["B"]
