"""The arithmetic of a bulletin: shares that make 100.0, and what in a snapshot does not add up. Pure.

A bulletin with faults is not issued (domain §6): its parts make its total, and its shares make 100.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WHOLE = 1000  # tenths of a percent
HUNDRED = Decimal("100.0")


@dataclass(frozen=True, slots=True)
class Part:
    """A named count; `share` in percent with one decimal when it was stored, else it is reckoned."""

    name: str
    count: int
    share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Partition:
    """One way to divide the total (by unit, by state, by source): every case is in just one part."""

    name: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The counts of one moment: `noun` is what is counted (问题), `total` how many, divided in several ways."""

    total: int
    partitions: tuple[Partition, ...]
    noun: str = "问题"


def shares(counts: Sequence[int]) -> list[Decimal]:
    """Return the percentages with one decimal of counts, by largest remainder: together 100.0, or all 0.0 for nothing.

    Of equal remainders the earlier part gets the tenth. ValueError for a negative count.
    """
    total = sum(counts)
    if any(count < 0 for count in counts):
        raise ValueError(f"a count is negative: {list(counts)}")
    if total == 0:
        return [Decimal("0.0")] * len(counts)
    tenths = [count * WHOLE // total for count in counts]
    order = sorted(range(len(counts)), key=lambda i: (-(counts[i] * WHOLE % total), i))
    for i in order[: WHOLE - sum(tenths)]:
        tenths[i] += 1
    return [Decimal(tenth).scaleb(-1) for tenth in tenths]


def with_shares(partition: Partition) -> tuple[Part, ...]:
    """Return the parts of a partition with their shares, stored ones as they were stored."""
    reckoned = shares([part.count for part in partition.parts])
    pairs = zip(partition.parts, reckoned, strict=True)
    return tuple(Part(part.name, part.count, share if part.share is None else part.share) for part, share in pairs)


def faults(snapshot: Snapshot) -> list[str]:
    """Return what does not add up, one Chinese sentence each; none: the bulletin may be issued."""
    if snapshot.total < 0:
        return [f"{snapshot.noun}总数为 {snapshot.total}，不能为负数。"]
    return [said for partition in snapshot.partitions for said in _faults(snapshot, partition)]


def _faults(snapshot: Snapshot, partition: Partition) -> list[str]:
    negative = [part for part in partition.parts if part.count < 0]
    if negative:
        return [f"“{partition.name}”中“{part.name}”为 {part.count}，不能为负数。" for part in negative]
    found = []
    names = [part.name for part in partition.parts]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        found.append(f"“{partition.name}”中“{'”“'.join(twice)}”出现了不止一次。")
    if (made := sum(part.count for part in partition.parts)) != snapshot.total:
        gap = f"{'少' if made < snapshot.total else '多'} {abs(made - snapshot.total)} 件"
        found.append(f"“{partition.name}”各项合计 {made} 件，与{snapshot.noun}总数 {snapshot.total} 件不符，{gap}。")
    made_share = sum((part.share or Decimal(0) for part in with_shares(partition)), Decimal(0))
    if snapshot.total and partition.parts and made_share != HUNDRED:
        found.append(f"“{partition.name}”各项占比合计 {made_share}%，不是 100.0%。")
    return found
