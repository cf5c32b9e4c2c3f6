"""Packs of slips: each shipped one can work, and one that cannot is refused."""

import pytest

from app.ledgers.slips import DEFAULT_PACK, read_slip_pack, shipped_packs
from app.ledgers.slips.packs import FOLDER
from app.people import Role

TEXT = (FOLDER / f"{DEFAULT_PACK}.toml").read_text(encoding="utf-8")
TYPES = [(pack.code, kind) for pack in shipped_packs().values() for kind in pack.types]


def test_default_pack_is_that_of_the_rules() -> None:
    pack = shipped_packs()[DEFAULT_PACK]
    rows = [(k.name, k.colour, k.reply_days, k.from_late_day, k.signers) for k in pack.types]
    assert rows == [
        ("提示单", "蓝", 3, 1, ("supervisor",)),
        ("督办单", "黄", 4, 5, ("supervisor",)),
        ("问责建议单", "红", 5, 10, ("leader",)),
    ]
    assert pack.types[2].copy_to == ("discipline", "assessor")
    assert [pack.reach(place) for place in (1, 4, 5, 9, 10, 99)] == [1, 1, 2, 2, 3, 3]


def test_no_two_types_of_any_packs_share_a_code_or_a_word_of_their_numbers() -> None:
    codes, words = [kind.code for _, kind in TYPES], [kind.number_word for _, kind in TYPES]
    assert len(set(codes)) == len(set(words)) == len(TYPES)
    assert all(len(f"slip:{code}") <= 20 for code in codes), "they name their counters"


@pytest.mark.parametrize(("_pack", "kind"), TYPES, ids=[kind.code for _, kind in TYPES])
def test_type_has_a_colour_word_signers_that_are_roles_and_a_text_that_fills(_pack: str, kind) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    assert kind.colour in "蓝黄橙红"
    assert {Role(role) for role in kind.signers} <= {Role.SUPERVISOR, Role.LEADER}
    assert all(Role(role).label for role in kind.copy_to)
    body = kind.body("河道垃圾", "2026-0001", "已逾期 1 个工作日")
    assert "河道垃圾" in body
    assert "{" not in body


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("level = 2", "level = 5", "without a gap"), ('colour = "蓝"', 'colour = ""', "colour word")],
)
def test_pack_that_cannot_work_is_refused(old: str, new: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_slip_pack("own", TEXT.replace(old, new))
