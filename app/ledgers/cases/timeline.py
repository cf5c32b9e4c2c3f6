"""The events of a case as the actor may read them: whole for offices, for a unit its own and of the others a bare label."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.audit import Event
from app.ledgers.cases.models import Case
from app.people import Actor, Role, role_word

# what an office does to the case as a whole: every unit of the case may read why
SHARED = {
    f"case.{name}"
    for name in (
        "assign",
        "verify",
        "accept",
        "publish",
        "close",
        "correct",
        "reject",
        "restore",
        "rebound",
        "remind",
        "ask_progress",
    )
}
# what an office answers to the lead alone
TO_LEAD = {"case.pass_plan", "case.make_long_term", "case.review_continue", "case.review_resume"}
# other units' scores, citizens' contacts and what an office notes for itself are nothing to a unit
HIDDEN = (
    "entry.",
    "objection.",
    "reversal.",
    "case.read_contact",
    "case.comment",
    "case.propose_",
    "slip.",
    "instruction.",
    "interview.",
    "commitment.",
    "case.tag",
    "case.untag",
)
# a slip is nothing to any unit before it is signed
UNSIGNED = ("slip.draft", "slip.discard", "slip.lapse")


@dataclass(frozen=True, slots=True)
class Happened:
    """One event as it may be shown; a bare one says only what kind of thing happened, when, and at which unit."""

    kind: str
    at: datetime
    day: date
    unit: str = ""
    person: str = ""
    role: str = ""
    source: str | None = None
    dest: str | None = None
    reason: str = ""
    due_on: date | None = None
    data: dict[str, Any] = field(default_factory=dict)


def happened(actor: Actor, is_whole: bool, row: Case, events: Sequence[Any]) -> list[Happened]:
    """Return the events of a case as the actor may read them, in the order given."""
    found = []
    for event, person, role, kind, office, unit in events:
        if is_whole or _is_open_to(actor, row, event):
            word = role_word(Role(role), kind) if role else ""
            place, name = office or unit or "", person or "系统"
            data = event.data or {} if is_whole else _own_of(actor, event.data or {})
            moved = (event.source, event.dest, event.reason or "", event.due_on)
            found.append(Happened(event.kind, event.at, event.day, place, name, word, *moved, data))
        elif not event.kind.startswith(HIDDEN):
            found.append(Happened(event.kind, event.at, event.day, unit or office or ""))
    return found


def _own_of(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """Return the data without what it says of other units: whose part failed, who reported falsely."""
    kept = {name: value for name, value in data.items() if name not in ("parts", "guilty", "false")}
    return kept | ({"false": True} if actor.own_units & set(data.get("guilty") or []) else {})


def _is_open_to(actor: Actor, row: Case, event: Event) -> bool:
    if event.kind in UNSIGNED:
        return False
    if event.unit_id is not None:
        return event.unit_id in actor.own_units
    if event.kind == "case.send_back":
        named = event.data.get("parts") or []
        return not named or bool(actor.own_units & set(named))
    if event.kind in TO_LEAD:
        return row.lead_unit_id in actor.own_units
    return event.kind in SHARED
