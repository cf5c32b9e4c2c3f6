"""下级转办: a town that is an authority hands its part down; the parent waits for it, and each level sees its own."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.audit import Event
from app.core.errors import Absent, Invalid, Refused
from app.ledgers.cases import Case, CaseSource, Request, children_shown
from app.ledgers.messages import Message
from app.people import visible
from app.workflows import missing_for_closure
from tests.handing import DOWN, assigned, closed, handed_down, parent, rules_of_town, township
from tests.story import DONE, Story, a_file

FRIDAY, LATER = date(2026, 3, 20), date(2026, 4, 10)


def due(story: Story, case_id: int) -> tuple[Any, Any]:
    """Return a case's deadline and the latest that it may have."""
    case = story.get(Case, case_id)
    return case.due_on, case.handed_due_on


def state(story: Story, case_id: int) -> str:
    return str(story.get(Case, case_id).state)


def working(story: Story, **form: Any) -> int:
    """Return a case of the county that the town works on, without a plan."""
    return parent(story, rect_class="immediate", **form)


def extend(story: Story, case_id: int, wanted: date, head: str = "head_t", supervisor: str = "supervisor") -> None:
    story.case(head, case_id, "ask_extension", reason="汛期", progress="过半", wanted_on=wanted)
    story.request(supervisor, case_id, "extension", "grant")


def test_child_is_a_case_of_the_towns_own(ready: Story) -> None:
    case_id = working(ready)
    child_id = handed_down(ready, case_id)
    child = ready.get(Case, child_id)
    assert (child.authority_id, child.state, child.title) == (ready.cast.units["T"], "reported", DOWN["title"])
    assert (child.handed_due_on, child.proposed_due_on) == (FRIDAY, DOWN["due_on"])
    assigned(ready, child_id)
    assert ready.get(Case, child_id).number == "2026-0001"
    assert due(ready, child_id) == (DOWN["due_on"], FRIDAY)


def test_citizen_named_in_what_is_handed_down_stays_out_of_texts_and_events(ready: Story) -> None:
    case_id = working(ready)
    child_id = handed_down(ready, case_id, text="请联系13912345678核实。")
    assert "13912345678" not in ready.get(Case, child_id).text
    assert "13912345678" in str(ready.newest(CaseSource, case_id=child_id).contact)
    with ready.cast.database.session(read_only=True) as session:
        events = list(session.scalars(select(Event).where(Event.case_id.in_((case_id, child_id)))))
    assert not [event.kind for event in events if "13912345678" in str(event.data)]


def test_only_a_unit_that_is_an_authority_hands_down(ready: Story) -> None:
    township(ready)
    case_id = ready.log()
    ready.assign(case_id, "A", rect_class="immediate")
    ready.case("liaison_a", case_id, "acknowledge")
    with pytest.raises(Refused, match="不是督办主体"):
        ready.part("head_a", case_id, "A", "hand_down", **DOWN)


def test_parent_is_reported_finished_only_when_its_children_are_closed(ready: Story) -> None:
    case_id = working(ready)
    first, second = handed_down(ready, case_id), handed_down(ready, case_id)
    assigned(ready, first)
    for words in ("一件（未编号）（已登记）还没有销号", "2026-0001（待签收）还没有销号"):
        with pytest.raises(Refused, match=words):
            ready.case("head_t", case_id, "report_finished", **DONE)
    closed(ready, first)
    with pytest.raises(Refused, match="还没有销号"):
        ready.case("head_t", case_id, "report_finished", **DONE)
    ready.case("supervisor_t", second, "reject", reason="与另一件重复")
    ready.case("head_t", case_id, "report_finished", **DONE)
    assert state(ready, case_id) == "submitted"


def test_assisting_unit_signs_off_when_its_own_children_are_closed(ready: Story) -> None:
    case_id = parent(ready, "A", "T", rect_class="immediate")
    ready.case("liaison_a", case_id, "acknowledge")
    child_id = handed_down(ready, case_id)
    with pytest.raises(Refused, match="还没有销号"):
        ready.part("head_t", case_id, "T", "finish", result="完成")
    assigned(ready, child_id)
    closed(ready, child_id)
    ready.part("head_t", case_id, "T", "finish", result="完成")
    ready.case("head_a", case_id, "report_finished", **DONE)


def test_child_that_rebounds_holds_the_parent_up_at_the_gate(ready: Story) -> None:
    case_id = working(ready)
    child_id = handed_down(ready, case_id)
    assigned(ready, child_id)
    closed(ready, child_id)
    ready.case("head_t", case_id, "report_finished", **DONE)
    ready.case("inspector_t", child_id, "ask_rebound", reason="又有垃圾", basis="回头看")
    ready.case("supervisor_t", child_id, "rebound", due_on=DOWN["due_on"])
    with ready.cast.database.session(read_only=True) as session:
        missing = missing_for_closure(session, session.get_one(Case, case_id))
    assert "下级转办的2026-0001（整改中）还没有销号" in missing


def test_child_is_never_later_than_its_parent(ready: Story) -> None:
    case_id = working(ready)
    with pytest.raises(Invalid, match="不能晚于本级的整改期限"):
        handed_down(ready, case_id, due_on=date(2026, 3, 23))
    child_id = handed_down(ready, case_id)
    with pytest.raises(Invalid, match="不能晚于上级期限 2026-03-20"):
        assigned(ready, child_id, "2026-03-23")
    ready.case("supervisor_t", child_id, "assign", **_assignment(ready, FRIDAY))
    with pytest.raises(Invalid, match="请先由本单位向上级申请延期"):
        ready.case("head_s", child_id, "ask_extension", reason="雨", progress="半", wanted_on=LATER)
    extend(ready, case_id, LATER)
    assert due(ready, child_id) == (FRIDAY, LATER)
    extend(ready, child_id, LATER, "head_s", "supervisor_t")
    assert due(ready, child_id) == (LATER, LATER)


def _assignment(story: Story, on: date) -> dict[str, Any]:
    return {"lead": story.cast.units["S"], "due_on": on, "standard": "无垃圾", "rect_class": "limited"}


def test_parent_that_becomes_due_earlier_brings_its_child_forward(ready: Story) -> None:
    case_id = working(ready)
    ready.case("head_t", case_id, "ask_long_term", reason="常年", stage_goal="清", wanted_on=LATER, expected_end=LATER)
    child_id = handed_down(ready, case_id, due_on=FRIDAY)
    assigned(ready, child_id, str(FRIDAY))
    earlier = date(2026, 3, 12)
    ready.case("supervisor", case_id, "make_long_term", due_on=earlier)
    assert due(ready, child_id) == (earlier, earlier)
    ready.case("inspector", case_id, "review_resume", reason="转入整改", due_on=LATER)
    assert due(ready, child_id) == (earlier, LATER)
    assert ready.newest(Event, case_id=child_id).kind == "case.bring_forward"


def test_terminated_parent_frees_its_child(ready: Story) -> None:
    case_id = working(ready)
    child_id = handed_down(ready, case_id)
    assigned(ready, child_id)
    ready.case("supervisor", case_id, "propose_terminate", reason="无法整改", leader=ready.cast.persons["leader"])
    ready.case("leader", case_id, "terminate")
    assert (state(ready, child_id), due(ready, child_id)) == ("assigned", (DOWN["due_on"], None))
    extend(ready, child_id, LATER, "head_s", "supervisor_t")
    assert due(ready, child_id) == (LATER, None)


def test_voided_parent_takes_its_open_children_along(ready: Story) -> None:
    case_id = working(ready)
    open_one, done = handed_down(ready, case_id), handed_down(ready, case_id)
    assigned(ready, open_one)
    assigned(ready, done)
    closed(ready, done)
    ready.case("supervisor", case_id, "propose_void", reason="误登", leader=ready.cast.persons["leader"])
    ready.case("leader", case_id, "void")
    assert (state(ready, open_one), state(ready, done)) == ("voided", "closed")


def test_child_of_a_merged_parent_belongs_to_what_it_was_merged_into(ready: Story) -> None:
    case_id, early, other = working(ready), working(ready, due_on="2026-03-16"), working(ready, due_on="2026-03-25")
    child_id = handed_down(ready, case_id)
    assigned(ready, child_id)
    before = due(ready, child_id)
    with pytest.raises(Invalid, match="晚于并入问题的期限 2026-03-16"):
        ready.case("supervisor", case_id, "merge", case=early, reason="同一问题")
    assert (state(ready, case_id), due(ready, child_id)) == ("rectifying", before)
    ready.case("supervisor", case_id, "merge", case=other, reason="同一问题")
    assert due(ready, child_id) == (before[0], date(2026, 3, 25))
    with pytest.raises(Refused, match="还没有销号"):
        ready.case("head_t", other, "report_finished", **DONE)
    ready.case("supervisor", case_id, "unmerge", reason="不是同一问题")
    assert due(ready, child_id) == before
    ready.case("head_t", other, "report_finished", **DONE)


def test_child_that_is_merged_is_as_far_as_the_other(ready: Story) -> None:
    case_id = working(ready)
    child_id = handed_down(ready, case_id)
    assigned(ready, child_id)
    late, other = (ready.log("inspector_t", title="镇里自己的") for _ in range(2))
    assigned(ready, late, "2026-03-27")
    assigned(ready, other, "2026-03-19")
    with pytest.raises(Invalid, match="期限不能晚于 2026-03-20"):
        ready.case("supervisor_t", child_id, "merge", case=late, reason="同一问题")
    ready.case("supervisor_t", child_id, "merge", case=other, reason="同一问题")
    assert due(ready, other) == (date(2026, 3, 19), FRIDAY)
    with pytest.raises(Refused, match="待签收"):
        ready.case("head_t", case_id, "report_finished", **DONE)
    closed(ready, other)
    ready.case("head_t", case_id, "report_finished", **DONE)
    other_two = working(ready)
    child_two = handed_down(ready, other_two)
    assigned(ready, child_two)
    ready.case("supervisor_t", child_two, "merge", case=late_enough(ready), reason="同一问题")
    ready.case("supervisor_t", child_two, "unmerge", reason="不是")
    assert due(ready, child_two) == (DOWN["due_on"], FRIDAY)


def late_enough(story: Story) -> int:
    """Return another case of the town with an earlier deadline."""
    case_id = story.log("inspector_t", title="镇里另一件")
    assigned(story, case_id, "2026-03-17")
    return case_id


def test_terminated_child_has_to_be_handed_down_anew(ready: Story) -> None:
    case_id = working(ready)
    child_id = handed_down(ready, case_id)
    assigned(ready, child_id)
    leader = ready.cast.persons["leader_t"]
    ready.case("supervisor_t", child_id, "propose_terminate", reason="无法整改", leader=leader)
    ready.case("leader_t", child_id, "terminate")
    with pytest.raises(Refused, match=r"已终止\(未整改\)，须重新转办"):
        ready.case("head_t", case_id, "report_finished", **DONE)
    again = handed_down(ready, case_id)
    assigned(ready, again)
    closed(ready, again)
    ready.case("head_t", case_id, "report_finished", **DONE)


def test_rebound_of_the_parent_reopens_its_children_and_is_charged_once(ready: Story) -> None:
    rules_of_town(township(ready))
    case_id = working(ready)
    child_id = handed_down(ready, case_id)
    assigned(ready, child_id)
    closed(ready, child_id)
    ready.part("liaison_t", case_id, "T", "attach", files=[a_file()])
    ready.case("head_t", case_id, "report_finished", **DONE)
    ready.verify(case_id)
    ready.case("supervisor", case_id, "accept")
    ready.case("supervisor", case_id, "close")
    assert due(ready, child_id)[1] is None
    ready.case("inspector", case_id, "ask_rebound", reason="又有垃圾", basis="回头看")
    ready.case("supervisor", case_id, "rebound", due_on=LATER)
    child = ready.get(Case, child_id)
    assert (child.state, child.cycle, child.due_on, child.handed_due_on) == ("rectifying", 2, LATER, LATER)
    with pytest.raises(Refused, match="还没有销号"):
        ready.case("head_t", case_id, "report_finished", **DONE)
    assert [(line[0], line[1]) for line in ready.entries() if line[0] == "rebound"] == [("rebound", "T")]


def test_deductions_of_a_child_belong_to_its_own_authority(ready: Story) -> None:
    rules_of_town(township(ready))
    case_id = working(ready)
    child_id = handed_down(ready, case_id, due_on=date(2026, 3, 12))
    assigned(ready, child_id, "2026-03-12")
    ready.daily("2026-03-14")
    town, county = ready.cast.units["T"], ready.cast.units["C"]
    lines = ready.lines(child_id)
    assert {(line.authority_id, line.unit_id) for line in lines} == {(town, ready.cast.units["S"])}
    assert sum((line.points for line in lines), Decimal(0)) < 0
    assert not [line for line in lines if line.rule == "found"]
    assert {line.authority_id for line in ready.lines(case_id)} == {county}
    assert [line.rule for line in ready.lines(case_id)] == ["found"]


def test_each_level_sees_its_own(ready: Story) -> None:
    case_id = working(ready)
    child_id = handed_down(ready, case_id)
    assigned(ready, child_id)
    with ready.cast.database.session(read_only=True) as session:
        for who, parent_seen, child_seen, told in (
            ("supervisor", True, False, 1),
            ("head_t", True, False, 1),
            ("supervisor_t", False, True, 0),
            ("head_s", False, True, 0),
            ("head_a", False, False, 0),
            ("outsider", False, False, 0),
        ):
            actor = ready.cast.actor(session, who)
            seen = set(session.scalars(visible(Case, actor).with_only_columns(Case.id)))
            assert (case_id in seen, child_id in seen) == (parent_seen, child_seen), who
            assert len(children_shown(session, actor, case_id)) == told, who
    with pytest.raises(Absent):
        ready.case("supervisor", child_id, "comment", reason="越级")
    with pytest.raises(Absent):
        ready.case("supervisor_t", case_id, "comment", reason="越级")


def test_unit_that_handed_down_is_told_of_the_end(ready: Story) -> None:
    case_id = working(ready)
    child_id = handed_down(ready, case_id)
    assigned(ready, child_id)
    closed(ready, child_id)
    with ready.cast.database.session(read_only=True) as session:
        told = session.scalars(select(Message).where(Message.kind == "child_ended")).one()
        assert (told.unit_id, told.case_id) == (ready.cast.units["T"], case_id)
        assert session.scalars(select(Request)).first() is None
