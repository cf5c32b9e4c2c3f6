"""期限日历: a month of what is due, day by day, with days off and swapped working days; and one day whole."""

import calendar as months
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for

from app.calendar import Calendar
from app.core.errors import Absent
from app.ledgers.due import KINDS, Span, due_in, due_on
from app.web.asked import note, typed_in, word_asked
from app.web.case_looks import home_authority
from app.web.policy import route
from app.web.shell import desk
from app.web.slip_looks import READERS

blueprint = Blueprint("due", __name__)
FIRST, LAST = 2004, 2100
ENDPOINTS = {
    "cases": "cases.case",
    "slips": "slips.slip",
    "interviews": "talks.interview",
    "instructions": "talks.instruction",
}
OF_PARTS = ("receipt", "slip_sign", "slip_receipt", "slip_reply")  # what bears one title for several units
LABELS = {kind.key: kind.label for kind in KINDS}


@route(blueprint, "/due", READERS)
def month() -> str:
    """Show a month; this one unless asked."""
    first = _month_asked(typed_in("month"))
    last = _next_month(first) - timedelta(days=1)
    key, calendar = _key(), _calendar()
    found = due_in(desk().session, desk().actor, _span(calendar, first, last), key)
    days: dict[date, list[dict[str, Any]]] = defaultdict(list)
    for row in found:
        if row.place == 1:
            days[row.on].append(_group(row, key))
        days[row.on][-1]["items"].append(_item(row))
    return render_template(
        "due/month.html",
        first=first,
        weeks=_weeks(calendar, first, days),
        is_known=calendar.knows(first),
        total=sum(group["count"] for groups in days.values() for group in groups),
        kinds=[("", "全部种类"), *LABELS.items()],
        key=key,
        today=desk().moment.day,
        before=_address(first - timedelta(days=1), key),
        after=_address(_next_month(first), key),
        now=_address(desk().moment.day, key),
    )


@route(blueprint, "/due/<day>", READERS)
def day(day: str) -> str:
    """Show what is due on one day, kind by kind."""
    asked, key, calendar = _day_asked(day), _key(), _calendar()
    cursor = request.args.get("after")
    page = due_on(desk().session, desk().actor, _span(calendar, asked, asked), key, cursor)
    counts = [(LABELS[kind], count, url_for("due.day", day=day, kind=kind)) for kind, count in page.counts.items()]
    return render_template(
        "due/day.html",
        day=asked,
        mark=_mark(calendar, asked),
        rows=[_item(row) | {"kind": KINDS[row.rank].label, "unit": row.unit} for row in page.rows],
        counts=counts,
        key=key,
        is_late=asked < desk().moment.day,
        month_url=_address(asked, key),
        all_url=url_for("due.day", day=day),
        next_url=url_for("due.day", day=day, after=page.next_cursor, kind=key or None) if page.next_cursor else "",
        first_url=url_for("due.day", day=day, kind=key or None) if cursor else "",
        said=f"本页 {len(page.rows)} 项，共 {sum(page.counts.values())} 项",
        before=url_for("due.day", day=asked - timedelta(days=1), kind=key or None),
        after=url_for("due.day", day=asked + timedelta(days=1), kind=key or None),
    )


def _weeks(
    calendar: Calendar, first: date, days: dict[date, list[dict[str, Any]]]
) -> list[list[dict[str, Any] | None]]:
    weeks = months.Calendar(0).monthdatescalendar(first.year, first.month)
    return [
        [_cell(calendar, day, days.get(day, [])) if day.month == first.month else None for day in week]
        for week in weeks
    ]


def _cell(calendar: Calendar, day: date, groups: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "day": day,
        "url": url_for("due.day", day=day),
        "working": calendar.is_working(day),
        "mark": _mark(calendar, day),
        "groups": groups,
        "count": sum(group["count"] for group in groups),
        "is_late": day < desk().moment.day,
    }


def _mark(calendar: Calendar, day: date) -> tuple[str, str]:
    """Return the sign of a day that a notice declares off or worked, and what it is called."""
    special = calendar.special.get(day)
    return ("", "") if special is None else ("休" if special.off else "班", special.name)


def _group(row: Any, key: str) -> dict[str, Any]:
    kind = KINDS[row.rank]
    url = url_for("due.day", day=row.on, kind=kind.key)
    return {"label": kind.label, "count": row.count, "url": url, "items": [], "more": max(0, row.count - 2)}


def _item(row: Any) -> dict[str, Any]:
    url = url_for(ENDPOINTS[KINDS[row.rank].noun], ref=row.target)
    unit = row.unit if KINDS[row.rank].key in OF_PARTS else ""
    return {"url": url, "number": row.number, "title": row.title, "of": unit}


def _span(calendar: Calendar, first: date, last: date) -> Span:
    """Name the days, and those of receipt of which the last day for a plan lies among them."""
    context, authority_id = desk().context, home_authority(desk().actor)
    limit = context.parameters(authority_id)["plan_days"]
    received = calendar.add_working(first, -limit) - timedelta(days=1)
    plans = {}
    while received <= last:
        due = context.days_from(authority_id, limit, received).on
        if first <= due <= last:
            plans[received] = due
        received += timedelta(days=1)
    return Span(first, last, plans)


def _calendar() -> Calendar:
    return desk().context.calendar(home_authority(desk().actor))


def _key() -> str:
    return word_asked("kind", "种类", LABELS)


def _month_asked(typed: str) -> date:
    """Read a month of the address; this one without it, and for what is none, of which the page says so."""
    try:
        return _day_asked(f"{typed}-01")
    except Absent:
        note(typed, "月份", "month")
        return desk().moment.day.replace(day=1)


def _day_asked(typed: str) -> date:
    """Read a day of the address; Absent for what is none."""
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        raise Absent from None
    if not FIRST <= found.year <= LAST or found.isoformat() != typed:
        raise Absent
    return found


def _next_month(first: date) -> date:
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1)


def _address(day: date, key: str) -> str:
    return url_for("due.month", month=f"{day:%Y-%m}", kind=key or None)
