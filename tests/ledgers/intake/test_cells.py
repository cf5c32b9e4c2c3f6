"""Cells with the dirt that offices produce."""

from datetime import date
from decimal import Decimal

import pytest

from app.ledgers.intake import EVERY_TOWN
from app.ledgers.intake.cells import (
    read_class,
    read_names,
    read_number,
    read_person,
    read_reference,
    read_status,
    read_text,
)


@pytest.mark.parametrize("said", ["=1+1 企业", "+86", "-3", "@某人", "=cmd|' /C calc'!A0", "＝1"])
def test_text_that_looks_like_a_formula_stays_text(said: str) -> None:
    assert read_text(said) == said


def test_padding_and_control_characters_are_dropped_and_lines_kept() -> None:
    assert read_text("\n\t\t 第一行  内容\r\n\r\n\t\t第二行\x00_x000D_ \n") == "第一行 内容\n第二行"
    assert read_text("\u200b\ufeff字\ud800") == "字"
    assert read_text("\u202e倒着写的\u2066标题\x85\u200f") == "倒着写的标题"
    assert read_text(3) == "3"
    assert read_text(date(2026, 3, 1)) == "2026-03-01"
    assert read_text(None) == ""


@pytest.mark.parametrize("said", ["赵 磊", "赵\u3000磊", " 赵  磊 ", "赵\u00a0磊"])
def test_blanks_inside_a_chinese_name_are_closed(said: str) -> None:
    assert read_person(said) == "赵磊"


def test_several_persons_and_foreign_names_keep_their_parting() -> None:
    assert read_person("赵 磊\n钱进") == "赵磊、钱进"
    assert read_person("John Smith") == "John Smith"


@pytest.mark.parametrize("mark", ["、", "，", ",", "；", ";", "\n", "\r\n", "/", "|", " 、 "])
def test_several_units_in_a_cell_are_parted(mark: str) -> None:
    assert read_names(f"县统计局{mark}城关镇{mark}县统计局{mark}") == ("县统计局", "城关镇")


def test_brackets_hold_a_name_together() -> None:
    assert read_names("县教体局（体育、艺术股）、城关镇") == ("县教体局（体育、艺术股）", "城关镇")
    assert read_names("县教体局（没有合上、\n城关镇") == ("县教体局（没有合上、", "城关镇")


@pytest.mark.parametrize(
    "said",
    [
        "各镇",
        "各乡镇",
        "各镇（街道）",
        "各乡（镇）",
        "全县各乡镇",
        "12个镇",
        "各 镇",
        "各镇人民政府",
        "各镇（街道、园区）",
    ],
)
def test_every_town_is_one_symbol(said: str) -> None:
    assert read_names(said) == (EVERY_TOWN,)


def test_numbers_and_references_lose_what_the_sheet_adds() -> None:
    assert read_number("１，２３４.5") == Decimal("1234.5")
    assert read_number("约3") is None
    assert read_number("NaN") is None
    assert read_reference("188691.0") == read_reference(188691) == read_reference(" 188691\n") == "188691"
    assert read_reference("云督〔2026〕3号") == "云督〔2026〕3号"


def test_words_for_class_and_state_are_known_or_said_to_be_unknown() -> None:
    assert [read_status(said) for said in ("是", "否", "已 完成", "√", "长期坚持", "看情况")] == [
        *("finished", "unfinished", "finished", "finished", "long_term"),
        None,
    ]
    assert [read_class(said) for said in ("立行立改", "长期坚持", "分阶段整改", "以后")] == [
        "immediate",
        "long_term",
        "staged",
        None,
    ]
