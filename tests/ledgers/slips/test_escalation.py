"""The ladder as arithmetic: what is due on a late day, over every combination of what happened before."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from random import Random

import pytest

from app.ledgers.slips import DEFAULT_PACK, shipped_packs
from app.ledgers.slips.escalation import Late, Proposal, SeenSlip, Standing, due_level, is_condition_gone

PACK = shipped_packs()[DEFAULT_PACK]
DUE = date(2026, 3, 20)
DAY = date(2026, 4, 3)
TENTH = Late(DAY, 10, DUE, 1)
ISSUED = SeenSlip(1, 1, "提示单", 1, date(2026, 3, 23), DUE, date(2026, 3, 23), 50, date(2026, 3, 26))


def due(*slips: SeenSlip, late: Late | None = TENTH, bad: tuple[int, ...] = ()) -> int | None:
    """Return the level that is due."""
    found = due_level(late, bad, slips, PACK)
    return found.level if found else None


@pytest.mark.parametrize(("place", "level"), [(1, 1), (4, 1), (5, 1), (10, 1), (99, 1)])
def test_ladder_begins_with_its_first_level_however_late_it_is(place: int, level: int) -> None:
    assert due(late=replace(TENTH, place=place)) == level


def test_nothing_is_due_on_a_day_that_is_not_late() -> None:
    assert due(late=None) is None


@pytest.mark.parametrize(
    ("change", "bad", "level"),
    [
        ({}, (), 2),
        ({"reply_due_on": DAY}, (), None),
        ({"reply_due_on": DAY - timedelta(days=1)}, (), 2),
        ({"settled_on": date(2026, 3, 25)}, (), None),
        ({"settled_on": date(2026, 3, 25)}, (60,), 2),
        ({"settled_on": date(2026, 3, 25)}, (40,), None),
        ({"settled_on": DAY}, (), 2),
        ({"reply_due_on": DAY}, (60,), 2),
        ({"withdrawn_on": date(2026, 3, 25)}, (), 1),
        ({"withdrawn_on": DAY}, (), 2),
        ({"lapsed_on": date(2026, 3, 25), "issued_on": None}, (), 1),
        ({"issued_on": None}, (), None),
        ({"issued_on": DAY}, (), None),
        ({"drafted_on": DAY, "issued_on": DAY}, (), 1),
        ({"cycle": 0}, (), 1),
        ({"level": 3}, (), None),
        ({"level": 3, "settled_on": date(2026, 3, 25), "basis_due_on": date(2026, 3, 1)}, (), 3),
        ({"level": 1, "settled_on": date(2026, 3, 25), "basis_due_on": date(2026, 3, 1)}, (), 1),
        ({"level": 3, "basis_due_on": date(2026, 3, 1)}, (), None),
        ({"level": 0}, (), 1),
    ],
)
def test_what_is_due_after_one_slip(change: dict[str, date | int | None], bad: tuple[int, ...], level: int) -> None:
    assert due(replace(ISSUED, **change), bad=bad) == level  # type: ignore[arg-type]


def test_next_level_waits_for_its_own_day() -> None:
    assert due(ISSUED, late=replace(TENTH, place=4)) is None
    assert due(ISSUED, late=replace(TENTH, place=5)) == 2


def test_proposal_says_why() -> None:
    found = due_level(TENTH, (), [ISSUED], PACK)
    assert isinstance(found, Proposal)
    assert (found.key, found.previous_id) == ("2:2026-04-03", 1)
    assert [term for term, _ in found.why] == ["期限", "逾期", "规则", "上一级"]


@pytest.mark.parametrize("standing", [Standing(*flags) for flags in product([True, False], repeat=4)])
def test_draft_stands_only_while_the_lead_is_overdue(standing: Standing) -> None:
    holds = standing.is_lead and standing.is_missed and not standing.is_ended and not standing.is_stopped
    assert is_condition_gone(standing) is not holds


def test_level_never_goes_down_and_is_never_due_while_one_is_open() -> None:
    random = Random(5)
    tried = 0
    for _ in range(3000):
        slips = [_any_slip(random, number) for number in range(random.randint(0, 4))]
        late = replace(TENTH, place=random.randint(1, 15), due_on=random.choice([DUE, DUE - timedelta(days=9)]))
        bad = (random.randint(1, 120),) if random.random() < 0.3 else ()
        level = due(*slips, late=late, bad=bad)
        if level is None:
            continue
        tried += 1
        stood = [
            s for s in slips if s.drafted_on < DAY and not _is_before(s.withdrawn_on) and not _is_before(s.lapsed_on)
        ]
        top = max((s.level for s in stood if _is_before(s.issued_on)), default=0)
        assert top <= level <= top + 1
        assert level <= PACK.reach(late.place)
        assert not any(s.level == level and not _is_before(s.settled_on) for s in stood)
        assert all(_is_before(s.issued_on) for s in stood), "one draft at a time"
    assert tried > 300


def _is_before(on: date | None) -> bool:
    return on is not None and on < DAY


def _any_slip(random: Random, number: int) -> SeenSlip:
    drafted = DAY - timedelta(days=random.randint(0, 20))
    issued = drafted + timedelta(days=random.randint(0, 2)) if random.random() < 0.9 else None
    later = [drafted + timedelta(days=random.randint(1, 20)) if random.random() < 0.4 else None for _ in range(2)]
    return SeenSlip(
        slip_id=number,
        level=random.randint(1, 3),
        label="单",
        cycle=1,
        drafted_on=drafted,
        basis_due_on=random.choice([DUE, DUE - timedelta(days=9)]),
        issued_on=issued,
        issued_event_id=random.randint(1, 100) if issued else None,
        reply_due_on=issued + timedelta(days=random.randint(1, 6)) if issued else None,
        settled_on=later[0] if issued else None,
        withdrawn_on=later[1] if issued else None,
        lapsed_on=None if issued else later[0],
    )
