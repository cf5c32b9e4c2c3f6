"""What a unit's open cases will have cost by a day if nothing happens, case by case, with the calculation."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from flask import url_for

from app.ledgers.scores import CaseForecast, Deduction, RuleVersion, below_floor, unit_forecasts
from app.people import Unit
from app.web.score_looks import cases_named, day_asked, with_minus
from app.web.shell import desk

CASES_SHOWN = 30
LINES_SHOWN = 5
ZERO = Decimal("0.00")


def forecast_shown(
    unit: Unit, year: int, version: RuleVersion, confirmed: Decimal, undecided: Decimal
) -> dict[str, Any] | None:
    """Return the forecast up to the day asked for; None for a year that is over."""
    today, last = desk().moment.day, date(year, 12, 31)
    if last < today:
        return None
    first = max(today, date(year, 1, 1))
    until, calendar = day_asked("until", first, last), desk().context.calendar(unit.authority_id or 0)
    found = unit_forecasts(desk().session, desk().actor, unit, until, today, calendar)
    rows = sorted((_row(one, year) for one in found), key=lambda row: (row["to_come"], row["case_id"]))
    costly = [row for row in rows if row["lines"]]
    to_come = sum((row["to_come"] for row in costly), ZERO)
    named = cases_named([row["case_id"] for row in costly[:CASES_SHOWN]])
    points = confirmed + undecided + to_come
    below = below_floor(version.body, points)
    return {
        "url": url_for("scores.unit", ref=unit.id),
        "until": until,
        "first": first,
        "last": last,
        "rows": [row | {"case": named.get(row["case_id"])} for row in costly[:CASES_SHOWN]],
        "rest": len(costly) - len(costly[:CASES_SHOWN]),
        "rest_sum": sum((row["to_come"] for row in costly[CASES_SHOWN:]), ZERO),
        "quiet": len(rows) - len(costly),
        "full": version.body.full_marks,
        "confirmed": confirmed,
        "undecided": undecided,
        "to_come": to_come,
        "below": below,
        "total": version.body.full_marks + points + below,
        "unknown_years": calendar.unknown_years(first, until),
    }


def _row(one: CaseForecast, year: int) -> dict[str, Any]:
    lines = [line for line in one.to_come if line.day.year == year]
    by_rule = sorted(lines, key=lambda line: line.rule)
    return {
        "case_id": one.case_id,
        "to_come": sum((line.points for line in lines), ZERO),
        "lines": lines,
        "steps": [_step(list(group)) for _, group in groupby(by_rule, key=lambda line: line.rule)],
    }


def _step(lines: Sequence[Deduction]) -> dict[str, Any]:
    """Draw the lines of one rule together: the first ones with their calculation, the rest as a number."""
    return {
        "first": lines[0].day,
        "last": lines[-1].day,
        "count": len(lines),
        "points": sum((line.points for line in lines), ZERO),
        "said": [
            {"day": line.day, "points": line.points, "words": with_minus(line.calculation)}
            for line in lines[:LINES_SHOWN]
        ],
        "more": max(0, len(lines) - LINES_SHOWN),
    }
