"""Totals in a ledger: figures under the rows are no problem of anybody, and what tells of totals is."""

import pytest

from app.ledgers.intake import find_layout, read_rows


@pytest.mark.parametrize("words", ["合计", "小 计", "总计：", "本页合计：12件"])
def test_totals_are_passed_over_and_a_problem_about_them_is_not(words: str) -> None:
    layout = find_layout("整改台账")
    head = ("序号", "反馈来源", "反馈问题", "牵头单位", "反馈时间", "整改时限", "是否完成")
    good = (1, "信访", "合计数不符", "县住建局", "2026年2月2日", "2026年3月2日", "否")
    for total in ((words, *[None] * 6), (None, words, 12, None, None, "3件", "-"), (2, words, *[None] * 5)):
        read = read_rows(layout, (head, good, total))
        assert [row.number for row in read.rows] == [2]
        assert read.passed_over[0][0] == 3
