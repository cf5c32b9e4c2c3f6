"""The ledger page: what the address asks for, rows turned into words once, in Python."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import request, url_for
from sqlalchemy import select

from app.calendar import Calendar, say
from app.ledgers.cases import (
    ORDERS,
    USUAL,
    Horizon,
    LedgerRow,
    Page,
    Paging,
    ReviewRow,
    ledger_page,
    open_count,
    review_page,
    sees_tags,
    tags_in_use,
)
from app.ledgers.cases.words import LISTING_REASONS, OPEN_STATES, SOURCES, STATES
from app.ledgers.scores import contested_cases
from app.ledgers.views import columns_of
from app.people import Unit, takes_parts, within
from app.web.asked import word_asked
from app.web.bulk_page import acts_offered
from app.web.case_looks import flag_looks, home_authority, horizon, state_look, time_left
from app.web.chrome import counts_kept
from app.web.ledger_columns import attributes_of, cells_of, columns_read
from app.web.ledger_filters import (
    NUMBERS,
    OPEN_WORD,
    PARTS,
    STATE_CHOICES,
    TICKS,
    WHENS,
    Typed,
    asks_more,
    asks_nothing_but_state,
    chosen_words,
    filters_of,
    given,
    ledger_url,
    understood,
)
from app.web.ledger_views import columns_shown, views_shown
from app.web.searching import take_turn
from app.web.shell import desk


def ledger_data() -> dict[str, Any]:
    """Return everything the ledger page shows."""
    session, actor = desk().session, desk().actor
    authority_id = home_authority(actor)
    days, calendar = horizon(authority_id), desk().context.calendar(authority_id)
    units = _units()
    typed = understood(dict(units))
    filters = filters_of(typed)
    if filters.text:
        take_turn()
    names = columns_read(columns_of(session, actor))
    counts = counts_kept()
    is_exact = request.args.get("count") == "exact"
    known = _known_count(typed, counts)
    paging = Paging(request.args.get("after"), typed["sort"] or USUAL, attributes_of(names), is_exact, known)
    page = ledger_page(session, actor, replace(filters, calendar=calendar), days, paging, contested_cases(actor))
    following = ledger_url({**typed, "after": page.next_cursor}) if page.next_cursor else ""
    return {
        "rows": [_row(row, calendar, days) | {"cells": cells_of(names, row.case)} for row in page.rows],
        "said": _said(page, len(page.rows)),
        "exact_url": "" if page.is_counted else ledger_url({**typed, "after": paging.cursor, "count": "exact"}),
        "acts": acts_offered(),
        "whole": _whole(page) if following or paging.cursor else "",
        "next_url": following,
        "first_url": ledger_url(typed) if paging.cursor else "",
        "typed": typed,
        "is_more_open": asks_more(typed),
        "chosen": chosen_words(typed, dict(units)),
        "reset_url": url_for("cases.ledger"),
        "tabs": _tabs(typed, counts),
        "units": units,
        "sheet_url": url_for("exports.sheet", **given(typed)),
        "sort_word": ORDERS[typed["sort"] or USUAL].label,
        **_choices(),
        **columns_shown(names),
        **views_shown(typed),
    }


def _choices() -> dict[str, Any]:
    """Return what the filters offer."""
    session, actor = desk().session, desk().actor
    return {
        "states": STATE_CHOICES,
        "sources": list(SOURCES.items()),
        "whens": list(WHENS.items()),
        "parts": list(PARTS.items()),
        "tags": [(words, words) for words in session.scalars(tags_in_use(actor))] if sees_tags(actor) else [],
        "numbers": NUMBERS,
        "ticks": TICKS,
        "sorts": [(key, order.label) for key, order in ORDERS.items()],
        "open_word": OPEN_WORD,
    }


def _said(page: Page, shown: int) -> str:
    count = f"{page.count:,}" if page.is_counted else f"{page.count}+"
    return f"本页 {shown} 件，共 {count} 件"


def _whole(page: Page) -> str:
    return f"全部符合条件的 {page.count:,} 件" if page.is_counted else f"全部符合条件的问题（{page.count:,} 件以上）"


def _known_count(typed: Typed, counts: dict[str, int] | None) -> int | None:
    """Return how many a ledger of states alone holds, from what is kept; None where it must be counted."""
    if counts is None or not asks_nothing_but_state(typed):
        return None
    state = typed["state"]
    if state in STATES:
        return counts.get(state, 0)
    everything, still_open = sum(counts.values()), open_count(counts)
    return {"": still_open, "all": everything, "ended": everything - still_open}[state]


def _tabs(typed: Typed, counts: dict[str, int] | None) -> list[dict[str, Any]]:
    """Return the states as tabs with their kept counts; none where counts are not kept for what the reader sees."""
    if counts is None:
        return []
    here = typed["state"]
    wanted = [("", "在办", open_count(counts)), *((s, STATES[s], counts.get(s, 0)) for s in (*OPEN_STATES, "closed"))]
    return [
        {"label": word, "url": ledger_url({**typed, "state": key}), "active": key == here, "count": count}
        for key, word, count in wanted
        if count or not key or key == here
    ]


def review_data() -> dict[str, Any]:
    """Return everything the review of discipline inspection shows."""
    authority_id = home_authority(desk().actor)
    days, calendar = horizon(authority_id), desk().context.calendar(authority_id)
    reason = word_asked("reason", "原因", LISTING_REASONS)
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
        "pick": f"{case.id}.{case.version}",
        "tags": row.tags,
        "number": case.number or "未编号",
        "title": case.title,
        "state": word,
        "state_tone": state_tone,
        "flags": flag_looks(tuple(flag for flag in row.flags if flag.name not in ("overdue", "soon", "provisional"))),
        "lead": case.lead or "",
        "assists": first + more,
        "all_assists": "、".join(row.assists),
        "source": "、".join(SOURCES.get(kind, kind) for kind in (case.source_kind, *row.sources)),
        "due": say(case.due_on) if case.due_on else "",
        "due_iso": case.due_on,
        "provisional": case.due_provisional,
        "left": left,
        "tone": tone,
    }


def _review_row(row: ReviewRow, calendar: Calendar, days: Horizon) -> dict[str, Any]:
    shown = _row(LedgerRow(row.case, flags=row.flags), calendar, days)
    shown["reasons"] = [(LISTING_REASONS[reason], say(on)) for reason, on in row.reasons]
    return shown


def _units() -> list[tuple[str, str]]:
    query = select(Unit.id, Unit.short_name).where(within(Unit, desk().actor), takes_parts(), Unit.kind != "county")
    return [(str(key), name) for key, name in desk().session.execute(query.order_by(Unit.position, Unit.id))]


def _review_url(values: Mapping[str, str | None]) -> str:
    args: dict[str, Any] = {name: value for name, value in values.items() if value}
    return url_for("cases.review", **args)
