"""A workbook laid out like one of ours, or like those that offices really hand around, is guessed right without a touch."""

import csv
import os
from datetime import date
from pathlib import Path

import pytest

from app.core.sheet import Cell
from app.documents.workbook import read_sheet
from app.documents.workbook.writing import Face, Written, write_ledger
from app.ledgers.intake import Column, Layout, choices_of, header_guess, load_layouts
from app.ledgers.intake.guessing import NEVER
from app.ledgers.intake.headers import find_header

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("DUKAO_REAL_DATA", ROOT.parent / "shared" / "data")) / "feedback"
LAYOUTS = {layout.name: layout for layout in load_layouts()}
SAID: dict[str, Written] = {
    "unit": "县住建局",
    "units": "东山镇、西河镇",
    "person": "赵磊",
    "status": "否",
    "serial": 1,
    "ref": "A-1",
}


def cell(column: Column) -> Written:
    """Return what a cell of the column may hold."""
    if column.kind == "date":
        return date(2026, 3, 2)
    return () if column.kind == "photos" else SAID.get(column.kind, f"{column.label}里的一些字")


def guessed(rows: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[int, int], list[str]]:
    """Return where the header is guessed to stand and the field of each of its columns."""
    place = header_guess(rows)
    return place, [choice.field for choice in choices_of(rows, *place)]


def fields_of(layout: Layout) -> list[str]:
    """Return the fields of the columns on paper; those that no office may choose are left blank."""
    return ["" if column.field in NEVER else column.field for column in layout.shown]


@pytest.mark.parametrize("name", LAYOUTS)
def test_shipped_layout_written_out_is_guessed_whole(name: str, tmp_path: Path) -> None:
    layout = LAYOUTS[name]
    rows = [[cell(column) for column in layout.shown]] * 3
    face = Face("云岭县2026年10月台账", "填报单位：县委督查室", "填报日期：2026年10月31日")
    write_ledger(tmp_path / "a.xlsx", layout, face, rows)
    found = read_sheet(tmp_path / "a.xlsx").rows
    assert guessed(found) == ((2, layout.depth), fields_of(layout))


@pytest.mark.parametrize("name", LAYOUTS)
def test_it_is_guessed_whole_from_a_text_file_whose_header_is_not_merged(name: str, tmp_path: Path) -> None:
    layout, path = LAYOUTS[name], tmp_path / "a.csv"
    heads = [column.heads for column in layout.shown]
    upper = [head[0] if at == 0 or head[0] != heads[at - 1][0] else "" for at, head in enumerate(heads)]
    lower = [head[1] if len(head) > 1 else "" for head in heads]
    body = [[str(cell(column) or "") for column in layout.shown]] * 3
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([["台账", *[""] * (len(heads) - 1)], upper, *([lower] if any(lower) else []), *body])
    assert guessed(read_sheet(path).rows) == ((1, layout.depth), fields_of(layout))


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("整改台账_样表.xlsx", "整改台账"),
        ("整改台账_样表.xlsx", "安全隐患台账"),
        ("整改台账_样表.xlsx", "重点任务落实"),
        ("网络问政留言_300.xlsx", "网络问政"),
        ("领导留言板_400.csv", "领导留言板"),
    ],
)
def test_real_ledger_is_guessed_as_its_own_layout_reads_it(file: str, name: str) -> None:
    if not (DATA / file).exists():
        pytest.skip(f"no real data at {DATA}: set DUKAO_REAL_DATA")
    layout, rows = LAYOUTS[name], read_sheet(DATA / file, preferred=LAYOUTS[name].sheet).rows
    header, (place, fields) = find_header(layout, rows), guessed(rows)
    fields_at = {at: field for field, at in header.places.items() if field not in NEVER}
    assert place == (header.top, header.depth)
    assert fields == [fields_at.get(at, "") for at in range(len(fields))]
    assert len(fields) > max(fields_at)


def test_words_of_an_office_that_are_nearly_ours_are_guessed_too() -> None:
    head = (
        "序号",
        "问题来源渠道",
        "存在的主要问题描述",
        "整改牵头单位",
        "协助配合单位",
        "整改完成时限",
        "目前进展情况",
        "满意度",
    )
    rows = (("2026年问题清单",) * 8, head, ("1", "巡察", "路灯不亮", "住建局", "", "2026年5月1日", "已修", "高"))
    assert guessed(rows) == (
        (1, 1),
        ["serial", "source", "text", "lead", "assisting", "due_on", "progress", ""],
    )


@pytest.mark.parametrize("said", ["整改成效（进展）", "整改措施（工作进展）", "取得成效", "推进情况（目前进展）"])
def test_progress_is_known_by_its_words_also_in_brackets_and_the_words_of_the_office_stay(said: str) -> None:
    rows = (("序号", "存在问题", said), (1, "路灯不亮", "已修好"))
    assert guessed(rows) == ((0, 1), ["serial", "text", "progress"])
    assert choices_of(rows, 0, 1)[2].words == (said,)


def test_states_and_limits_are_guessed_by_what_stands_in_the_cells_or_in_part_of_the_head() -> None:
    rows = (
        ("存在问题", "办理时限要求", "销号与否", "打分"),
        ("路灯不亮", "5月底", "未销号", "好"),
        ("积水", "", "√", "差"),
    )
    assert guessed(rows)[1] == ["text", "due_on", "status", ""]


def test_column_with_the_longest_words_is_the_problem_where_no_header_says_so() -> None:
    rows = (
        ("序号", "事项", "牵头单位"),
        ("1", "路灯已经三个月不亮，群众出行不便", "住建局"),
        ("2", "河道垃圾无人清理", "镇"),
    )
    assert guessed(rows)[1] == ["serial", "text", "lead"]


def test_sheet_without_a_header_is_guessed_as_nothing_and_fails_on_nothing() -> None:
    assert guessed(((None, None), (None, None))) == ((0, 1), [])
    assert guessed(((1, 2), (3, 4)))[0] == (0, 1)
