"""What the story of a case tells a unit of the others: that something was done, and of what is between two nothing."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from app.ledgers.cases.timeline import happened
from app.people import Actor, Grant, Role

OWN, OTHER = 7, 8
ASSISTING = Actor(1, "甲", (Grant(1, Role.HEAD, OWN, "甲局", 3),), date(2026, 3, 2))
CASE: Any = SimpleNamespace(lead_unit_id=OTHER)


def told(kind: str, unit_id: int) -> list[str]:
    event = SimpleNamespace(
        kind=kind, unit_id=unit_id, at=None, day=None, data={}, source=None, dest=None, reason="", due_on=None
    )
    return [one.kind for one in happened(ASSISTING, False, CASE, [(event, "乙", "leader", "county", "", "乙局")])]


@pytest.mark.parametrize(
    "kind", ["slip.sign", "instruction.write", "instruction.reply", "interview.hold", "commitment.keep", "case.tag"]
)
def test_nothing_is_told_of_what_is_between_an_office_and_another_unit(kind: str) -> None:
    assert told(kind, OTHER) == []


def test_own_and_plain_moves_are_told() -> None:
    assert told("instruction.write", OWN) == ["instruction.write"]
    assert told("part.acknowledge", OTHER) == ["part.acknowledge"]
