"""What the pages of layouts and exports show: the rows in a layout's columns, how far an export is, what was exported."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import request, url_for

from app.core.clock import ZONE
from app.ledgers.cases import USUAL, Asked, Filters
from app.ledgers.exports import Export, Photo, Record, Records, value_of
from app.ledgers.exports.words import EXPORT_STATES, UNDER_WAY
from app.ledgers.intake import Column, Layout, layout_of, layouts_of, load_books
from app.people import visible
from app.web.asked import SCOPES, note, typed_in, word_asked
from app.web.ledger_filters import filters_of, understood
from app.web.searching import take_turn
from app.web.shell import desk
from app.workflows.exporting import BOOK, Wanted, conditions_for, count_rows, home_grant

PAPER = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = 20
MOST_SHOWN = 30
WIDE = 20  # characters of a column that takes the width of a card
MOST_COUNTED = 1000
USUAL_LAYOUT = "rectification"
EXPORT_TONES = {"waiting": "waiting", "running": "active", "done": "good", "failed": "bad", "expired": "ended"}
MEGABYTE = 1024 * 1024


def asked() -> Wanted:
    """Return the ledger that the address asks for."""
    typed = understood()
    return Wanted(_layout(), filters_of(typed), typed["sort"] or USUAL)


def wanted_book(which: str, unit_id: int | None) -> Wanted:
    """Return the list or book that is asked for, of a unit or of all; what has ended only of a unit."""
    is_open = unit_id is None or word_asked("state", "范围", SCOPES) != "all"
    return Wanted(load_books()[f"{BOOK}{which}"], book=Asked(unit_id, is_open))


def sheet_data() -> dict[str, Any]:
    """Return everything the ledger in a layout shows."""
    wanted = asked()
    layout, filters = wanted.layout, wanted.filters
    if filters.text:
        take_turn()
    context, given = desk().context, _given()
    records = Records(
        context.session, context.actor, {column.field for column in layout.shown}, context.day, layout.ledger_of
    )
    place = request.args.get("place")
    found, following = records.page(conditions_for(context, filters), wanted.order, place, ROWS)
    count = count_rows(context, filters, MOST_COUNTED + 1)
    direct = context.parameters(home_grant(context.actor).authority_id or 0)["export_direct_rows"]
    said = f"{count} 件" if count <= MOST_COUNTED else f"{MOST_COUNTED} 多件"
    return {
        "layout": layout,
        "layouts": [(one.code, one.name) for one in layouts_of(context.session, context.actor)],
        "heads": header_rows(layout),
        "rows": [_row(layout, record, context.day) for record in found],
        "said": said,
        "is_long": count > direct,
        "kept": [(name, value) for name, value in given.items() if name not in ("layout", "place")],
        "export_url": url_for("exports.exports", **_args(given, layout=layout.code, place=None)),
        "ledger_url": url_for("cases.ledger", **_args(given, layout=None, place=None)),
        "next_url": url_for("exports.sheet", **_args(given, place=following)) if following else "",
        "first_url": url_for("exports.sheet", **_args(given, place=None)) if place else "",
        "is_narrowed": filters != Filters(),
    }


def header_rows(layout: Layout) -> list[list[tuple[str, int, int]]]:
    """Return the header as rows of (words, columns, rows), merged as it is on paper."""
    rows: list[list[tuple[str, int, int]]] = [[] for _ in range(layout.depth)]
    before: tuple[str, ...] = ()
    for column in layout.shown:
        groups, lowest = column.heads[:-1], column.heads[-1]
        for level, words in enumerate(groups):
            if before[: level + 1] == groups[: level + 1]:
                said, columns, deep = rows[level][-1]
                rows[level][-1] = (said, columns + 1, deep)
            else:
                rows[level].append((words, 1, 1))
        rows[len(groups)].append((lowest, 1, layout.depth - len(groups)))
        before = groups
    return rows


def export_shown(export: Export) -> dict[str, Any]:
    """Return an export as its page and the list show it."""
    kept = desk().context.parameters(export.authority_id)["export_kept_days"]
    return {
        "id": export.id,
        "url": url_for("exports.export", ref=export.id),
        "file_url": url_for("exports.file", ref=export.id) if _is_ready(export) else "",
        "name": export.file_name,
        "layout": layout_of(desk().session, export.layout).name,
        "state": EXPORT_STATES[export.state],
        "tone": EXPORT_TONES[export.state],
        "is_under_way": export.state in UNDER_WAY,
        "done": export.done,
        "total": export.total,
        "size": f"{export.size / MEGABYTE:.1f} MB" if export.size else "",
        "note": export.note,
        "asked_at": export.asked_at.astimezone(ZONE),
        "kept_until": (export.ended_at + timedelta(days=kept)).astimezone(ZONE).date() if export.ended_at else None,
    }


def past_exports() -> list[dict[str, Any]]:
    """Return the person's newest exports."""
    query = visible(Export, desk().actor).order_by(Export.id.desc()).limit(MOST_SHOWN)
    return [export_shown(export) for export in desk().session.scalars(query)]


def _is_ready(export: Export) -> bool:
    return export.state == "done" or (export.state == "waiting" and export.total is not None)


def _layout() -> Layout:
    layouts = {layout.code: layout for layout in layouts_of(desk().session, desk().actor)}
    code = typed_in("layout")
    if code not in layouts:
        note(code, "版式", "layout")
    return layouts.get(code) or layouts[USUAL_LAYOUT]


def _row(layout: Layout, record: Record, today: date) -> dict[str, Any]:
    cells = [_cell(column, record, today) for column in layout.shown if column.kind != "serial"]
    return {"number": record.case.number or "未编号", "url": url_for("cases.case", ref=record.case.id), "cells": cells}


def _cell(column: Column, record: Record, today: date) -> dict[str, Any]:
    value = value_of(column, record, 0, today)
    pictures = [_picture(photo) for photo in value] if isinstance(value, tuple) else []
    said = "" if isinstance(value, tuple) or value is None else str(value)
    return {"label": column.label, "said": said, "pictures": pictures, "look": _look(column)}


def _look(column: Column) -> str:
    if column.kind in ("date", "photos"):
        return f"k-sheet-{column.kind}"
    return "k-sheet-long k-card-full" if column.width > WIDE else ""


def _picture(photo: Photo) -> str:
    return url_for("cases.evidence", ref=photo.id, inline=1)


def _given() -> dict[str, str]:
    return {name: value[:100] for name, value in request.args.items() if value and name != "after"}


def _args(given: Mapping[str, str], **others: str | None) -> dict[str, Any]:
    return {name: value for name, value in {**given, **others}.items() if value}
