"""What the life of a case demands beyond who moves it: the gate, the limits, what is undone and what is kept."""

from datetime import date
from decimal import Decimal

import pytest

from app.audit import Event
from app.core.errors import Invalid, Refused
from app.ledgers.cases import Assignment, Case, CaseSource, Deadline, Listing, Plan
from app.people import Parameter
from app.workflows import PLAN, missing_for_closure
from tests.story import DONE, Story
from tests.workflows import paths
from tests.workflows.paths import LATER, brought_to


def gate(story: Story, case_id: int) -> list[str]:
    """Return what the closure gate lists."""
    with story.cast.database.session(read_only=True) as session:
        return missing_for_closure(session, session.get_one(Case, case_id))


def test_gate_lists_everything_that_is_missing_and_opens_when_nothing_is(ready: Story) -> None:
    case_id = brought_to(ready, "rectifying", is_systemic=True)
    said = "；".join(gate(ready, case_id))
    for missing in ("第 1 项整改措施没有完成", "整改结果", "举一反三", "长效机制", "一级核查记录"):
        assert missing in said
    measure = ready.measure(case_id)
    ready.part("liaison_a", case_id, "A", "report_progress", text="清完", measure=measure, measure_done=True)
    assert "第 1 项整改措施没有佐证材料" in gate(ready, case_id)
    ready.part("liaison_a", case_id, "A", "attach", files=paths.files(), measure=measure)
    ready.object("head_a", case_id, "A", paths.entry_ids(ready, case_id, "A"), about_fact=True)
    ready.part("head_b", case_id, "B", "finish", result="完成")
    ready.finish(case_id)
    ready.verify(case_id)
    assert gate(ready, case_id) == ["系统性问题没有说明长效机制", "有对事实的申辩尚未裁定"]
    with pytest.raises(Refused, match="长效机制；有对事实的申辩"):
        ready.case("supervisor", case_id, "accept")
    ready.case("supervisor", case_id, "send_back", reason="补长效机制", parts=[ready.cast.units["A"]])
    ready.case("head_a", case_id, "report_finished", **DONE, mechanism="河长周巡")
    ready.decide_objection("uphold")
    ready.verify(case_id)
    assert gate(ready, case_id) == []


def test_open_extension_closes_the_gate_and_bars_the_report(ready: Story) -> None:
    case_id = paths.extension(ready)
    assert "有延期申请尚未决定" in gate(ready, case_id)
    ready.do_measure(case_id)
    ready.part("head_b", case_id, "B", "finish", result="完成")
    with pytest.raises(Refused, match="延期申请"):
        ready.finish(case_id)


def test_report_waits_for_every_part(ready: Story) -> None:
    case_id = brought_to(ready, "rectifying")
    with pytest.raises(Refused, match="还有 1 个配合单位"):
        ready.finish(case_id)


def test_measure_of_another_unit_or_case_is_not_ones_own(ready: Story) -> None:
    mine, other = brought_to(ready, "rectifying"), brought_to(ready, "rectifying")
    for who, unit, measure in (("liaison_a", "A", ready.measure(other)), ("liaison_b", "B", ready.measure(mine))):
        with pytest.raises(Invalid) as invalid:
            ready.part(who, mine, unit, "attach", files=paths.files(), measure=measure)
        assert list(invalid.value.errors) == ["measure"]


def test_extension_is_asked_until_the_end_of_the_deadline_day(ready: Story) -> None:
    case_id = brought_to(ready, "rectifying")
    ready.cast.at("2026-03-21")
    with pytest.raises(Refused, match="逾期后不再受理"):
        ready.case("head_a", case_id, "ask_extension", **paths.extension_form(ready))
    ready.cast.at("2026-03-20", hour=23)
    ready.case("liaison_a", case_id, "ask_extension", **paths.extension_form(ready))
    ready.cast.at("2026-03-21")
    with pytest.raises(Refused, match="逾期后不再受理"):
        ready.request("head_a", case_id, "extension", "approve")


def test_extension_granted_keeps_the_original_deadline_and_counts(ready: Story) -> None:
    case_id = paths.extension(ready)
    with pytest.raises(Invalid) as invalid:
        ready.request("supervisor", case_id, "extension", "grant", due_on=date(2026, 3, 19))
    assert list(invalid.value.errors) == ["due_on"]
    ready.request("supervisor", case_id, "extension", "grant", due_on=date(2026, 4, 18), reason="汛期未过")
    case = ready.get(Case, case_id)
    assert (case.original_due_on, case.due_on, case.extension_count) == (date(2026, 3, 20), date(2026, 4, 20), 1)
    assert ready.newest(Deadline, case_id=case_id).stated_on == date(2026, 4, 18)


def test_extension_of_a_case_that_ended_is_not_granted(ready: Story) -> None:
    case_id = paths.extension(ready)
    ready.case("supervisor", case_id, "merge", case=brought_to(ready, "reported"), reason="同一问题")
    with pytest.raises(Refused, match="已经结束"):
        ready.request("supervisor", case_id, "extension", "grant")


def test_part_is_disputed_once_and_within_two_working_days(ready: Story) -> None:
    case_id = paths.disputed(ready)
    ready.request("supervisor", case_id, "return_assignment", "refuse", reason="职责明确")
    with pytest.raises(Refused, match="不能再次申请"):
        ready.part("head_a", case_id, "A", "dispute", reason="还是不归我们")
    ready.cast.at("2026-03-04")
    ready.part("head_b", case_id, "B", "dispute", reason="不归我们")
    late = brought_to(ready, "assigned")
    ready.cast.at("2026-03-07")
    with pytest.raises(Refused, match="已超过期限"):
        ready.part("head_a", late, "A", "dispute", reason="不归我们")


def test_return_granted_gives_another_unit_a_part_a_deadline_and_a_plan_of_its_own(ready: Story) -> None:
    case_id = brought_to(ready, "approved")
    ready.part("head_a", case_id, "A", "dispute", reason="不归我们")
    for unit in ("A", "B"):
        with pytest.raises(Invalid):
            ready.case("supervisor", case_id, "grant_return", lead=ready.cast.units[unit], due_on=LATER)
    assert [points for rule, *_, points, _ in ready.entries("A") if rule == "found"] != []
    ready.case("supervisor", case_id, "grant_return", lead=ready.cast.units["T"], due_on=LATER)
    assert (ready.total("A"), ready.total("T")[1] < 0) == ((Decimal(0), Decimal(0)), True)
    case = ready.get(Case, case_id)
    assert (case.state, case.due_on, case.lead_unit_id) == ("assigned", LATER, ready.cast.units["T"])
    ready.case("liaison_t", case_id, "acknowledge")
    with pytest.raises(Refused, match="审定"):
        ready.case("supervisor", case_id, "pass_plan")
    ready.case("liaison_t", case_id, "draft_plan", **paths.plan_form(ready))
    ready.move("head_t", PLAN, ready.newest(Plan, case_id=case_id).id, "approve")
    ready.case("supervisor", case_id, "pass_plan")


def test_lead_does_not_sign_while_it_disputes_but_is_not_held_up_by_others(ready: Story) -> None:
    with pytest.raises(Refused, match="已申请退回"):
        ready.case("liaison_a", paths.disputed(ready), "acknowledge")
    ready.case("liaison_a", paths.disputed(ready, "B"), "acknowledge")


def test_correction_keeps_the_old_value_in_its_event(ready: Story) -> None:
    case_id = brought_to(ready, "assigned")
    ready.case("supervisor", case_id, "correct", title="河道淤积", reason="笔误")
    event = ready.newest(Event, case_id=case_id)
    assert (event.data["before"], event.data["title"]) == ({"title": "河道垃圾堆积"}, "河道淤积")


def test_merge_leads_everything_to_the_other_case_and_is_undone_in_order(ready: Story) -> None:
    first, second, third = (brought_to(ready, "assigned", discovery=found) for found in ("city", "county", "county"))
    ready.case("supervisor", first, "merge", case=second, reason="同一问题")
    assert ready.get(Case, first).merged_into_id == second
    assert ready.newest(Listing, case_id=first).reason == "merged"
    with pytest.raises(Invalid):
        ready.case("supervisor", second, "merge", case=first, reason="并入已并案的")
    ready.case("supervisor", second, "merge", case=third, reason="同一问题")
    with pytest.raises(Refused, match="先撤销"):
        ready.case("supervisor", first, "unmerge", reason="不是同一问题")
    ready.case("supervisor", second, "unmerge", reason="不是同一问题")
    ready.case("supervisor", first, "unmerge", reason="不是同一问题")
    assert [ready.get(Case, case_id).state for case_id in (first, second)] == ["assigned", "assigned"]
    assert ready.newest(CaseSource, case_id=second).withdrawn_event_id is not None


def test_deadline_already_past_is_confirmed_or_changed(ready: Story) -> None:
    case_id, past = brought_to(ready, "ledgered"), date(2026, 2, 27)
    with pytest.raises(Invalid) as invalid:
        ready.case("supervisor", case_id, "assign", **paths.assignment(ready, due_on=past))
    assert list(invalid.value.errors) == ["due_on"]
    ready.case("supervisor", case_id, "assign", **paths.assignment(ready, due_on=past, confirm_past=True))
    assert ready.entries("A")[0][0] == "found"
    assert not [entry for entry in ready.entries("A") if entry[0] == "overdue"]


def test_public_notice_runs_before_the_close(ready: Story) -> None:
    case_id = brought_to(ready, "accepted")
    ready.case("supervisor", case_id, "publish", days=3)
    ready.cast.at("2026-03-05")
    with pytest.raises(Refused, match="公示到 2026-03-05"):
        ready.case("supervisor", case_id, "close")
    ready.cast.at("2026-03-06")
    ready.case("supervisor", case_id, "close")


def test_limits_are_parameters_of_the_office(ready: Story) -> None:
    with ready.cast.database.begin() as session:
        county = ready.cast.units["C"]
        session.add(Parameter(authority_id=county, name="return_assignment_days", value="5"))
        session.add(Parameter(authority_id=county, name="receipt_days", value="4"))
    case_id = brought_to(ready, "assigned")
    assert ready.newest(Assignment, case_id=case_id).receipt_due_on == date(2026, 3, 6)
    ready.cast.at("2026-03-09")
    ready.part("head_a", case_id, "A", "dispute", reason="不归我们")
