"""Ranking: what the points of a unit leave of the full marks, and its place among its group. Pure."""

from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import TypeVar

from app.ledgers.scores.rules import RuleBody

Key = TypeVar("Key", bound=Hashable)
BELOW = "低于下限不计"


def below_floor(body: RuleBody, points: Decimal) -> Decimal:
    """Return what of the signed points does not count because the component never falls below its floor (0 or more).

    Added to the points as a line of its own (低于下限不计) it makes the sum of the lines the total.
    """
    return max(body.floor - body.full_marks - points, Decimal("0.00"))


def total_of(body: RuleBody, points: Decimal) -> Decimal:
    """Return the total of the supervision component: full marks and points, never below the floor."""
    return body.full_marks + points + below_floor(body, points)


def rank(totals: Mapping[Key, Decimal]) -> dict[Key, int]:
    """Return the place of each by total, highest first; ties share a place and the next follows after them (1, 1, 3)."""
    ordered = sorted(totals.values(), reverse=True)
    return {key: ordered.index(total) + 1 for key, total in totals.items()}
