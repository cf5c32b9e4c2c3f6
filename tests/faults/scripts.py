"""Plain scripts of what people do with a case, by date: rolled at random, played through the workflows, and reckoned."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from app.calendar import state_calendar

WORK = state_calendar()
DISCOVERIES = ("county", "citizen", "city", "city", "province", "media_county", "media_city", "media_province", "self")
NEVER = (None, None, None)
Days = tuple[int | None, int | None, int | None]


@dataclass(frozen=True)
class Script:
    """One case. Days of slips are counted for each of the three levels, in working days, None for never.

    Within a day the moves of a case come in the order of the fields, its slips after them.
    """

    discovery: str
    lead: str
    assist: str
    assigned_on: date
    due_on: date
    received_on: date | None
    assist_received_on: date | None
    asked_on: date | None = None
    wanted_on: date | None = None
    granted_on: date | None = None
    assist_done_on: date | None = None
    finished_on: date | None = None
    returned_on: date | None = None
    is_false: bool = False
    finished_again_on: date | None = None
    closed_on: date | None = None
    signed: Days = NEVER  # after the draft
    acknowledged: Days = NEVER  # these after the issue
    replied: Days = NEVER
    verdicts: tuple[str, str, str] = ("", "", "")  # on the working day after the reply: accept, refuse, again
    withdrawn: Days = NEVER  # the first slip of the level alone

    @property
    def units(self) -> tuple[str, ...]:
        """The lead and the assisting unit."""
        return (self.lead, self.assist) if self.assist else (self.lead,)

    @property
    def all_failed(self) -> bool:
        """Whether a return sends the assisting part back too: it was reported together with the case."""
        return self.assist_done_on == self.finished_on

    def unsigned(self) -> "Script":
        """Return the script without any signature under a slip."""
        return replace(self, signed=NEVER)


def after(day: date, count: int) -> date:
    """Return the working day so many after the day."""
    return WORK.add_working(day, count)


def any_script(random: Random, first: date, last: date) -> Script:
    """Roll a script for a case that is assigned on a working day from first to last."""
    lead, assist = random.choice([("A", "B"), ("T", "A"), ("B", "T"), ("A", ""), ("T", ""), ("B", "")])
    assigned_on = WORK.next_working(first + timedelta(days=random.randrange((last - first).days)))
    due_on = assigned_on + timedelta(days=random.randint(2, 25))
    script = Script(
        discovery=random.choice(DISCOVERIES),
        lead=lead,
        assist=assist,
        assigned_on=assigned_on,
        due_on=due_on,
        received_on=_received(random, assigned_on),
        assist_received_on=_received(random, assigned_on) if assist else None,
        **_slip_days(random),
    )
    if script.received_on is None:
        return script
    if random.random() < 0.35:
        script = _extended(random, script)
    return _finished(random, script) if random.random() < 0.8 else script


def _received(random: Random, day: date) -> date | None:
    return None if random.random() < 0.1 else after(day, random.choice([0, 1, 2, 2, 3, 4]))


def _slip_days(random: Random) -> dict[str, Any]:
    acknowledged = [random.choice([0, 1, 2, 3, None]) for _ in range(3)]
    replied = [None if a is None else random.choice([a, a + 1, a + 2, 6, None]) for a in acknowledged]
    return {
        "signed": tuple(random.choice([0, 0, 1, 2, None]) for _ in range(3)),
        "acknowledged": tuple(acknowledged),
        "replied": tuple(replied),
        "verdicts": tuple(random.choice(["accept", "refuse", "again", ""]) for _ in range(3)),
        "withdrawn": tuple(random.choice([1, 3, 5, 8]) if random.random() < 0.15 else None for _ in range(3)),
    }


def _extended(random: Random, script: Script) -> Script:
    due_on, received_on = WORK.next_working(script.due_on), script.received_on
    assert received_on is not None
    if received_on > due_on:
        return script
    asked_on = received_on + timedelta(days=random.randint(0, (due_on - received_on).days))
    granted_on = after(asked_on, random.choice([0, 1, 3, 5, 8]))
    # now and then it is granted only when the new deadline too has passed
    earliest = due_on if random.random() < 0.3 else max(due_on, granted_on)
    wanted_on = earliest + timedelta(days=random.randint(1, 20))
    return replace(script, asked_on=asked_on, granted_on=granted_on, wanted_on=wanted_on)


def _finished(random: Random, script: Script) -> Script:
    earliest = max(d for d in (script.received_on, script.granted_on) if d is not None)
    aim = WORK.next_working(script.wanted_on or script.due_on) + timedelta(days=random.choice([-3, 0, 1, 4, 9, 20, 45]))
    finished_on = max(earliest, aim)
    script = replace(script, finished_on=finished_on)
    if script.assist:
        received_on = script.assist_received_on
        received_on = finished_on if received_on is None else min(received_on, finished_on)
        done_on = random.choice([finished_on, max(received_on, finished_on - timedelta(days=random.randint(1, 12)))])
        script = replace(script, assist_received_on=received_on, assist_done_on=done_on)
    checked_on = finished_on + timedelta(days=random.randint(1, 12))
    if random.random() < 0.5:
        return replace(script, closed_on=checked_on)
    script = replace(script, returned_on=checked_on, is_false=random.random() < 0.2)
    if random.random() < 0.3:
        return script
    again = checked_on + timedelta(days=random.randint(1, 25))
    return replace(script, finished_again_on=again, closed_on=again + timedelta(days=random.randint(1, 10)))
