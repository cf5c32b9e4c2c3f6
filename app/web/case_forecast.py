"""What a case will have cost by a day if nothing happens, for each unit whose score the actor sees."""

from datetime import date
from typing import Any

from flask import request, url_for
from sqlalchemy import select

from app.ledgers.cases import find_case
from app.ledgers.cases.words import WORKING_STATES
from app.ledgers.scores import case_forecasts
from app.people import Unit, within
from app.web.score_looks import with_minus
from app.web.shell import desk

MOST_LINES = 12


def forecast_data(case_id: int) -> dict[str, Any]:
    """Return the forecast of a case up to the day asked for, 31 December unless told; Absent when it is not seen."""
    session, actor, today = desk().session, desk().actor, desk().moment.day
    seen = find_case(session, actor, case_id)
    last = date(today.year, 12, 31)
    until = _until(request.args.get("until", ""), today, last)
    calendar = desk().context.calendar(seen.case.authority_id)
    found = case_forecasts(session, actor, [case_id], until, calendar) if seen.case.state in WORKING_STATES else []
    units = select(Unit.id, Unit.short_name).where(within(Unit, actor), Unit.id.in_([row.unit_id for row in found]))
    names = {unit_id: name for unit_id, name in session.execute(units)}
    return {
        "title": seen.case.title,
        "number": seen.case.number or "未编号",
        "case_url": url_for("cases.case", ref=case_id),
        "url": url_for("cases.forecast", ref=case_id),
        "until": until,
        "first": today,
        "last": last,
        "rows": [_row(row, names) for row in found],
    }


def _row(row: Any, names: dict[int, str]) -> dict[str, Any]:
    lines = [{"day": line.day, "points": line.points, "words": with_minus(line.calculation)} for line in row.to_come]
    return {
        "unit": names.get(row.unit_id, ""),
        "on_record": row.on_record,
        "to_come": row.total - row.on_record,
        "total": row.total,
        "lines": lines[:MOST_LINES],
        "more": max(0, len(lines) - MOST_LINES),
    }


def _until(typed: str, first: date, last: date) -> date:
    try:
        return min(max(date.fromisoformat(typed), first), last)
    except ValueError:
        return last
