"""A bulletin's parts make its total and its shares make 100, or it says why not."""

import random
from decimal import Decimal

import pytest

from app.ledgers.bulletins.arithmetic import Part, Partition, Snapshot, faults, shares, with_shares

HUNDRED = Decimal("100.0")


def snapshot(total: int, **counts: int) -> Snapshot:
    """Return a snapshot with one partition by unit."""
    return Snapshot(total, (Partition("按单位", tuple(Part(name, count) for name, count in counts.items())),))


def test_shares_of_thirds_make_a_hundred() -> None:
    assert shares([1, 1, 1]) == [Decimal("33.4"), Decimal("33.3"), Decimal("33.3")]


def test_shares_always_make_a_hundred_and_are_off_by_less_than_a_tenth() -> None:
    seed = random.randrange(10**9)
    print("seed", seed)
    chance = random.Random(seed)
    for _ in range(3000):
        counts = [chance.choice((0, 1, 2, 7, chance.randrange(10**6))) for _ in range(chance.randrange(1, 60))]
        found = shares(counts)
        assert sum(found) == (HUNDRED if sum(counts) else 0)
        for count, share in zip(counts, found, strict=True):
            assert not sum(counts) or abs(share - Decimal(100 * count) / sum(counts)) < Decimal("0.1")
            assert count or not share


def test_nothing_has_no_shares() -> None:
    assert shares([]) == []
    assert shares([0, 0]) == [Decimal("0.0")] * 2
    assert faults(snapshot(0, 甲=0, 乙=0)) == []


def test_a_sound_snapshot_has_no_faults() -> None:
    assert faults(snapshot(7, 甲=3, 乙=4)) == []


def test_parts_that_do_not_make_the_total_are_named() -> None:
    assert faults(snapshot(8, 甲=3, 乙=4)) == ["“按单位”各项合计 7 件，与问题总数 8 件不符，少 1 件。"]
    assert "多 2 件" in faults(snapshot(5, 甲=3, 乙=4))[0]
    assert faults(snapshot(3))


def test_stored_shares_that_do_not_make_a_hundred_are_named() -> None:
    parts = (Part("甲", 1, Decimal("33.3")), Part("乙", 1, Decimal("33.3")), Part("丙", 1, Decimal("33.3")))
    assert faults(Snapshot(3, (Partition("按单位", parts),))) == ["“按单位”各项占比合计 99.9%，不是 100.0%。"]


def test_negative_and_repeated_parts_are_named() -> None:
    assert "不能为负数" in faults(snapshot(1, 甲=-1, 乙=2))[0]
    assert "不能为负数" in faults(snapshot(-1))[0]
    twice = Snapshot(2, (Partition("按单位", (Part("甲", 1), Part("甲", 1))),))
    assert "不止一次" in faults(twice)[0]
    with pytest.raises(ValueError, match="negative"):
        shares([-1])


def test_stored_shares_are_shown_as_stored() -> None:
    stored = Partition("按单位", (Part("甲", 1, Decimal("60.0")), Part("乙", 1)))
    assert [part.share for part in with_shares(stored)] == [Decimal("60.0"), Decimal("50.0")]
