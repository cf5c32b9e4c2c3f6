"""The facts of one case that rules look at, as plain values, and what was known of them at a given time. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

Known = Callable[[date, int], bool]


@dataclass(frozen=True, slots=True)
class DeadlineFact:
    """A deadline as set: in force for days after `effective_on`, known since `recorded_on`."""

    recorded_on: date
    effective_on: date
    due_on: date
    provisional: bool
    cycle: int
    event_id: int


@dataclass(frozen=True, slots=True)
class PauseFact:
    """A time in which the part's clock stood (see ledgers.cases.Pause)."""

    since: date
    event_id: int
    until: date | None = None
    ended_event_id: int | None = None
    restored_from: date | None = None
    restored_limit: int | None = None


@dataclass(frozen=True, slots=True)
class PartFact:
    """One unit's part."""

    unit_id: int
    is_lead: bool
    assigned_on: date
    event_id: int
    receipt_due_on: date
    receipt_provisional: bool = False
    received_on: date | None = None
    released_on: date | None = None
    released_event_id: int | None = None
    pauses: tuple[PauseFact, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceFact:
    """One feedback that names the case, in the order they were saved."""

    discovery: str
    recorded_on: date
    event_id: int


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that costs by itself: returned, false_report, rebound, terminated. `unit_ids` are the guilty, if named."""

    kind: str
    on: date
    event_id: int
    unit_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SlipFact:
    """One slip that was issued: what it costs by itself (`score_key`), its limits and when they were met.

    The days on which limits were met are compared with the day that would cost: they may be later than what else is known.
    """

    slip_id: int
    unit_id: int
    label: str
    score_key: str
    issued_on: date
    event_id: int
    receipt_due_on: date
    reply_due_on: date | None = None
    provisional: bool = False
    received_on: date | None = None
    replied_on: date | None = None
    withdrawn_on: date | None = None
    withdrawn_event_id: int | None = None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Everything the rules look at. `ended` is (kind, day, event): closed, merged, terminated, voided or rejected."""

    case_id: int
    authority_id: int
    label: str
    parts: tuple[PartFact, ...] = ()
    deadlines: tuple[DeadlineFact, ...] = ()
    sources: tuple[SourceFact, ...] = ()
    happenings: tuple[Happening, ...] = ()
    slips: tuple[SlipFact, ...] = ()
    ended: tuple[str, date, int] | None = None


def known_before(facts: CaseFacts, day: date) -> CaseFacts:
    """Return the facts as they were recorded before the day began (domain §4: the job runs as at 00:00)."""
    if all(on < day for on in _dated(facts)):  # as of most cases on most days
        return facts
    return _known(facts, lambda on, _event: on < day)


def known_through(facts: CaseFacts, event_id: int) -> CaseFacts:
    """Return the facts as they were known once the event had happened."""
    return _known(facts, lambda _on, event: event <= event_id)


def deciding_events(facts: CaseFacts) -> list[tuple[int, date]]:
    """Return the events that can take points back, oldest first: deadlines, sources, parts, slips, the end."""
    found = {(d.event_id, d.recorded_on) for d in facts.deadlines}
    found |= {(s.event_id, s.recorded_on) for s in facts.sources}
    found |= {(p.released_event_id, p.released_on) for p in facts.parts if p.released_event_id and p.released_on}
    found |= {(pause.event_id, pause.since) for part in facts.parts for pause in part.pauses}
    found |= {(s.withdrawn_event_id, s.withdrawn_on) for s in facts.slips if s.withdrawn_event_id and s.withdrawn_on}
    if facts.ended:
        found.add((facts.ended[2], facts.ended[1]))
    return sorted(found)


def _known(facts: CaseFacts, known: Known) -> CaseFacts:
    return replace(
        facts,
        parts=tuple(_known_part(part, known) for part in facts.parts if known(part.assigned_on, part.event_id)),
        deadlines=tuple(d for d in facts.deadlines if known(d.recorded_on, d.event_id)),
        sources=tuple(s for s in facts.sources if known(s.recorded_on, s.event_id)),
        happenings=tuple(h for h in facts.happenings if known(h.on, h.event_id)),
        slips=tuple(_known_slip(s, known) for s in facts.slips if known(s.issued_on, s.event_id)),
        ended=facts.ended if facts.ended and known(facts.ended[1], facts.ended[2]) else None,
    )


def _dated(facts: CaseFacts) -> list[date]:
    """Return the day of every event that a fact came with."""
    days = [d.recorded_on for d in facts.deadlines] + [s.recorded_on for s in facts.sources]
    days += [h.on for h in facts.happenings] + [s.issued_on for s in facts.slips]
    days += [s.withdrawn_on for s in facts.slips if s.withdrawn_on is not None]
    for part in facts.parts:
        days.append(part.assigned_on)
        if part.released_on is not None:
            days.append(part.released_on)
        for pause in part.pauses:
            days.append(pause.since)
            if pause.until is not None:
                days.append(pause.until)
    if facts.ended:
        days.append(facts.ended[1])
    return days


def _known_part(part: PartFact, known: Known) -> PartFact:
    released = part.released_on is not None and known(part.released_on, part.released_event_id or 0)
    return replace(
        part,
        released_on=part.released_on if released else None,
        released_event_id=part.released_event_id if released else None,
        pauses=tuple(_known_pause(pause, known) for pause in part.pauses if known(pause.since, pause.event_id)),
    )


def _known_pause(pause: PauseFact, known: Known) -> PauseFact:
    if pause.until is None or known(pause.until, pause.ended_event_id or 0):
        return pause
    return PauseFact(pause.since, pause.event_id)


def _known_slip(slip: SlipFact, known: Known) -> SlipFact:
    if slip.withdrawn_on is None or known(slip.withdrawn_on, slip.withdrawn_event_id or 0):
        return slip
    return replace(slip, withdrawn_on=None, withdrawn_event_id=None)
