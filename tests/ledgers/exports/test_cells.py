"""What stands in a cell: the record before the file's words, the words of a status, texts cut to what a cell holds."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from app.ledgers.cases import Facts, Filters
from app.ledgers.exports import LONGEST_CELL, Record, keep_filters, own_number, read_filters, value_of
from app.ledgers.intake import Column, find_layout

TODAY = date(2026, 3, 18)


@dataclass
class Plain:
    """A case as far as cells look at it."""

    id: int = 7
    number: str | None = None
    state: str = "rectifying"
    source_kind: str = "audit"
    text: str = "路灯不亮"
    standard: str = ""
    result: str = "已修好"
    due_on: date | None = date(2026, 3, 30)
    proposed_due_on: date | None = None
    submitted_on: date | None = None
    ended_on: date | None = None


def column(field: str, layout: str = "整改台账") -> Column:
    return next(column for column in find_layout(layout).columns if column.field == field)


def say(field: str, record: Record, layout: str = "整改台账") -> Any:
    return value_of(column(field, layout), record, 1, TODAY)


def test_the_record_is_believed_before_the_file() -> None:
    facts = {"standard": "亮", "progress": "已到货", "remark": "急"}
    record = Record(Plain(), True, facts=facts, progress="已换灯")
    assert (say("progress", record), say("standard", record), say("remark", record)) == ("已换灯", "亮", "急")


def test_the_result_is_said_once_it_was_handed_in_and_only_to_who_sees_the_lead() -> None:
    case = Plain(state="submitted")
    assert say("progress", Record(case, True, progress="已换灯")) == "已修好"
    assert say("progress", Record(case, False, progress="已换灯")) == "已换灯"
    assert say("progress", Record(Plain(), True, progress="已换灯")) == "已换灯"


@pytest.mark.parametrize(
    ("state", "due_on", "words"),
    [
        ("rectifying", date(2026, 3, 30), "达进度"),
        ("rectifying", date(2026, 3, 17), "欠进度"),
        ("submitted", date(2026, 3, 17), "达进度"),
        ("closed", date(2026, 3, 17), "已完成"),
        ("long_term", None, "长期坚持"),
    ],
)
def test_a_status_has_the_words_of_its_layout(state: str, due_on: date | None, words: str) -> None:
    assert say("status", Record(Plain(state=state, due_on=due_on), True), "重点任务落实") == words
    usual = {"已完成": "是", "长期坚持": "长期坚持"}.get(words, "否")
    assert say("status", Record(Plain(state=state, due_on=due_on), True)) == usual


def test_a_case_without_a_number_is_named_by_its_id() -> None:
    assert own_number(Plain()) == "登记7"
    assert own_number(Plain(number="2026-0003")) == "2026-0003"


def test_each_source_of_a_case_is_named_the_first_in_its_own_words() -> None:
    record = Record(Plain(), True, kinds=("audit", "petition"), facts={"source": "2025年经责审计"})
    assert say("source", record) == "2025年经责审计、信访"
    assert say("source", Record(Plain(), True)) == "审计"


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    said = say("text", Record(Plain(text="长" * 40_000), True))
    assert len(said) == LONGEST_CELL
    assert said.endswith("余下部分见系统）")


def test_filters_are_kept_and_read_back() -> None:
    filters = Filters("河道", 3, state="all", due_from=date(2026, 1, 2), facts=Facts(late=5, behind=True))
    kept = keep_filters(filters)
    assert kept == {
        "text": "河道",
        "unit_id": 3,
        "state": "all",
        "due_from": {"day": "2026-01-02"},
        "facts": {"late": 5, "behind": True},
    }
    assert read_filters(kept) == filters
    assert read_filters({}) == Filters()


def test_who_only_imported_a_row_is_no_inspector() -> None:
    case = Plain(source_kind="special")
    assert say("inspectors", Record(case, True, reporter="王检"), "安全隐患台账") == "王检"
    assert say("inspectors", Record(case, True, reporter="王检", facts={"title": "a"}), "安全隐患台账") is None
    named = Record(case, True, reporter="王检", facts={"title": "a", "inspectors": "李察"})
    assert say("inspectors", named, "安全隐患台账") == "李察"
