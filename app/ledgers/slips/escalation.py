"""The ladder of slips: which level is due to the lead on a business date, and why (domain §5). Pure.

Looked at as at 00:00 of the date, over what was known before it began: run each day or once after a gap, the same is due.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.calendar.days import say
from app.ledgers.slips.packs import SlipPack, SlipType


@dataclass(frozen=True, slots=True)
class Late:
    """A late working day of the lead: its place in the row of its cycle (from 1) and the deadline it missed."""

    day: date
    place: int
    due_on: date
    cycle: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a unit stands in a case when a day begins."""

    is_lead: bool
    is_ended: bool
    is_stopped: bool
    is_missed: bool


@dataclass(frozen=True, slots=True)
class SeenSlip:
    """A slip to the lead as the ladder sees it: dates are those on which it moved, event the one that issued it."""

    slip_id: int
    level: int
    label: str
    cycle: int
    drafted_on: date
    basis_due_on: date | None = None
    issued_on: date | None = None
    issued_event_id: int | None = None
    reply_due_on: date | None = None
    settled_on: date | None = None
    withdrawn_on: date | None = None
    lapsed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A slip that is due: its type, for which late day, after which slip, and why in pairs of words."""

    kind: SlipType
    late: Late
    previous_id: int | None
    why: tuple[tuple[str, str], ...]

    @property
    def level(self) -> int:
        """The level of the type."""
        return self.kind.level

    @property
    def key(self) -> str:
        """What makes it unique within its case."""
        return f"{self.level}:{self.late.day}"


def is_condition_gone(standing: Standing) -> bool:
    """Say whether a draft of the ladder has lost what it stood on: the lead is not overdue any more."""
    overdue = standing.is_lead and standing.is_missed and not standing.is_stopped
    return standing.is_ended or not overdue


def is_answered_since(level: int, cycle: int, bad_reports: Iterable[int], slips: Sequence[SeenSlip], day: date) -> bool:
    """Say whether a draft of the level has lost what it was to follow: the reply to the slip below was accepted since."""
    seen = [found for slip in slips if (found := _as_at(slip, day)) and found.issued_on and slip.cycle == cycle]
    newest = max(seen, key=lambda slip: (slip.level, slip.issued_on or day, slip.slip_id), default=None)
    if newest is None or not 0 < newest.level < level or newest.settled_on is None:
        return False
    return not _gives_way(newest, day, bad_reports)


def due_level(
    late: Late | None, bad_reports: Iterable[int], slips: Sequence[SeenSlip], pack: SlipPack
) -> Proposal | None:
    """Return the slip that is due to the lead on the late working day, or None.

    `bad_reports` are the events that sent a report back, known before the day; slips may be given with later facts.
    """
    if late is None:
        return None
    seen = [s for s in (_as_at(slip, late.day) for slip in slips) if s is not None and _counts(s, late)]
    reach = pack.reach(late.place)
    if reach == 0 or any(slip.issued_on is None for slip in seen):
        return None
    issued = sorted(seen, key=lambda slip: (slip.level, slip.issued_on or late.day, slip.slip_id))
    if not issued:
        return _propose(pack, 1, late, None, "")
    newest = issued[-1]
    if reach > newest.level and (ground := _gives_way(newest, late.day, bad_reports)):
        return _propose(pack, newest.level + 1, late, newest, ground)
    is_open = any(slip.level == newest.level and slip.settled_on is None for slip in issued)
    if reach >= newest.level and not is_open and newest.basis_due_on != late.due_on:
        return _propose(pack, newest.level, late, newest, f"{newest.label}针对的是另一期限，现行期限又已逾期")
    return None


def _gives_way(slip: SeenSlip, day: date, bad_reports: Iterable[int]) -> str:
    """Say why the next level may follow the slip, or nothing when it may not."""
    if slip.settled_on is None and slip.reply_due_on is not None and slip.reply_due_on < day:
        return f"{slip.label}的回复期限 {say(slip.reply_due_on)} 已过，没有经审核认可的回复"
    if any(event_id > (slip.issued_event_id or 0) for event_id in bad_reports):
        return f"{slip.label}发出后报结被退回"
    return ""


def _as_at(slip: SeenSlip, day: date) -> SeenSlip | None:
    """Return the slip as it stood when the day began, None when it was not there yet or no longer stood."""
    gone = (slip.withdrawn_on, slip.lapsed_on)
    if slip.drafted_on >= day or any(on is not None and on < day for on in gone):
        return None
    is_issued = slip.issued_on is not None and slip.issued_on < day
    is_settled = slip.settled_on is not None and slip.settled_on < day
    return SeenSlip(
        slip.slip_id,
        slip.level,
        slip.label,
        slip.cycle,
        slip.drafted_on,
        slip.basis_due_on,
        slip.issued_on if is_issued else None,
        slip.issued_event_id if is_issued else None,
        slip.reply_due_on if is_issued else None,
        slip.settled_on if is_settled else None,
    )


def _counts(slip: SeenSlip, late: Late) -> bool:
    return slip.level > 0 and slip.cycle == late.cycle


def _propose(pack: SlipPack, level: int, late: Late, previous: SeenSlip | None, ground: str) -> Proposal | None:
    kind = pack.of_level(level)
    if kind is None:
        return None
    why = [("期限", say(late.due_on)), ("逾期", f"{say(late.day)} 是逾期第 {late.place} 个工作日")]
    why.append(("规则", f"逾期第 {kind.from_late_day} 个工作日起拟发{kind.name}（{kind.colour}）"))
    if ground:
        why.append(("上一级", ground))
    return Proposal(kind, late, previous.slip_id if previous else None, tuple(why))
