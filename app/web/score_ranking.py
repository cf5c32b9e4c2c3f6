"""The ranking of a year: each group for itself, with the rules it stands on; numbers lead to the unit's own page."""

from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from sqlalchemy import func, select

from app.ledgers.cases import Case
from app.ledgers.scores import Total, UnitScore, load_book, rules_for, score_sheet, scored_years, sees_scores
from app.people import Role
from app.web.score_looks import authority_asked, rules_shown, year_asked
from app.web.shell import desk

# from so many open cases on, the forecast of a whole county is worked out when it is asked for
FORESEEN_AT_ONCE = 400


def ranking_data() -> dict[str, Any]:
    """Return the ranking of the year and authority asked for, as far as the actor sees it."""
    session, actor, day = desk().session, desk().actor, desk().moment.day
    year, authority_id = year_asked(), authority_asked()
    version = rules_for(load_book(session, authority_id), year, day)
    is_result_reader = actor.roles == {Role.ORGANISATION}
    data: dict[str, Any] = {
        "year": year,
        "years": _years(authority_id, year),
        "rules": rules_shown(version),
        "can_draft": actor.grant(Role.ASSESSOR, authority_id=authority_id) is not None,
        "waits_for_publication": is_result_reader,
        "groups": [],
        "shows_forecast": False,
        "hides_some": False,
        "asks_forecast": "",
    }
    if version is None or is_result_reader:
        return data
    foresees = year >= day.year and (not _is_large(authority_id) or request.args.get("forecast") == "1")
    calendar = desk().context.calendar(authority_id)
    sheet = score_sheet(session, actor, authority_id, year, day, calendar, with_forecast=foresees)
    data["groups"] = _groups(sheet, authority_id, year)
    data["shows_forecast"] = foresees
    data["hides_some"] = any(not row["may_open"] for group in data["groups"] for row in group["rows"])
    if year >= day.year and not foresees:
        data["asks_forecast"] = url_for("scores.ranking", year=year, forecast=1)
    return data


def _groups(sheet: Sequence[UnitScore], authority_id: int, year: int) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    places: dict[tuple[str, int | None], int] = {}
    for line in sheet:
        if line.group is not None:
            key = (line.group.code, line.rank)
            places[key] = places.get(key, 0) + 1
    for line in sheet:
        if line.group is None:
            continue
        group = found.setdefault(line.group.code, {"name": line.group.name, "rows": []})
        group["rows"].append(_row(line, authority_id, year, places[line.group.code, line.rank] > 1))
    return list(found.values())


def _row(line: UnitScore, authority_id: int, year: int, is_tied: bool) -> dict[str, Any]:
    actor = desk().actor
    may_open = sees_scores(actor, authority_id, line.unit_id)
    return {
        "rank": line.rank,
        "is_tied": is_tied,
        "unit": line.unit,
        "url": url_for("scores.unit", ref=line.unit_id, year=year) if may_open else "",
        "proposed_url": url_for("scores.unit", ref=line.unit_id, year=year, standing="proposed", _anchor="entries"),
        "forecast_url": url_for("scores.unit", ref=line.unit_id, year=year, _anchor="forecast"),
        "is_own": line.unit_id in actor.own_units,
        "may_open": may_open,
        "total": line.total,
        "confirmed": line.confirmed - line.below,
        "below": line.below,
        "proposed": line.proposed,
        "forecast": line.forecast,
        "forecast_total": None if line.forecast is None or line.total is None else _ahead(line),
    }


def _ahead(line: UnitScore) -> Any:
    """Return the total that the forecast leaves: full marks are what the total and the points that count add up to."""
    return (line.total or 0) - line.confirmed + (line.forecast or 0)


def _is_large(authority_id: int) -> bool:
    query = select(Case.id).where(Case.authority_id == authority_id, Case.ended_on.is_(None))
    few = query.where(Case.assigned_on.is_not(None)).limit(FORESEEN_AT_ONCE + 1).subquery()
    own = desk().actor.own_units
    return not own and (desk().session.scalar(select(func.count()).select_from(few)) or 0) > FORESEEN_AT_ONCE


def _years(authority_id: int, year: int) -> list[dict[str, Any]]:
    years = {year, desk().moment.day.year, *scored_years(desk().session, authority_id, Total)}
    return [
        {"label": f"{y} 年", "url": url_for("scores.ranking", year=y), "active": y == year, "count": None}
        for y in sorted(years, reverse=True)
    ]
