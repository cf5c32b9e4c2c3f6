"""Imports: what a dry run says, what taking over writes, and that the same file twice changes nothing."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, select

from app.audit import Event, broken_chains
from app.core.errors import Invalid, Refused, Stale
from app.ledgers.cases import Case, CaseSource
from app.ledgers.intake import ImportBatch
from app.people import Mandate, UnitAlias
from app.workflows import CASE, Attempt, Context
from app.workflows.intake import apply_import, begin_reading, judge_again, preview_import
from app.workflows.intake_names import match_units
from tests.databases import Databases
from tests.people import Cast
from tests.stock import ready_cast
from tests.story import Story
from tests.workflows import imports
from tests.workflows.imports import (
    DOUBTFUL,
    GOOD,
    SELF,
    UNKNOWN,
    cases,
    changed,
    choose,
    count,
    events,
    hand_in,
    ledger,
    messages,
    rows_of,
    take_over,
    verdicts,
)


@pytest.fixture
def cast(databases: Databases) -> Cast:
    return ready_cast(databases)


def test_dry_run_judges_each_row_and_writes_no_case(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger())
    assert verdicts(cast, batch_id) == ["new", "new", "new", "wrong", "wrong", "duplicate"]
    wrong = {row.serial: row.problems[0] for row in rows_of(cast, batch_id) if row.problems}
    assert wrong["4"] == {"column": "反馈时间", "reason": "2026年2月30日不存在"}
    assert wrong["5"]["column"] == "牵头单位"
    assert (count(cast, Case), count(cast, Event)) == (0, 0)


def test_good_rows_become_reported_cases_with_proposals(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger())
    assert take_over(cast, batch_id) == {"created": 2, "left": 4}
    first, second = cases(cast)
    assert [case.state for case in (first, second)] == ["reported", "reported"]
    assert (first.title, first.standard, first.found_on) == ("河道垃圾堆积，无人清理", "河道无垃圾", date(2026, 2, 2))
    assert (first.proposed_due_on, first.proposed_state) == (date(2026, 6, 30), "未完成")
    assert first.proposed_lead_id == cast.units["A"]
    assert first.proposed_assist == [cast.units["T"], cast.units["U"]]
    assert first.due_on is None
    assert first.lead_unit_id is None
    assert second.source_kind == "self"
    assert [one.actor_id for one in events(cast, "case.take_in")] == [cast.persons["supervisor"]] * 2
    assert [one.data["outcomes"] for one in events(cast, "import.applied")] == [{"created": 2, "left": 4}]


def test_same_file_twice_changes_nothing(cast: Cast) -> None:
    for expected in ({"created": 4, "left": 2}, {"known": 4, "left": 2}):
        batch_id = hand_in(cast, ledger())
        choose(cast, batch_id, *range(100))
        before = [(case.id, case.version) for case in cases(cast)]
        assert take_over(cast, batch_id) == expected
    assert [(case.id, case.version) for case in cases(cast)] == before
    assert verdicts(cast, batch_id) == ["unchanged", "unchanged", "unchanged", "wrong", "wrong", "unchanged"]
    assert len(events(cast, "case.take_in")) == 4
    assert not events(cast, "case.source_changed")


def test_two_previews_of_one_file_make_one_set_of_cases(cast: Cast) -> None:
    first, second = hand_in(cast, ledger(GOOD, SELF)), hand_in(cast, ledger(GOOD, SELF), "inspector")
    assert verdicts(cast, second) == ["new", "new"]
    assert take_over(cast, first) == {"created": 2}
    assert take_over(cast, second, who="inspector") == {"known": 2}
    assert count(cast, Case) == 2


def test_an_import_is_taken_over_once(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(GOOD))
    take_over(cast, batch_id)
    with pytest.raises(Refused, match="已经导入"):
        take_over(cast, batch_id)
    assert count(cast, Case) == 1


def test_stale_preview_is_not_applied(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger())
    choose(cast, batch_id, 5)
    with pytest.raises(Stale):
        take_over(cast, batch_id, version=1)
    assert count(cast, Case) == 0


def test_row_with_a_date_to_confirm_waits_for_a_person(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(GOOD, DOUBTFUL))
    assert [doubt["read_as"] for doubt in rows_of(cast, batch_id)[1].doubts] == ["2026-02-04", "2026-04-30"]
    choose(cast, batch_id, 4)
    assert take_over(cast, batch_id) == {"created": 2}
    doubtful = cases(cast)[1]
    assert doubtful.proposed_due_on == date(2026, 4, 30)
    with cast.database.session(read_only=True) as session:
        source = session.scalars(select(CaseSource).where(CaseSource.case_id == doubtful.id)).one()
        assert "待核对：整改时限“2026年4月底前”读作 2026-04-30" in source.text


def test_chosen_duplicate_is_a_case_of_its_own_and_known_again(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(GOOD, imports.TWICE))
    choose(cast, batch_id, 4)
    assert take_over(cast, batch_id) == {"created": 2}
    again = hand_in(cast, ledger(GOOD, imports.TWICE))
    assert verdicts(cast, again) == ["unchanged", "unchanged"]


def test_unknown_unit_is_matched_once_and_remembered(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(UNKNOWN))
    assert [one["said"] for one in rows_of(cast, batch_id)[0].unmatched] == ["县水务站"]
    with cast.begin("inspector") as (session, actor):
        context = Context(session, actor, cast.clock.now())
        batch = session.get_one(ImportBatch, batch_id)
        match_units(context, batch, 1, {"县水务站": cast.units["B"]})
        judge_again(context, batch)
    assert verdicts(cast, batch_id) == ["new"]
    assert verdicts(cast, hand_in(cast, ledger(UNKNOWN))) == ["new"]
    assert [one.data for one in events(cast, "import.unit_matched")] == [{"name": "县水务站", "unit": cast.units["B"]}]


def test_name_is_not_matched_with_a_unit_of_another_county(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(UNKNOWN))
    with cast.begin("supervisor") as (session, actor):
        context, batch = Context(session, actor, cast.clock.now()), session.get_one(ImportBatch, batch_id)
        with pytest.raises(Invalid):
            match_units(context, batch, 1, {"县水务站": cast.units["Y"]})
    assert count(cast, UnitAlias) == 0


def test_contact_of_a_citizen_stays_outside_the_chain(cast: Cast) -> None:
    row = ("A-1", "张三 13800000000", "路灯不亮", "2026/2/1 08:00:00", "村口路灯不亮三个月。", "城乡建设", 0, 5)
    batch_id = hand_in(cast, messages(row))
    assert rows_of(cast, batch_id)[0].contact == "张三 13800000000"
    take_over(cast, batch_id)
    with cast.database.session(read_only=True) as session:
        assert session.scalars(select(CaseSource.contact)).all() == ["张三 13800000000"]
        said = "".join(str(one.data) + str(one.reason) for one in session.scalars(select(Event)))
        assert not list(broken_chains(session))
    kept = rows_of(cast, batch_id)[0]
    assert "13800000000" not in said + str(kept.reading) + str(kept.facts) + str(kept.contact)


def test_message_is_known_by_the_number_of_its_source(cast: Cast) -> None:
    row = ("A-1", "张三", "路灯不亮", "2026/2/1 08:00:00", "村口路灯不亮三个月。", "城乡建设", 0, 5)
    take_over(cast, hand_in(cast, messages(row)))
    assert verdicts(cast, hand_in(cast, messages(changed(row, c4="村口路灯不亮四个月。")))) == ["changed"]
    assert verdicts(cast, hand_in(cast, messages(changed(row, c1="另一个网名")))) == ["unchanged"]


def test_message_is_known_again_by_a_number_that_holds_a_telephone(cast: Cast) -> None:
    row = ("热线13800001111", "张三", "路灯不亮", "2026/2/1 08:00:00", "村口路灯不亮三个月。", "城乡建设", 0, 5)
    take_over(cast, hand_in(cast, messages(row)))
    with cast.database.session(read_only=True) as session:
        kept = session.execute(select(CaseSource.reference, CaseSource.contact)).one()
    assert tuple(kept) == ("热线［电话已隐去］", "张三；13800001111")
    again = hand_in(cast, messages(row))
    assert verdicts(cast, again) == ["unchanged"]
    assert "13800001111" not in str(rows_of(cast, again)[0].facts)


def test_problem_of_tomorrow_is_wrong(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(changed(GOOD, c6="2026年3月3日")))
    assert rows_of(cast, batch_id)[0].problems == [{"column": "反馈时间", "reason": "反馈日期不能晚于今天。"}]


def test_another_county_does_not_know_the_row_and_does_not_see_the_import(cast: Cast) -> None:
    batch_id = hand_in(cast, messages(("A-1", "", "路灯", "2026/2/1", "路灯不亮", "", 0, 0)))
    take_over(cast, batch_id)
    other = hand_in(cast, messages(("A-1", "", "路灯", "2026/2/1", "路灯不亮", "", 0, 0)), "outsider")
    assert verdicts(cast, other) == ["new"]
    with pytest.raises(Exception, match="No row"):
        take_over(cast, batch_id, who="outsider")


def test_lost_mandate_takes_nothing_over(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(GOOD))
    with cast.database.begin() as session:
        mandate = session.scalars(select(Mandate).where(Mandate.person_id == cast.persons["supervisor"])).one()
        mandate.ends_on = date(2026, 3, 1)
    with cast.database.begin() as session:
        actor = cast.actor(session, "supervisor")
        context = Context(session, actor, cast.clock.now())
        with pytest.raises(Refused, match="没有这项任职"):
            apply_import(context, session.get_one(ImportBatch, batch_id), 1)
    assert count(cast, Case) == 0


def test_only_one_file_is_read_for_a_person_at_a_time(cast: Cast) -> None:
    layout = ledger(GOOD).layout
    for who, refused in (("supervisor", False), ("supervisor", True), ("inspector", False), ("inspector2", True)):
        with cast.begin(who) as (session, actor):
            context = Context(session, actor, cast.clock.now())
            if refused:
                with pytest.raises(Refused, match="读取，请"):
                    begin_reading(context, cast.units["C"], layout, "一.xlsx")
            else:
                begin_reading(context, cast.units["C"], layout, "一.xlsx")


def test_failure_in_the_middle_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    batch_id = hand_in(cast, ledger(GOOD, SELF))
    calls: list[object] = []

    def fails_at_the_second(**values: Any) -> CaseSource:
        calls.append(values)
        if len(calls) == 2:
            raise RuntimeError("power cut")
        return CaseSource(**values)

    monkeypatch.setattr("app.workflows.case_effects.CaseSource", fails_at_the_second)
    with pytest.raises(RuntimeError):
        take_over(cast, batch_id)
    assert (count(cast, Case), len(events(cast, "case.take_in"))) == (0, 0)
    assert rows_of(cast, batch_id)[0].outcome is None


def test_each_row_costs_a_handful_of_statements(cast: Cast) -> None:
    rows = [(f"N-{n}", "某人", f"标题{n}", "2026/2/1", f"第{n}件事。" * 40, "城建", 0, n) for n in range(300)]
    batch_id = hand_in(cast, messages(*rows))
    said: list[str] = []

    def listen(*args: Any) -> None:
        said.append(args[2])

    event.listen(cast.database.engine, "before_cursor_execute", listen)
    assert take_over(cast, batch_id) == {"created": 300}
    event.remove(cast.database.engine, "before_cursor_execute", listen)
    assert len(said) < 300 * 7


def test_supervisor_is_offered_what_the_file_proposes(cast: Cast) -> None:
    take_over(cast, hand_in(cast, ledger(GOOD)))
    case_id = cases(cast)[0].id
    Story(cast).case("supervisor", case_id, "admit")
    with cast.begin("supervisor") as (session, actor):
        case = session.get_one(Case, case_id)
        transition = CASE.find("assign", case.state, case)
        assert transition.offer is not None
        offered = transition.offer(
            Attempt(Context(session, actor, cast.clock.now()), CASE, transition, case, case=case)
        )
    assert (offered["lead"], offered["due_on"], offered["standard"]) == (
        cast.units["A"],
        date(2026, 6, 30),
        "河道无垃圾",
    )


def test_preview_can_be_made_again_from_what_was_kept(cast: Cast) -> None:
    with cast.begin("supervisor") as (session, actor):
        context = Context(session, actor, cast.clock.now())
        reading = ledger()
        batch = begin_reading(context, cast.units["C"], reading.layout, "台账.xlsx")
        first = preview_import(context, batch, reading, imports.FILE)
        again = judge_again(context, batch)
    assert [(one.verdict, one.identity, one.facts) for one in again] == [
        (one.verdict, one.identity, one.facts) for one in first
    ]
