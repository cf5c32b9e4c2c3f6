"""When a sheet was filled in: dates without a year are read by what its title says, where it has no date of its own."""

from datetime import date

import pytest

from app.core.sheet import Cell
from app.ledgers.intake import find_layout, read_rows
from tests.ledgers.intake.test_rows import GOOD, LOWER, STATED, row


def due_under(*above: str, stated: bool = False) -> date | None:
    """Return the deadline 4月底前 as it is read under these titles."""
    titles: list[tuple[Cell, ...]] = [(title,) * 10 for title in above]
    reading = read_rows(
        find_layout("整改台账"), [*titles, *([STATED] if stated else []), LOWER, row(整改时限="4月底前")]
    )
    return reading.rows[0].day("due_on")


@pytest.mark.parametrize(
    ("title", "meant"),
    [
        ("云岭县2026年10月整改台账", date(2027, 4, 30)),
        ("云岭县整改台账（２０２６年１月）", date(2026, 4, 30)),
        ("2026年度整改任务", date(2026, 4, 30)),
        ("二〇二六年度整改任务", date(2026, 4, 30)),
        ("2025年至2026年整改任务", None),
        ("整改台账", None),
    ],
)
def test_the_year_of_the_title_is_that_of_dates_without_one(title: str, meant: date | None) -> None:
    assert due_under(title) == meant


def test_the_date_of_the_sheet_itself_goes_before_its_title() -> None:
    assert due_under("2024年度整改台账", stated=True) == date(2026, 4, 30)


def test_the_header_itself_may_name_the_year() -> None:
    head = tuple("2026年度整改情况" if name == "备注" else name for name in LOWER)
    reading = read_rows(find_layout("整改台账"), [head, row(整改时限="4月底前")])
    assert reading.rows[0].day("due_on") == date(2026, 4, 30)


def test_the_month_of_a_title_dates_no_problem() -> None:
    reading = read_rows(find_layout("整改台账"), [("2026年10月台账",) * 10, LOWER, GOOD])
    assert reading.stated_on is None
