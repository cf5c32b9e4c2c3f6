"""Wrong rows put right on the page: read as the file is, kept even while wrong, and the other rows untouched."""

from collections.abc import Mapping

import pytest

from app.core.db import Database
from app.core.errors import Invalid, Refused
from app.ledgers.intake import ImportBatch, find_layout
from app.workflows import Context
from app.workflows.intake import judge_again
from app.workflows.intake_correcting import Corrected, Typed, cells_of, correct_rows, digest_of
from tests.people import Cast, make_cast
from tests.workflows.imports import (
    DOUBTFUL,
    GOOD,
    IMPOSSIBLE,
    SELF,
    UNKNOWN,
    cases,
    changed,
    choose,
    events,
    hand_in,
    ledger,
    messages,
    rows_of,
    take_over,
    verdicts,
)

LAYOUT = find_layout("整改台账")


@pytest.fixture
def cast(database: Database) -> Cast:
    return make_cast(database, "2026-03-02")


def correct(
    cast: Cast, batch_id: int, cells: Mapping[int, dict[str, str]], who: str = "inspector", seen: str | None = None
) -> Corrected:
    """Type into cells, by row number and field, and judge the file again."""
    now = {row.number: digest_of(cells_of(row, LAYOUT)) for row in rows_of(cast, batch_id)}
    with cast.begin(who) as (session, actor):
        context, batch = Context(session, actor, cast.clock.now()), session.get_one(ImportBatch, batch_id)
        typed = {number: Typed(seen or now[number], words) for number, words in cells.items()}
        done = correct_rows(context, batch, typed)
        judge_again(context, batch)
        return done


def numbers(cast: Cast, batch_id: int) -> list[int]:
    return [row.number for row in rows_of(cast, batch_id)]


def test_wrong_rows_become_good_ones_and_the_others_stay_as_they_were(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(GOOD, IMPOSSIBLE, UNKNOWN, SELF))
    good, impossible, unknown, own = numbers(cast, batch_id)
    before = {row.number: row.facts for row in rows_of(cast, batch_id)}
    done = correct(cast, batch_id, {impossible: {"found_on": "2026年2月28日"}, unknown: {"lead": "县水利局"}})
    assert done.changed == [impossible, unknown]
    assert verdicts(cast, batch_id) == ["new"] * 4
    after = {row.number: row.facts for row in rows_of(cast, batch_id)}
    assert (after[good], after[own]) == (before[good], before[own])
    assert take_over(cast, batch_id) == {"created": 4}
    assert sorted(str(case.found_on) for case in cases(cast)) == [
        "2026-02-02",
        "2026-02-03",
        "2026-02-05",
        "2026-02-28",
    ]


def test_what_was_typed_is_kept_while_it_is_still_wrong(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(GOOD, IMPOSSIBLE))
    wrong = numbers(cast, batch_id)[1]
    correct(cast, batch_id, {wrong: {"found_on": "2026年2月31日"}})
    row = rows_of(cast, batch_id)[1]
    assert (row.verdict, row.typed) == ("wrong", {"found_on": "2026年2月31日"})
    assert row.problems == [{"column": "反馈时间", "reason": "2026年2月31日不存在"}]
    assert cells_of(row, LAYOUT)["found_on"] == "2026年2月31日"


def test_typed_date_that_is_partial_is_to_be_confirmed(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(changed(GOOD, c7="2026年4月31日")))
    (wrong,) = numbers(cast, batch_id)
    assert verdicts(cast, batch_id) == ["wrong"]
    correct(cast, batch_id, {wrong: {"due_on": "2026年底之前"}})
    (row,) = rows_of(cast, batch_id)
    assert (row.verdict, row.is_doubtful, row.doubts[0]["read_as"]) == ("new", True, "2026-12-31")
    assert take_over(cast, batch_id) == {"left": 1}


def test_a_confirmed_row_that_is_changed_is_to_be_confirmed_again(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(DOUBTFUL))
    (number,) = numbers(cast, batch_id)
    choose(cast, batch_id, number)
    correct(cast, batch_id, {number: {"due_on": "到2027年"}})
    assert not rows_of(cast, batch_id)[0].is_chosen


def test_the_same_words_change_nothing_and_leave_no_event(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(GOOD, IMPOSSIBLE))
    good, wrong = rows_of(cast, batch_id)
    done = correct(cast, batch_id, {good.number: cells_of(good, LAYOUT), wrong.number: cells_of(wrong, LAYOUT)})
    assert done == Corrected()
    assert not events(cast, "import.rows_corrected")


def test_every_cell_reads_the_same_again(cast: Cast) -> None:
    rows = [changed(GOOD, c7=2026.1), changed(DOUBTFUL, c7=2026.4), SELF, UNKNOWN]
    batch_id = hand_in(cast, ledger(*rows))
    before = [(row.verdict, row.problems, row.doubts, row.facts) for row in rows_of(cast, batch_id)]
    assert "可能是1月，也可能是10月" in str(before[0])
    correct(cast, batch_id, {row.number: {"remark": "核过"} for row in rows_of(cast, batch_id)})
    after = [(row.verdict, row.problems, row.doubts, row.facts) for row in rows_of(cast, batch_id)]
    assert [(verdict, problems, doubts) for verdict, problems, doubts, _ in after] == [
        (verdict, problems, doubts) for verdict, problems, doubts, _ in before
    ]
    assert [facts | {"remark": "核过"} for _, _, _, facts in before] == [facts for _, _, _, facts in after]


def test_row_that_somebody_else_changed_meanwhile_is_not_overwritten_and_nothing_else_is(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(IMPOSSIBLE, UNKNOWN))
    first, second = numbers(cast, batch_id)
    stale = digest_of(cells_of(rows_of(cast, batch_id)[0], LAYOUT))
    correct(cast, batch_id, {first: {"found_on": "2026年2月27日"}})
    done = correct(cast, batch_id, {first: {"found_on": "2026年2月28日"}}, "supervisor", stale)
    assert (done.overtaken, done.changed) == ([first], [])
    assert rows_of(cast, batch_id)[0].typed == {"found_on": "2026年2月27日"}
    assert verdicts(cast, batch_id) == ["new", "wrong"]
    assert second


def test_a_correction_is_on_record_with_the_old_words_and_no_contact(cast: Cast) -> None:
    layout = find_layout("网络问政")
    batch_id = hand_in(cast, messages(("A-1", "张三 13800000000", "路灯", "2026年2月30日", "路灯不亮。", "", 0, 0)))
    (row,) = rows_of(cast, batch_id)
    with cast.begin("inspector") as (session, actor):
        context, batch = Context(session, actor, cast.clock.now()), session.get_one(ImportBatch, batch_id)
        typed = Typed(digest_of(cells_of(row, layout)), {"found_on": "2026年2月28日", "contact": "李四 13900000000"})
        correct_rows(context, batch, {row.number: typed})
        judge_again(context, batch)
    (event,) = events(cast, "import.rows_corrected")
    assert event.data["rows"] == {str(row.number): {"留言时间": ["2026年2月30日", "2026年2月28日"]}}
    (row,) = rows_of(cast, batch_id)
    assert (row.contact, row.verdict) == ("李四 13900000000", "new")
    assert "139" not in str(row.typed) + str(row.reading)


def test_applied_file_and_endless_cells_are_refused(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(GOOD, IMPOSSIBLE))
    wrong = numbers(cast, batch_id)[1]
    with pytest.raises(Invalid):
        correct(cast, batch_id, {wrong: {"text": "长" * 20_001}})
    take_over(cast, batch_id)
    with cast.begin("inspector") as (session, actor):
        context, batch = Context(session, actor, cast.clock.now()), session.get_one(ImportBatch, batch_id)
        with pytest.raises(Refused, match="已经导入"):
            correct_rows(context, batch, {wrong: Typed("", {"text": "改"})})


@pytest.mark.parametrize(
    ("state", "said"),
    [("reading", "还在读取"), ("refused", "未能读取"), ("reversed", "已经导入又撤销"), ("expired", "已经清除")],
)
def test_closed_batch_says_what_is_true_of_it(cast: Cast, state: str, said: str) -> None:
    batch_id = hand_in(cast, ledger(GOOD, IMPOSSIBLE))
    with cast.begin("inspector") as (session, actor):
        batch = session.get_one(ImportBatch, batch_id)
        batch.state = state
        with pytest.raises(Refused, match=said):
            correct_rows(Context(session, actor, cast.clock.now()), batch, {1: Typed("", {"text": "改"})})


def test_only_cells_of_the_layout_can_be_typed_into(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(IMPOSSIBLE))
    (number,) = numbers(cast, batch_id)
    done = correct(cast, batch_id, {number: {"source_kind": "self", "case_id": "1", "verdict": "new"}})
    assert done == Corrected()


def test_what_tells_who_a_citizen_is_stays_out_of_the_record_of_a_correction(cast: Cast) -> None:
    row = ("A-1", "赵铁柱 13912345678", "反映垃圾", "2026/2/1 08:00:00", "垃圾无人清理", "城乡建设", 0, 5)
    batch_id = hand_in(cast, messages(row))
    (number,) = numbers(cast, batch_id)
    seen = digest_of(cells_of(rows_of(cast, batch_id)[0], find_layout("网络问政")))
    correct(cast, batch_id, {number: {"text": "赵铁柱（13700000000）说垃圾无人清理"}}, seen=seen)
    (event,) = events(cast, "import.rows_corrected")
    assert "［隐名］（［电话已隐去］）说垃圾无人清理" in str(event.data)
    assert not [told for told in ("赵铁柱", "13700000000") if told in str(event.data)]


@pytest.mark.parametrize("said", ["长期坚持", "立行立改"])
def test_what_was_told_by_another_cell_is_never_shown_or_read_as_typed(cast: Cast, said: str) -> None:
    batch_id = hand_in(cast, ledger(changed(GOOD, c7=said, c6="")))
    (row,) = rows_of(cast, batch_id)
    before = (row.verdict, row.doubts, row.facts["rect_class"])
    assert cells_of(row, LAYOUT)["rect_class"] == ""
    assert cells_of(row, LAYOUT)["found_on"] == ""
    correct(cast, batch_id, {row.number: {"remark": "核过"}})
    (row,) = rows_of(cast, batch_id)
    assert (row.verdict, row.doubts, row.facts["rect_class"]) == before
