"""How states and flags of cases look: a tone for each, beside the word; and the horizon of a page."""

from datetime import date

from app.calendar import Calendar, say_remaining
from app.ledgers.cases import Flag, Horizon
from app.ledgers.cases.words import CHECKED_STATES, STATES, WORKING_STATES
from app.people import Actor, authorities_of
from app.web.shell import desk

STATE_TONES = {
    "reported": "waiting",
    "ledgered": "waiting",
    "assigned": "waiting",
    "planning": "active",
    "rectifying": "active",
    "submitted": "checking",
    "verified": "checking",
    "accepted": "checking",
    "long_term": "hold",
    "closed": "good",
}
FLAG_TONES = {
    "overdue": "bad",
    "soon": "warn",
    "behind": "warn",
    "extension": "waiting",
    "return_assignment": "waiting",
    "contested": "waiting",
    "returned": "warn",
    "rebound": "bad",
    "provisional": "warn",
    "listed": "info",
}


def state_look(state: str) -> tuple[str, str]:
    """Return the word and the tone of a case's state."""
    return STATES[state], STATE_TONES.get(state, "ended")


def flag_looks(flags: tuple[Flag, ...]) -> list[tuple[str, str]]:
    """Return word and tone of each flag."""
    return [(flag.word, FLAG_TONES[flag.name]) for flag in flags]


def home_authority(actor: Actor) -> int:
    """Return the authority whose calendar and parameters a list of the actor is read by."""
    return min(authorities_of(actor), default=0)


def horizon(authority_id: int) -> Horizon:
    """Return today and the last day of what is soon due."""
    context, day = desk().context, desk().moment.day
    soon = context.parameters(authority_id)["due_soon_days"]
    return Horizon(day, context.calendar(authority_id).add_working(day, soon))


def time_left(calendar: Calendar, state: str, due_on: date | None, days: Horizon) -> tuple[str, str]:
    """Say how long is left and in which tone; nothing once the clock stands."""
    if due_on is None or state not in WORKING_STATES:
        return ("已报结，计时停止", "") if due_on and state in CHECKED_STATES else ("", "")
    tone = "bad" if due_on < days.today else "warn" if due_on <= days.soon_until else ""
    return say_remaining(calendar, days.today, due_on), tone
