"""How slips look: the type with its colour as shape and word, the state, the clock that runs, whom it concerns."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import url_for

from app.calendar import Calendar, say_remaining
from app.ledgers.slips.words import SLIP_STATES
from app.people import Role
from app.web.policy import only

READERS = only(Role.INSPECTOR, Role.SUPERVISOR, Role.ASSESSOR, Role.LEADER, Role.HEAD, Role.LIAISON, Role.DISCIPLINE)
COLOURS = {"蓝": "blue", "黄": "yellow", "橙": "orange", "红": "red"}
STATE_TONES = {
    "draft": "draft",
    "issued": "waiting",
    "acknowledged": "active",
    "replied": "checking",
    "settled": "good",
    "withdrawn": "ended",
    "lapsed": "ended",
}
CLOCKS = {"draft": "应签发", "issued": "应签收", "acknowledged": "应回复"}
ESCALATING = 3  # pairs of words of the reason shown in a list
PLAIN = ("来由", "规则", "逾期")  # labels that their words do without


def slip_look(slip: Any) -> dict[str, str]:
    """Return the name of a slip's type, its colour word and the class that draws the colour."""
    return {"name": slip.name, "colour": slip.colour, "look": COLOURS.get(slip.colour, "plain")}


def slip_state(slip: Any) -> tuple[str, str]:
    """Return the word and the tone of a slip's state."""
    return SLIP_STATES[slip.state], STATE_TONES.get(slip.state, "ended")


def clock_of(slip: Any, calendar: Calendar, day: date) -> dict[str, Any] | None:
    """Return the clock that runs now: its words, the date, what is left and in which tone; None when none runs."""
    due_on = {"draft": slip.sign_due_on, "issued": slip.receipt_due_on, "acknowledged": slip.reply_due_on}.get(
        slip.state
    )
    if due_on is None:
        return None
    left, tone = left_until(calendar, day, due_on)
    if is_answered_anew(slip):
        was_late = slip.first_replied_on > due_on
        said = f"首次回复{'已逾期' if was_late else '按期'}，被退回"
        return {"label": "应重新回复，原期限", "on": due_on, "left": said, "tone": "bad" if was_late else "warn"}
    return {"label": CLOCKS[slip.state], "on": due_on, "left": left, "tone": tone}


def is_answered_anew(slip: Any) -> bool:
    """Say whether a reply was refused: the first one stopped the clock, and another is awaited under the old limit."""
    return slip.state == "acknowledged" and slip.first_replied_on is not None


def left_until(calendar: Calendar, day: date, due_on: date) -> tuple[str, str]:
    """Say how long is left until a date, and in which tone."""
    tone = "bad" if due_on < day else "warn" if due_on == day else ""
    return say_remaining(calendar, day, due_on), tone


def short_why(why: Iterable[Iterable[str]]) -> str:
    """Return the reason of a slip in one line: the first words of it."""
    pairs = [(str(label), str(words)) for label, words in why if words][:ESCALATING]
    return "；".join(words if label in PLAIN else f"{label} {words}" for label, words in pairs)


def slip_row(row: Any, calendar: Calendar, day: date) -> dict[str, Any]:
    """Return a slip as a row of a list."""
    return {
        "id": row.id,
        "version": row.version,
        "url": url_for("slips.slip", ref=row.id),
        "number": row.number or "未编号",
        "type": slip_look(row),
        "state": slip_state(row),
        "unit": row.unit,
        "case_number": row.case_number or "未编号",
        "title": row.title or "这一件现在不在您的查看范围内",
        "case_url": url_for("cases.case", ref=row.case_id) if row.seen_case_id else "",
        "clock": clock_of(row, calendar, day),
        "issued_on": row.issued_on,
        "provisional": row.is_provisional,
        "why": short_why(row.why),
    }
