"""Totals stop at the floor, ties share a place, and the sum of the lines is the total."""

from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.ledgers.scores import RuleBody, below_floor, body_of, rank, read_pack, total_of
from tests.story import RULES

POINTS = st.decimals(min_value=-300, max_value=50, places=2)


def body() -> RuleBody:
    """Return the shipped rules."""
    return body_of(read_pack(Path(RULES).read_text(encoding="utf-8")))


def test_ties_rank_one_one_three() -> None:
    totals = {"A": Decimal("98.40"), "B": Decimal("99.20"), "C": Decimal("99.20"), "D": Decimal("90.00")}
    assert rank(totals) == {"A": 3, "B": 1, "C": 1, "D": 4}


def test_nobody_is_ranked_in_an_empty_group() -> None:
    assert rank({}) == {}


def test_total_never_falls_below_the_floor() -> None:
    assert total_of(body(), Decimal("-1.60")) == Decimal("98.40")
    assert total_of(body(), Decimal("-112.30")) == Decimal("0.00")
    assert below_floor(body(), Decimal("-112.30")) == Decimal("12.30")
    assert below_floor(body(), Decimal("-100.00")) == 0


@given(POINTS)
def test_sum_of_the_lines_is_the_total(points: Decimal) -> None:
    rules = body()
    assert rules.full_marks + points + below_floor(rules, points) == total_of(rules, points) >= rules.floor


@given(st.lists(POINTS, min_size=1, max_size=12))
def test_place_is_one_more_than_those_who_are_better(points: list[Decimal]) -> None:
    totals = dict(enumerate(points))
    assert rank(totals) == {key: 1 + sum(other > own for other in points) for key, own in totals.items()}
