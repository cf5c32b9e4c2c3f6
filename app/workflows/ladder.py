"""What the ladder of slips looks at, taken from the facts of a case: the values that `escalation` decides on."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from app.ledgers.scores import CaseFacts, LateDay, deadline_on, stands
from app.ledgers.slips.escalation import Late, SeenSlip, Standing

QUALITY = ("returned", "false_report")


def standing_of(facts: CaseFacts, unit_id: int, day: date, missed_before: date | None = None) -> Standing:
    """Return how the unit's lead stands as the day begins, over the facts given (those known at that time).

    A deadline counts as missed when it lies before `missed_before` (the day itself unless told).
    """
    part = next((p for p in facts.parts if p.unit_id == unit_id and p.is_lead and p.released_on is None), None)
    deadline = deadline_on(facts, day)
    return Standing(
        is_lead=part is not None,
        is_ended=facts.ended is not None,
        is_stopped=part is not None and stands(part.pauses, day),
        is_missed=deadline is not None and not deadline.provisional and deadline.due_on < (missed_before or day),
    )


def late_on(facts: CaseFacts, days: Sequence[LateDay], day: date) -> Late | None:
    """Return the late working day that the day itself is for the lead, or None when it is none of the lead's late days."""
    deadline = deadline_on(facts, day)
    if not days or days[-1].day != day or deadline is None:
        return None
    return Late(day, days[-1].place, days[-1].due_on, deadline.cycle)


def bad_reports(facts: CaseFacts) -> Iterable[int]:
    """Return the events by which a report of the case was sent back, as unfinished or as false."""
    return tuple(happening.event_id for happening in facts.happenings if happening.kind in QUALITY)


def seen_slip(row: Any) -> SeenSlip:
    """Return a slip (a row of its table) as the ladder sees it."""
    return SeenSlip(
        slip_id=row.id,
        level=row.level,
        label=f"{row.name}{row.number or ''}",
        cycle=row.cycle,
        drafted_on=row.drafted_on,
        basis_due_on=row.basis_due_on,
        issued_on=row.issued_on,
        issued_event_id=row.issued_event_id,
        reply_due_on=None if row.is_provisional else row.reply_due_on,  # nothing rises on a guess
        settled_on=row.settled_on,
        withdrawn_on=row.withdrawn_on,
        lapsed_on=row.lapsed_on,
    )
