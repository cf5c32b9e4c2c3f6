"""Which working days one part of a case was late on: the clock of domain §4 and §6. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.calendar.days import Calendar
from app.ledgers.scores.facts import CaseFacts, DeadlineFact, PartFact, PauseFact

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LateDay:
    """A working day that counts, its place in the row of late days of its cycle (from 1), and the deadline it missed."""

    day: date
    place: int
    due_on: date


def deadline_on(facts: CaseFacts, day: date) -> DeadlineFact | None:
    """Return the deadline in force for a day: the last one recorded that was effective before the day began."""
    found = None
    for deadline in facts.deadlines:
        if deadline.effective_on < day:
            found = deadline
    return found


def late_days(facts: CaseFacts, part: PartFact, calendar: Calendar, until: date) -> Iterator[LateDay]:
    """Yield the part's late working days up to and including `until`, oldest first.

    No day counts under a provisional deadline or in a year whose calendar is not loaded (no point on a guess).
    """
    last, restored = _last_day(facts, part, until), _restored(part.pauses, calendar)
    place, cycle = 0, 0
    for deadline, begun, ended in _spans(facts, last):
        if deadline.provisional:
            continue
        for day in calendar.working_days(max(begun, deadline.due_on, part.assigned_on), ended):
            if not calendar.knows(day) or (part.pauses and stands(part.pauses, day) and day not in restored):
                continue
            place, cycle = (place + 1, cycle) if deadline.cycle == cycle else (1, deadline.cycle)
            yield LateDay(day, place, deadline.due_on)


def _spans(facts: CaseFacts, last: date) -> Iterator[tuple[DeadlineFact, date, date]]:
    """Yield what `deadline_on` says, span by span up to `last`: the deadline, the day before its first, its last day."""
    turns = sorted({deadline.effective_on for deadline in facts.deadlines})
    for begun, ended in zip(turns, [*turns, last][1:], strict=True):
        deadline = deadline_on(facts, begun + DAY)
        if deadline is not None:
            yield deadline, begun, min(ended, last)


def stands(pauses: tuple[PauseFact, ...], day: date) -> bool:
    """Say whether the part had been reported done when the day began."""
    return any(pause.since < day and (pause.until is None or day <= pause.until) for pause in pauses)


def _last_day(facts: CaseFacts, part: PartFact, until: date) -> date:
    ends = [until]
    if facts.ended:
        ends.append(facts.ended[1])
    return min(ends)


def _restored(pauses: tuple[PauseFact, ...], calendar: Calendar) -> set[date]:
    found: set[date] = set()
    for pause in pauses:
        if pause.until is None or pause.restored_from is None:
            continue
        days = list(calendar.working_days(pause.restored_from, pause.until))
        found.update(days if pause.restored_limit is None else days[: pause.restored_limit])
    return found
