"""The files that offices really hand around, where they lie beside the checkout (DUKAO_REAL_DATA)."""

import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from app.documents.workbook import read_sheet
from app.ledgers.intake import SettledRow, find_layout, read_rows, settle
from tests.ledgers.intake.units import shipped_directory

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("DUKAO_REAL_DATA", ROOT.parent / "shared" / "data")) / "feedback"


def settled(file: str, layout_name: str) -> dict[str, SettledRow]:
    """Read a real file from end to end, by 序号, or by the source's own number."""
    if not (DATA / file).exists():
        pytest.skip(f"no real data at {DATA}: set DUKAO_REAL_DATA")
    layout = find_layout(layout_name)
    rows = settle(read_rows(layout, read_sheet(DATA / file, preferred=layout.sheet).rows), shipped_directory())
    return {row.reading.serial or row.reading.text("reference"): row for row in rows}


def dirty(serial: str) -> SettledRow:
    """Read one row of the office's ledger."""
    return settled("整改台账_样表.xlsx", "整改台账")[serial]


def doubts(row: SettledRow) -> list[tuple[str, str]]:
    """Return what is to be confirmed: column and what it was read as."""
    return [(doubt.column, doubt.read_as) for doubt in row.doubts]


def test_twelve_rows_are_read_and_the_sign_off_is_passed_over() -> None:
    rows = settled("整改台账_样表.xlsx", "整改台账")
    assert list(rows) == [str(number) for number in range(1, 13)]
    numbers = [row.reading.number for row in rows.values()]
    assert numbers == list(range(numbers[0], numbers[0] + 12))


@pytest.mark.parametrize("serial", ["1", "2", "4", "5", "6", "8", "9"])
def test_row_that_is_dirty_but_clear_is_taken_as_it_is(serial: str) -> None:
    row = dirty(serial)
    assert (row.problems, row.doubts, row.unmatched) == ((), (), ())
    assert row.lead is not None
    assert row.reading.day("found_on")


def test_row_3_with_april_until_its_end_is_to_be_confirmed() -> None:
    assert doubts(dirty("3")) == [("整改时限", "2026-04-30")]
    assert dirty("3").reading.day("due_on") == date(2026, 4, 30)


def test_rows_4_to_6_with_several_units_in_a_cell_have_two_that_assist() -> None:
    assert [len(dirty(serial).assisting) for serial in ("4", "5", "6")] == [2, 2, 2]


def test_row_5_found_by_the_unit_itself_and_row_6_by_a_newspaper() -> None:
    assert dirty("5").reading.text("discovery") == "self"
    assert dirty("6").reading.text("discovery") == "media_province"


def test_row_7_without_a_year_has_that_of_the_sheet_and_is_to_be_confirmed() -> None:
    assert [read_as for _, read_as in doubts(dirty("7"))] == ["2026-03-13", "2026-04-30"]


def test_row_8_that_begins_like_a_formula_stays_text() -> None:
    assert dirty("8").reading.text("text").startswith("=1+1")


def test_row_9_with_wide_digits_and_every_town() -> None:
    towns, row = set(shipped_directory().towns), dirty("9")
    assert set(row.assisting) >= towns
    assert len(row.assisting) == len(towns) + 2
    assert row.reading.day("found_on")


def test_row_10_with_an_impossible_day_is_wrong_in_that_column() -> None:
    problems = [(said.column, said.reason) for said in dirty("10").problems]
    assert problems == [("反馈时间", "2026年2月30日不存在")]


def test_row_11_with_an_unknown_unit_is_wrong_until_it_is_matched() -> None:
    row = dirty("11")
    assert [said.column for said in row.problems] == ["牵头单位"]
    assert [match.said for match in row.unmatched] == ["县水务站"]


def test_row_12_repeats_row_1() -> None:
    row = dirty("12")
    assert (row.repeats, row.problems) == (dirty("1").reading.number, ())


def test_no_name_of_a_person_keeps_a_stray_blank() -> None:
    assert all(" " not in row.reading.text("person") for row in settled("整改台账_样表.xlsx", "整改台账").values())


def test_four_hundred_messages_to_leaders_are_read_without_a_wrong_row() -> None:
    rows = settled("领导留言板_400.csv", "领导留言板")
    assert len(rows) == 400
    assert not [row for row in rows.values() if row.problems or row.doubts]
    assert len({row.identity for row in rows.values()}) == 400
    states = Counter(row.reading.text("status") for row in rows.values())
    assert states == {"finished": 262, "unfinished": 138}


def test_three_hundred_messages_are_read_without_a_wrong_row() -> None:
    rows = settled("网络问政留言_300.xlsx", "网络问政")
    assert len(rows) == 300
    assert not [row for row in rows.values() if row.problems or row.doubts]
    assert len({row.identity for row in rows.values()}) == 300
    assert all(row.reading.text("text") and row.reading.day("found_on") for row in rows.values())


def test_the_other_ledgers_of_that_workbook_are_read_by_their_own_layouts() -> None:
    hazards = settled("整改台账_样表.xlsx", "安全隐患台账")
    assert [row.problems for row in hazards.values()] == [()] * 3
    assert hazards["2"].reading.text("check_result") == "不合格，限期2026.2.5前整改"
    tasks = settled("整改台账_样表.xlsx", "重点任务落实")
    assert [row.reading.text("status") for row in tasks.values()] == ["unfinished"] * 4
    assert [len(row.problems) for row in tasks.values()] == [0] * 4
