"""A unit's page: the total and how it comes about, the lines behind it by case, and what is yet to come."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import url_for

from app.ledgers.scores import (
    CaseAccount,
    RuleBook,
    RuleVersion,
    ScoreEntry,
    Standing,
    UnitScore,
    account_lines,
    below_floor,
    load_book,
    rules_for,
    score_sheet,
    unit_accounts,
)
from app.ledgers.scores.words import STANDINGS
from app.people import Unit
from app.web.asked import word_asked
from app.web.score_forecast import forecast_shown
from app.web.score_looks import cases_named, page_asked, rules_shown, standing_look, unit_seen, with_minus, year_asked
from app.web.shell import desk

CASES_SHOWN = 10
OPEN_ONES = ("proposed", "contested")
FILTERS: dict[str, tuple[str, ...]] = {
    "confirmed": ("confirmed",),
    "proposed": ("proposed", "contested"),
    "contested": ("contested",),
    "reversed": ("reversed",),
}
FILTER_WORDS = {"confirmed": "确认", "proposed": "拟扣和申辩中", "contested": "申辩中", "reversed": "冲销"}
ZERO = Decimal("0.00")


def unit_data(unit_id: int) -> dict[str, Any]:
    """Return everything the unit's page shows; Absent when the actor may not open it."""
    unit, year, day = unit_seen(unit_id), year_asked(), desk().moment.day
    authority_id = unit.authority_id or 0
    book = load_book(desk().session, authority_id)
    version = rules_for(book, year, day)
    accounts = unit_accounts(desk().session, desk().actor, unit.id, year)
    data = {
        "unit": unit.name,
        "unit_id": unit.id,
        "year": year,
        "is_own": unit.id in desk().actor.own_units,
        "url": url_for("scores.unit", ref=unit.id, year=year),
        "rules": rules_shown(version),
        "place": _place(unit, year) if version else None,
        "ledger": _ledger(unit, year, accounts, book),
    }
    if version is not None:
        data["statement"] = statement = _statement(version, accounts)
        data["forecast"] = forecast_shown(unit, year, version, statement["counted"], statement["open"])
    return data


def _statement(version: RuleVersion, accounts: Sequence[CaseAccount]) -> dict[str, Any]:
    """Return the account in figures; its lines add up to the total."""
    body = version.body
    confirmed = sum((account.sum(("confirmed",)) for account in accounts), ZERO)
    undecided = sum((account.sum(OPEN_ONES) for account in accounts), ZERO)
    contested = sum((account.sum(("contested",)) for account in accounts), ZERO)
    below = below_floor(body, confirmed)
    return {
        "full": body.full_marks,
        "floor": body.floor,
        "counted": confirmed,
        "below": below,
        "total": body.full_marks + confirmed + below,
        "open": undecided,
        "contested": contested,
        "if_confirmed": body.full_marks + confirmed + undecided + below_floor(body, confirmed + undecided),
        "counts": {name: sum(account.count(states) for account in accounts) for name, states in FILTERS.items()},
    }


def _place(unit: Unit, year: int) -> dict[str, Any] | None:
    """Return the unit's place in its group; None for a unit that is not assessed."""
    calendar = desk().context.calendar(unit.authority_id or 0)
    values = (desk().session, desk().actor, unit.authority_id or 0, year, desk().moment.day, calendar)
    sheet = score_sheet(*values, with_forecast=False)
    line: UnitScore | None = next((line for line in sheet if line.unit_id == unit.id), None)
    if line is None or line.group is None:
        return None
    group = [other for other in sheet if other.group == line.group]
    tied = sum(1 for other in group if other.rank == line.rank) > 1
    url = url_for("scores.ranking", year=year)
    return {"rank": line.rank, "tied": tied, "of": len(group), "group": line.group.name, "url": url}


def _ledger(unit: Unit, year: int, accounts: Sequence[CaseAccount], book: RuleBook) -> dict[str, Any]:
    """Return one page of the lines, grouped by case, of the standing asked for."""
    wanted = word_asked("standing", "状态", FILTERS)
    states = FILTERS.get(wanted)
    chosen = [account for account in accounts if account.count(states)]
    page = min(page_asked(), max(0, len(chosen) - 1) // CASES_SHOWN)
    shown = chosen[page * CASES_SHOWN : (page + 1) * CASES_SHOWN]
    ids = [account.case_id for account in shown]
    lines = account_lines(desk().session, desk().actor, unit.id, year, ids, states)
    named, rules = cases_named(ids), _rule_names(book)
    groups = [_group(account, lines[account.case_id], named, rules, states) for account in shown]
    names: dict[str, Any] = {"ref": unit.id, "year": year, "standing": wanted if states else None, "_anchor": "entries"}
    more = (page + 1) * CASES_SHOWN < len(chosen)
    return {
        "tabs": _tabs(unit, year, accounts, wanted if states else ""),
        "word": FILTER_WORDS.get(wanted, "全部"),
        "groups": groups,
        "cases": len(chosen),
        "count": sum(account.count(states) for account in chosen),
        "sum": sum((account.sum(states) for account in chosen), ZERO),
        "page_sum": sum((account.sum(states) for account in shown), ZERO),
        "is_whole": len(shown) == len(chosen),
        "next_url": url_for("scores.unit", page=page + 2, **names) if more else "",
        "first_url": url_for("scores.unit", **names) if page else "",
    }


def _group(
    account: CaseAccount,
    lines: Sequence[tuple[ScoreEntry, Standing]],
    named: dict[int | None, dict[str, Any]],
    rules: dict[tuple[int, str], str],
    states: tuple[str, ...] | None,
) -> dict[str, Any]:
    case = named.get(account.case_id)
    rows = [_line(entry, standing, rules) for entry, standing in lines]
    until = [row["object_until"] for row in rows if row["object_until"]]
    return {
        "case": case,
        "number": case["number"] if case else "",
        "title": case["title"] if case else "这一件现在不在您的查看范围内",
        "rows": rows,
        "sum": account.sum(states),
        "parts": [(STANDINGS[s], account.points[s], n) for s, n in account.counts.items() if s != "reversed"],
        "object_until": min(until, default=None),
        "object_url": f"{case['url']}#moves" if case and until else "",
    }


def _line(entry: ScoreEntry, standing: Standing, rules: dict[tuple[int, str], str]) -> dict[str, Any]:
    hears = standing.state == "proposed" and standing.object_until >= desk().moment.day and entry.points < 0
    return {
        "url": url_for("scores.entry", ref=entry.id),
        "day": entry.day,
        "rule": rules.get((entry.rule_set_id, entry.rule), entry.rule),
        "calculation": with_minus(entry.calculation),
        "points": entry.points,
        "beyond": entry.beyond,
        "standing": standing_look(entry, standing),
        "is_void": standing.state == "reversed",
        "object_until": standing.object_until if hears else None,
    }


def _rule_names(book: RuleBook) -> dict[tuple[int, str], str]:
    return {(version.id, rule.code): rule.name for version in book.versions for rule in version.body.rules}


def _tabs(unit: Unit, year: int, accounts: Sequence[CaseAccount], chosen: str) -> list[dict[str, Any]]:
    tabs = [("", "全部", None)] + [(name, FILTER_WORDS[name], states) for name, states in FILTERS.items()]
    found = []
    for name, word, states in tabs:
        count = sum(account.count(states) for account in accounts)
        if not count and name not in ("", chosen):
            continue
        url = url_for("scores.unit", ref=unit.id, year=year, _anchor="entries", standing=name or None)
        found.append({"label": word, "url": url, "active": name == chosen, "count": count})
    return found
