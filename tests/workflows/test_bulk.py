"""Bulk acts make the very moves that are made one by one: each act once, on what fits and on what does not."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.core.clock import SetClock
from app.core.errors import Absent, Refused
from app.ledgers.bulk import BulkItem, BulkRun
from app.ledgers.cases import Assignment, Case, Request
from app.people import Mandate
from app.workflows import Context
from app.workflows.bulk import choose, start
from app.workflows.bulk_acts import ACTS
from app.workflows.bulk_working import MOST_ATTEMPTS, work_next, work_off
from tests.people import mandate_of
from tests.story import Story
from tests.workflows import paths
from tests.workflows.paths import brought_to

LATER = date(2026, 4, 20)
EXTENSION: dict[str, Any] = {"reason": "汛期", "progress": "过半", "wanted_on": LATER}


def run(story: Story, who: str, act: str, case_ids: list[int], **form: Any) -> list[tuple[int, str | None, str]]:
    """Choose, confirm and work off; return what became of each case."""
    wait(story, who, act, case_ids, **form)
    hand = work_next(story.cast.database, story.cast.clock, "test")
    assert hand is not None
    work_off(hand)
    with story.cast.database.session(read_only=True) as session:
        query = select(BulkItem.case_id, BulkItem.outcome, BulkItem.said).where(BulkItem.run_id == hand.run_id)
        return [tuple(row) for row in session.execute(query.order_by(BulkItem.id))]  # type: ignore[misc]


def wait(story: Story, who: str, act: str, case_ids: list[int], **form: Any) -> None:
    """Choose and confirm; the run waits."""
    seen = {case_id: story.get(Case, case_id).version for case_id in case_ids}
    with story.cast.begin(who) as (session, actor):
        context = Context(session, actor, story.cast.clock.now())
        start(context, choose(context, act, seen), form)


def states(story: Story, case_ids: list[int]) -> list[str]:
    return [story.get(Case, case_id).state for case_id in case_ids]


def test_each_act_is_a_move_of_a_table() -> None:
    assert set(ACTS) == {
        "admit",
        "assign",
        "accept",
        "remind",
        "ask_progress",
        "extend",
        "ask_extension",
        "merge",
        "unmerge",
        "tag",
        "untag",
    }
    for act in ACTS.values():
        assert act.form.name in {row.name for row in act.workflow.transitions}


def test_many_are_admitted_and_assigned(ready: Story) -> None:
    cases = [brought_to(ready, "reported") for _ in range(3)]
    assert [outcome for _, outcome, _ in run(ready, "supervisor", "admit", cases)] == ["done"] * 3
    assert len({ready.get(Case, case_id).number for case_id in cases}) == 3
    units = ready.cast.units
    form = {"lead": units["A"], "assist": [units["B"]], "rect_class": "limited", "due_on": LATER, "standard": "清理"}
    found = run(ready, "supervisor", "assign", [*cases, brought_to(ready, "reported")], **form)
    assert [outcome for _, outcome, _ in found] == ["done", "done", "done", "refused"]
    assert "当前状态为“已登记”，不能办理“交办”" in found[3][2]
    assert states(ready, cases) == ["assigned"] * 3
    assert ready.get(Case, cases[0]).due_on == LATER


def test_what_the_form_leaves_blank_each_case_brings_itself(ready: Story) -> None:
    cases, units = [brought_to(ready, "ledgered") for _ in range(3)], ready.cast.units
    with ready.cast.database.begin() as session:
        for case_id, code in zip(cases[:2], "AB", strict=True):
            row = session.get_one(Case, case_id)
            row.proposed_lead_id, row.proposed_class, row.standard = units[code], "limited", "清理"
    found = run(ready, "supervisor", "assign", cases, due_on=LATER)
    assert [outcome for _, outcome, _ in found] == ["done", "done", "refused"]
    assert found[2][2] == "请选择或填写牵头单位；请选择或填写整改类别；请填写验收标准。"
    assert [ready.get(Case, case_id).lead_unit_id for case_id in cases[:2]] == [units["A"], units["B"]]


def test_assisting_units_come_from_each_ledger_where_none_are_ticked(ready: Story) -> None:
    cases, units = [brought_to(ready, "ledgered") for _ in range(3)], ready.cast.units
    with ready.cast.database.begin() as session:
        for case_id in cases:
            row = session.get_one(Case, case_id)
            row.proposed_lead_id, row.standard = units["A"], "清理"
            row.proposed_assist = [units[code] for code in "BTU"]
    form = {"rect_class": "limited", "due_on": LATER, "assist": []}
    run(ready, "supervisor", "assign", cases[:1], **form)
    run(ready, "supervisor", "assign", cases[1:2], **{**form, "lead": units["T"]})
    run(ready, "supervisor", "assign", cases[2:], **{**form, "assist": [units["U"]]})
    assert [_assisting(ready, case_id) for case_id in cases] == ["BTU", "BU", "U"]


def _assisting(story: Story, case_id: int) -> str:
    codes = {unit_id: code for code, unit_id in story.cast.units.items()}
    with story.cast.database.session(read_only=True) as session:
        query = select(Assignment.unit_id).where(Assignment.case_id == case_id, Assignment.role == "assist")
        return "".join(sorted(codes[unit_id] for unit_id in session.scalars(query)))


def test_extensions_that_wait_are_granted_each_to_its_own_date(ready: Story) -> None:
    cases = [brought_to(ready, "rectifying") for _ in range(3)]
    ready.case("head_a", cases[0], "ask_extension", **EXTENSION)
    ready.case("liaison_a", cases[1], "ask_extension", **EXTENSION)
    found = run(ready, "supervisor", "extend", cases)
    assert [(outcome, said) for _, outcome, said in found] == [
        ("done", ""),
        ("refused", "没有待决定的延期申请。"),
        ("refused", "没有待决定的延期申请。"),
    ]
    assert ready.get(Case, cases[0]).due_on == LATER
    assert run(ready, "head_a", "ask_extension", [cases[2]], **EXTENSION)[0][1] == "done"
    assert ready.newest(Request, case_id=cases[2]).state == "asked"


def test_nobody_is_pressed_twice_a_day_nor_who_is_done(ready: Story) -> None:
    case_id = brought_to(ready, "rectifying")
    assert run(ready, "inspector", "ask_progress", [case_id], report_by=LATER)[0][1] == "done"
    again = run(ready, "supervisor", "ask_progress", [case_id])
    assert again[0][1:] == ("refused", "今天已经催报过，同一件每天只催报一次。请明天再办。")
    assert run(ready, "supervisor", "remind", [case_id])[0][1] == "done"
    ready.cast.at("2026-03-03")
    assert run(ready, "supervisor", "ask_progress", [case_id])[0][1] == "done"
    with ready.cast.database.begin() as session:
        for part in session.scalars(select(Assignment).where(Assignment.case_id == case_id)):
            part.state = "done"
    assert "都已完成" in run(ready, "supervisor", "remind", [case_id])[0][2]


def test_many_are_merged_into_one(ready: Story) -> None:
    cases = [brought_to(ready, "assigned") for _ in range(3)]
    found = run(ready, "supervisor", "merge", cases, case=cases[0], reason="同一问题")
    assert [outcome for _, outcome, _ in found] == ["refused", "done", "done"]
    assert states(ready, cases) == ["assigned", "merged", "merged"]


def test_acceptance_asks_the_closure_gate_of_each(ready: Story) -> None:
    good, bad = brought_to(ready, "verified"), brought_to(ready, "rectifying")
    found = run(ready, "supervisor", "accept", [good, bad])
    assert [outcome for _, outcome, _ in found] == ["done", "refused"]
    assert states(ready, [good, bad]) == ["accepted", "rectifying"]


def test_mandate_that_ends_meanwhile_moves_nothing_more(ready: Story) -> None:
    cases = [brought_to(ready, "assigned") for _ in range(2)]
    wait(ready, "supervisor", "tag", cases, tags="重点")
    with ready.cast.database.begin() as session:
        mandate: Mandate = mandate_of(session, ready.cast.persons["supervisor"])
        mandate.ends_on = date(2026, 3, 1)
    hand = work_next(ready.cast.database, ready.cast.clock, "test")
    assert hand is not None
    work_off(hand)
    with ready.cast.database.session(read_only=True) as session:
        rows = list(session.execute(select(BulkItem.outcome, BulkItem.said)))
    assert [outcome for outcome, _ in rows] == ["refused"] * 2
    assert "没有找到，或者您无权查看" in rows[0][1]


def test_run_without_progress_is_given_up(ready: Story) -> None:
    wait(ready, "supervisor", "tag", [paths.brought_to(ready, "assigned")], tags="重点")
    clock = ready.cast.clock
    assert isinstance(clock, SetClock)
    for hour in range(MOST_ATTEMPTS):
        ready.cast.at("2026-03-02", hour=10 + hour)
        assert work_next(ready.cast.database, clock, f"w{hour}") is not None
    ready.cast.at("2026-03-02", hour=20)
    hand = work_next(ready.cast.database, clock, "last")
    assert hand is not None
    work_off(hand)
    run_row = ready.newest(BulkRun)
    assert (run_row.state, run_row.done) == ("failed", 0)
    assert "没有进展" in run_row.note


def test_unit_moves_only_what_it_leads(ready: Story) -> None:
    mine, foreign = brought_to(ready, "rectifying"), ready.log("outsider", title="邻县")
    with pytest.raises(Absent):
        run(ready, "head_a", "ask_extension", [mine, foreign], **EXTENSION)
    with pytest.raises(Refused):
        run(ready, "head_a", "tag", [mine], tags="重点")
    found = run(ready, "head_b", "ask_extension", [mine], **EXTENSION)
    assert found[0][1] == "refused"
    assert "须由" in found[0][2]
