"""Texts as they are seen."""

import pytest

from app.core.typed import readable

HIDDEN = [*range(9), 11, 12, *range(14, 32), *range(0x7F, 0xA0), 0xAD, 0x61C, *range(0x200B, 0x2010)]
HIDDEN += [*range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF, 0xE0041]


@pytest.mark.parametrize("mark", [chr(code) for code in HIDDEN], ids=[hex(code) for code in HIDDEN])
def test_character_nobody_sees_is_dropped(mark: str) -> None:
    assert readable(f"{mark}河道{mark}垃圾{mark}") == "河道垃圾"


@pytest.mark.parametrize(
    "text", ["一\t二", "一\n二", "一\r\n二", "一\u3000二", "𠮷𪚥㐂", "葛\U000e0100", "é–“”…·〔〕", "👍"]
)
def test_what_is_seen_stays(text: str) -> None:
    assert readable(text) == text


def test_strange_line_ends_are_line_ends() -> None:
    assert readable("一\u2028二\u2029三") == "一\n二\n三"
