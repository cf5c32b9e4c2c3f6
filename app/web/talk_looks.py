"""What the pages of talks share: who reads them, tones of states, dates with what is left."""

from datetime import date
from typing import Any

from flask import url_for

from app.calendar import Calendar, say, say_remaining
from app.ledgers.talks import Wish
from app.ledgers.talks.words import COMMITMENT_STATES, INSTRUCTION_STATES, INTERVIEW_KINDS, INTERVIEW_STATES
from app.people import Role
from app.web.policy import only
from app.web.shell import desk

READERS = only(Role.INSPECTOR, Role.SUPERVISOR, Role.ASSESSOR, Role.LEADER, Role.HEAD, Role.LIAISON, Role.DISCIPLINE)
INTERVIEW_TONES = {
    "proposed": "draft",
    "noticed": "waiting",
    "recorded": "active",
    "settled": "good",
    "withdrawn": "ended",
}
COMMITMENT_TONES = {"open": "active", "reported": "waiting", "done": "good"}
RUNNING = ("noticed", "open", "written")  # the states in which a date runs
INSTRUCTION_TONES = {"written": "waiting", "replied": "active", "settled": "good", "withdrawn": "ended"}


def interview_state(state: str) -> tuple[str, str]:
    """Return word and tone."""
    return INTERVIEW_STATES[state], INTERVIEW_TONES[state]


def commitment_state(state: str) -> tuple[str, str]:
    """Return word and tone."""
    return COMMITMENT_STATES[state], COMMITMENT_TONES[state]


def instruction_state(state: str) -> tuple[str, str]:
    """Return word and tone."""
    return INSTRUCTION_STATES[state], INSTRUCTION_TONES[state]


def _interview_row(row: Any, calendar: Calendar, day: date) -> dict[str, Any]:
    about = f"{row.case_number or '未编号'} {row.case_title}" if row.case_title else ""
    proposed = f"{say(row.proposed_on)}提出" if row.state == "proposed" else ""
    said = "，".join(part for part in (about, proposed) if part)
    title = f"{INTERVIEW_KINDS[row.kind]}：{said}" if said else INTERVIEW_KINDS[row.kind]
    return _row(row, ("talks.interview", title, row.planned_on, INTERVIEW_STATES[row.state]), calendar, day)


def _commitment_row(row: Any, calendar: Calendar, day: date) -> dict[str, Any]:
    return _row(row, ("talks.interview", row.text, row.due_on, COMMITMENT_STATES[row.state]), calendar, day)


def _instruction_row(row: Any, calendar: Calendar, day: date) -> dict[str, Any]:
    return _row(row, ("talks.instruction", row.text, row.due_on, INSTRUCTION_STATES[row.state]), calendar, day)


def _row(row: Any, said: tuple[str, str, date | None, str], calendar: Calendar, day: date) -> dict[str, Any]:
    """Return a row of a queue of the workbench."""
    endpoint, title, due_on, state = said
    is_late = row.state in RUNNING and due_on is not None and due_on < day
    return {
        "url": url_for(endpoint, ref=row.id),
        "number": row.number or "未编号",
        "title": title,
        "unit": row.short_name or "",
        "due_on": due_on,
        "provisional": False,
        "left": say_remaining(calendar, day, due_on) if due_on and row.state in RUNNING else "",
        "tone": "bad" if is_late else "",
        "state": state,
    }


TALK_ROWS = {"interviews": _interview_row, "commitments": _commitment_row, "instructions": _instruction_row}


def due_shown(authority_id: int, due_on: date | None, is_open: bool = True) -> dict[str, Any] | None:
    """Return a date with what is left of it while it is open."""
    if due_on is None:
        return None
    if not is_open:
        return {"on": due_on, "left": "", "tone": ""}
    today = desk().moment.day
    left = say_remaining(desk().context.calendar(authority_id), today, due_on)
    return {"on": due_on, "left": left, "tone": "bad" if due_on < today else ""}


def wish_shown(wish: Wish) -> dict[str, Any]:
    """Return an instruction as a page shows it, wherever it stands."""
    row = wish.instruction
    return {
        "id": row.id,
        "url": url_for("talks.instruction", ref=row.id),
        "leader": wish.leader,
        "unit": wish.unit,
        "text": row.text,
        "state": instruction_state(row.state),
        "written_on": row.written_on,
        "due": due_shown(row.authority_id, row.due_on, row.state == "written"),
        "reply": row.reply,
        "replier": wish.replier,
        "replied_on": row.replied_on,
        "answer": row.answer,
        "settled_on": row.settled_on,
        "withdrawn_on": row.withdrawn_on,
        "withdrawn_reason": row.withdrawn_reason,
        "case": f"{wish.case_number or '未编号'} {wish.case_title}" if wish.case_title else "不在您查看范围内的问题",
        "case_url": url_for("cases.case", ref=row.case_id) if wish.case_title else "",
    }
