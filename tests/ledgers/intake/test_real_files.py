"""The files that offices really hand around, where they lie beside the checkout (DUKAO_REAL_DATA)."""

import os
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


def test_the_ledger_of_an_office_gives_what_its_description_says() -> None:
    rows = settled("整改台账_样表.xlsx", "整改台账")
    assert list(rows) == [str(number) for number in range(1, 13)]
    clean = [serial for serial, row in rows.items() if not row.problems and not row.doubts]
    assert clean == ["1", "2", "4", "5", "6", "8", "9"]
    assert [doubt.read_as for doubt in rows["3"].doubts] == ["2026-04-30"]
    assert [doubt.read_as for doubt in rows["7"].doubts] == ["2026-03-13", "2026-04-30"]
    assert [(said.column, said.reason) for said in rows["10"].problems] == [("反馈时间", "2026年2月30日不存在")]
    assert [said.column for said in rows["11"].problems] == ["牵头单位"]
    assert len(rows["11"].unmatched) == 1
    assert (rows["12"].repeats, rows["12"].problems) == (rows["1"].reading.number, ())


def test_the_dirt_of_that_ledger_is_read_as_meant() -> None:
    rows = settled("整改台账_样表.xlsx", "整改台账")
    assert rows["8"].reading.text("text").startswith("=1+1")
    assert set(rows["9"].assisting) >= set(shipped_directory().towns)
    assert len(rows["9"].assisting) == len(shipped_directory().towns) + 2
    assert len(rows["6"].assisting) == len(rows["5"].assisting) == len(rows["4"].assisting) == 2
    assert all(" " not in row.reading.text("person") for row in rows.values())
    assert rows["5"].reading.text("discovery") == "self"
    assert rows["6"].reading.text("discovery") == "media_province"


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
