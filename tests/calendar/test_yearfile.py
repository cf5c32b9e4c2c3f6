"""A typed year: read whole, or refused with every wrong line named."""

from datetime import date

import pytest

from app.calendar import parse_year
from app.core.errors import Invalid

GOOD = """# 2027 年
2027-01-01 休 元旦
2027/2/6 班 春节调休

2027年2月7日　休　春节 假期
2027.2.8 休 春节
"""


def test_year_is_read_in_every_way_of_writing_a_date() -> None:
    stated = parse_year("\ufeff" + GOOD, 2027, "某通知")
    assert (stated.year, stated.notice) == (2027, "某通知")
    assert [(day.day, day.off, day.name) for day in stated.days] == [
        (date(2027, 1, 1), True, "元旦"),
        (date(2027, 2, 6), False, "春节调休"),
        (date(2027, 2, 7), True, "春节 假期"),
        (date(2027, 2, 8), True, "春节"),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2027-02-30 休 春节", "第 2 行：“2027-02-30”不是有效日期，应写成 2027-01-01。"),
        ("2027-02-06 春节", "第 2 行：“2027-02-06 春节”应写成“日期 休或班 名称”，如“2027-01-01 休 元旦”。"),
        ("2027-02-06 上班 春节", "应写成“日期 休或班 名称”"),
        ("2026-02-06 休 春节", "第 2 行：2026-02-06（周五）不在 2027 年。"),
        ("2027-02-05 班 春节", "第 2 行：2027-02-05（周五）本来就是工作日，不是调休上班，请核对日期。"),
        ("2027-01-01 休 元旦", "第 2 行：2027-01-01（周五）前面已经写过。"),
    ],
)
def test_wrong_line_is_named_with_its_reason(line: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_year(f"2027-01-01 休 元旦\n{line}\n", 2027, "某通知")
    assert said in refused.value.errors["line 2"]


def test_every_wrong_line_is_named_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        parse_year("坏\n2027-01-01 休 元旦\n2027-13-01 休 某日\n", 2027, "某通知")
    assert set(refused.value.errors) == {"line 1", "line 3"}


@pytest.mark.parametrize("text", ["", "# 只有注释", "2027-02-06 班 春节调休"])
def test_year_without_any_day_off_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="没有写 2027 年的任何放假日"):
        parse_year(text, 2027, "某通知")


def test_file_that_is_too_long_is_refused() -> None:
    with pytest.raises(Invalid, match="最多 400 行"):
        parse_year("\n" * 500, 2027, "某通知")
