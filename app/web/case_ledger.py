"""The ledger page: filters read from the address, rows turned into words once, in Python."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request, url_for
from sqlalchemy import select

from app.calendar import Calendar, say
from app.ledgers.cases import Filters, Horizon, LedgerRow, Paging, ReviewRow, ledger_page, review_page
from app.ledgers.cases.words import LISTING_REASONS, SOURCES, STATES
from app.ledgers.scores import contested_cases
from app.people import Unit, within
from app.web.case_looks import flag_looks, home_authority, horizon, state_look, time_left
from app.web.shell import desk

OPEN_WORD = "在办（默认）"
WHENS = {"overdue": "已逾期", "soon": "即将到期"}
PARTS = {"lead": "牵头", "assist": "配合"}
STATE_CHOICES = [("all", "全部（含已结束）"), ("ended", "已结束"), *STATES.items()]


def ledger_data() -> dict[str, Any]:
    """Return everything the ledger page shows."""
    session, actor = desk().session, desk().actor
    authority_id = home_authority(actor)
    days, calendar = horizon(authority_id), desk().context.calendar(authority_id)
    filters, typed = read_filters()
    page = ledger_page(session, actor, filters, days, Paging(request.args.get("after")), contested_cases(actor))
    units = _units()
    following = _url({**typed, "after": page.next_cursor}) if page.next_cursor else ""
    count = str(page.count) if page.is_counted else f"{page.count}+"
    return {
        "rows": [_row(row, calendar, days) for row in page.rows],
        "count": count,
        "said": f"本页 {len(page.rows)} 件，共 {count} 件",
        "next_url": following,
        "first_url": _url(typed) if request.args.get("after") else "",
        "typed": typed,
        "chosen": _chosen(typed, dict(units)),
        "reset_url": url_for("cases.ledger"),
        "units": units,
        "states": STATE_CHOICES,
        "sources": list(SOURCES.items()),
        "whens": list(WHENS.items()),
        "parts": list(PARTS.items()),
        "open_word": OPEN_WORD,
    }


def read_filters() -> tuple[Filters, dict[str, str]]:
    """Return the filters of the address and what was typed; what is not understood is left out."""
    names = ("q", "unit", "part", "state", "source", "when", "from", "to")
    typed = {name: request.args.get(name, "").strip()[:100] for name in names}
    allowed = {"part": PARTS, "state": dict(STATE_CHOICES), "source": SOURCES, "when": WHENS}
    for name, values in allowed.items():
        typed[name] = typed[name] if typed[name] in values else ""
    typed["unit"] = typed["unit"] if typed["unit"].isdecimal() else ""
    days = {name: _date(typed[name]) for name in ("from", "to")}
    typed |= {name: str(day or "") for name, day in days.items()}
    unit_id = int(typed["unit"]) if typed["unit"] else None
    words = (typed["part"], typed["state"], typed["source"], typed["when"])
    return Filters(typed["q"], unit_id, *words, days["from"], days["to"]), typed


def review_data() -> dict[str, Any]:
    """Return everything the review of discipline inspection shows."""
    authority_id = home_authority(desk().actor)
    days, calendar = horizon(authority_id), desk().context.calendar(authority_id)
    reason = request.args.get("reason", "")
    reason = reason if reason in LISTING_REASONS else ""
    is_open = request.args.get("open") == "1"
    page = review_page(desk().session, desk().actor, days, reason, is_open, request.args.get("after"))
    kept = {"reason": reason, "open": "1" if is_open else ""}
    tabs = [("", "全部", page.count), *((k, w, page.counts.get(k, 0)) for k, w in LISTING_REASONS.items())]
    return {
        "rows": [_review_row(row, calendar, days) for row in page.rows],
        "count": page.counts.get(reason, 0) if reason else page.count,
        "tabs": [
            {"label": w, "url": _review_url(kept | {"reason": k}), "active": k == reason, "count": n}
            for k, w, n in tabs
            if n or not k or k == reason
        ],
        "is_open": is_open,
        "open_url": _review_url(kept | {"open": "" if is_open else "1"}),
        "next_url": _review_url(kept | {"after": page.next_cursor}) if page.next_cursor else "",
        "first_url": _review_url(kept) if request.args.get("after") else "",
    }


def _row(row: LedgerRow, calendar: Calendar, days: Horizon) -> dict[str, Any]:
    case = row.case
    left, tone = time_left(calendar, case.state, case.due_on, days)
    word, state_tone = state_look(case.state)
    first = row.assists[0] if row.assists else ""
    more = f"等 {len(row.assists)} 家" if len(row.assists) > 1 else ""
    return {
        "url": f"/cases/{case.id}",
        "number": case.number or "未编号",
        "title": case.title,
        "state": word,
        "state_tone": state_tone,
        "flags": flag_looks(tuple(flag for flag in row.flags if flag.name not in ("overdue", "soon", "provisional"))),
        "lead": case.lead or "",
        "assists": first + more,
        "all_assists": "、".join(row.assists),
        "source": SOURCES.get(case.source_kind, ""),
        "due": say(case.due_on) if case.due_on else "",
        "due_iso": case.due_on,
        "provisional": case.due_provisional,
        "left": left,
        "tone": tone,
    }


def _review_row(row: ReviewRow, calendar: Calendar, days: Horizon) -> dict[str, Any]:
    shown = _row(LedgerRow(row.case, (), row.flags), calendar, days)
    shown["reasons"] = [(LISTING_REASONS[reason], say(on)) for reason, on in row.reasons]
    return shown


def _units() -> list[tuple[str, str]]:
    query = select(Unit.id, Unit.short_name).where(within(Unit, desk().actor), Unit.kind.in_(("town", "department")))
    return [(str(key), name) for key, name in desk().session.execute(query.order_by(Unit.position, Unit.id))]


def _chosen(typed: dict[str, str], units: dict[str, str]) -> list[tuple[str, str]]:
    words = {
        "q": f"含“{typed['q']}”",
        "unit": f"单位：{units.get(typed['unit'], '')}",
        "part": PARTS.get(typed["part"], ""),
        "state": f"状态：{dict(STATE_CHOICES).get(typed['state'], '')}",
        "source": f"来源：{SOURCES.get(typed['source'], '')}",
        "when": WHENS.get(typed["when"], ""),
        "from": f"期限不早于 {typed['from']}",
        "to": f"期限不晚于 {typed['to']}",
    }
    return [(words[name], _url({**typed, name: ""})) for name, value in typed.items() if value]


def _url(values: Mapping[str, str | None]) -> str:
    args: dict[str, Any] = {name: value for name, value in values.items() if value}
    return url_for("cases.ledger", **args)


def _review_url(values: Mapping[str, str | None]) -> str:
    args: dict[str, Any] = {name: value for name, value in values.items() if value}
    return url_for("cases.review", **args)


def _date(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
