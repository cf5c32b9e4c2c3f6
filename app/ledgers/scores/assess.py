"""The arithmetic: from the facts of a case and the rules in force to deductions, each with its calculation. Pure.

Who pays (domain §6): being overdue costs the lead until the case is submitted, an assisting unit half while its own part
is missing; receipt costs the unit concerned; a returned report costs the lead, a false one the guilty unit instead.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from app.calendar.days import Calendar, say
from app.ledgers.cases.words import DISCOVERIES
from app.ledgers.scores.facts import CaseFacts, Happening, PartFact, SlipFact
from app.ledgers.scores.lateness import deadline_on, late_days, stands
from app.ledgers.scores.rules import RuleBook, RuleVersion, rounded

SLIP_WORDS = {"supervise": "督办单", "accountability": "问责建议单"}
TABLE_WORDS = {"found": DISCOVERIES, "slip": SLIP_WORDS}  # what the table of a rule may name, by its trigger
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Deduction:
    """What a rule takes from a unit. `key` is the civil day of a day rule, `event:N` of an event rule.

    `points` is what counts (signed, two decimals), `beyond` what a cap leaves uncounted; `event_id` the proving event.
    """

    rule: str
    unit_id: int
    key: str
    day: date
    points: Decimal
    beyond: Decimal
    calculation: str
    rule_set_id: int
    event_id: int | None = None

    @property
    def place(self) -> tuple[str, int, str]:
        """What makes it unique within its case."""
        return self.rule, self.unit_id, self.key


@dataclass(frozen=True, slots=True)
class Bench:
    """What every trigger is given besides the facts: the rules, the calendar and the last day to look at."""

    book: RuleBook
    calendar: Calendar
    until: date


Trigger = Callable[[CaseFacts, PartFact, Bench], Iterator[Deduction]]


def assess(facts: CaseFacts, book: RuleBook, calendar: Calendar, until: date) -> list[Deduction]:
    """Return every deduction the facts lead to up to and including `until`, in a stable order.

    A merged, voided or rejected case, and a part that was returned to the office, costs nothing.
    """
    if facts.ended and facts.ended[0] in ("merged", "voided", "rejected"):
        return []
    bench = Bench(book, calendar, until)
    found = [
        deduction
        for part in facts.parts
        if part.released_on is None
        for trigger in TRIGGERS.values()
        for deduction in trigger(facts, part, bench)
    ]
    return sorted(found, key=lambda d: (d.day, d.rule, d.unit_id, d.key))


def _overdue_day(facts: CaseFacts, part: PartFact, bench: Bench) -> Iterator[Deduction]:
    for late in late_days(facts, part, bench.calendar, bench.until):
        version = bench.book.at(late.day)
        for rule in version.body.triggered_by("overdue_day") if version else ():
            factor = rule.factor(part.is_lead)
            made = _overdue(rule.points, rule.further, rule.cap_case, factor, late.place)
            if made is None or version is None:
                continue
            points, beyond, words = made
            said = f"逾期第 {late.place} 个工作日（期限 {say(late.due_on)}）：{words}"
            yield Deduction(rule.code, part.unit_id, str(late.day), late.day, points, beyond, said, version.id)


@lru_cache(maxsize=10_000)
def _overdue(
    first: Decimal, further: Decimal | None, cap: Decimal | None, factor: Decimal, place: int
) -> tuple[Decimal, Decimal, str] | None:
    """Return what the late day at that place costs: points, what the cap leaves uncounted, and how they were reckoned."""
    further = first if further is None else further
    raw = first if place == 1 else further
    before = first + further * (place - 2) if place > 1 else ZERO
    counted = raw
    if cap is not None:
        counted = max(raw, cap - max(before, cap))
        if counted == 0 and before - further <= cap:
            return None  # the day the cap was reached stands as a line of its own, the days after it need none
    if not factor:
        return None
    points, beyond = rounded(counted * factor), rounded((raw - counted) * factor)
    words = _times(raw, factor, rounded(raw * factor))
    if beyond:
        counts = f"计 {points:+.2f}" if points else "这一天不再扣分"
        words += f"，本件已达上限 {cap:+.2f} 分，超出不计 {beyond:+.2f}，{counts}"
    return points, beyond, words


def _late_receipt(facts: CaseFacts, part: PartFact, bench: Bench) -> Iterator[Deduction]:
    day = bench.calendar.next_working(part.receipt_due_on + timedelta(days=1))
    if day > bench.until or part.receipt_provisional or not bench.calendar.knows(day):
        return
    if part.received_on is not None and part.received_on < day:
        return
    if facts.ended and facts.ended[1] < day:
        return
    said = f"签收期限 {say(part.receipt_due_on)}，至 {say(day)} 零时仍未签收"
    yield from _fixed("late_receipt", part, bench, day, str(day), said)


def _returned(facts: CaseFacts, part: PartFact, bench: Bench) -> Iterator[Deduction]:
    for happening in _happenings(facts, "returned", bench):
        if part.is_lead:
            yield from _event("returned", part, bench, happening, f"{say(happening.on)} 报结被退回")


def _false_report(facts: CaseFacts, part: PartFact, bench: Bench) -> Iterator[Deduction]:
    for happening in _happenings(facts, "false_report", bench):
        if part.unit_id in happening.unit_ids:
            yield from _event("false_report", part, bench, happening, f"{say(happening.on)} 报结被认定弄虚作假")


def _rebound(facts: CaseFacts, part: PartFact, bench: Bench) -> Iterator[Deduction]:
    for happening in _happenings(facts, "rebound", bench):
        yield from _event("rebound", part, bench, happening, f"{say(happening.on)} 认定问题反弹")


def _unresolved(facts: CaseFacts, part: PartFact, bench: Bench) -> Iterator[Deduction]:
    charged: set[int] = set()  # once per case and unit, and again only after a rebound
    for year in range(part.assigned_on.year, bench.until.year + 1):
        day = date(year, 12, 31)
        deadline = deadline_on(facts, day)
        if day > bench.until or deadline is None or deadline.due_on >= day or deadline.provisional:
            continue
        if (facts.ended and facts.ended[1] < day) or stands(part.pauses, day) or not bench.calendar.knows(day):
            continue
        if deadline.cycle in charged:
            continue
        charged.add(deadline.cycle)
        said = f"期限 {say(deadline.due_on)} 已过，至 {year} 年 12 月 31 日仍未报结"
        yield from _fixed("unresolved", part, bench, day, str(day), said)
    for happening in _happenings(facts, "terminated", bench):
        in_force = deadline_on(facts, happening.on)
        done_before = in_force is not None and in_force.cycle in charged
        if not done_before and (part.is_lead or not stands(part.pauses, happening.on)):
            yield from _event("unresolved", part, bench, happening, f"{say(happening.on)} 终止（未整改）")


def _found(facts: CaseFacts, part: PartFact, bench: Bench) -> Iterator[Deduction]:
    known = [source for source in facts.sources if source.recorded_on <= bench.until]
    if not known or known[0].discovery == "self":
        return
    day = max(part.assigned_on, known[0].recorded_on)
    version = bench.book.at(day)
    for rule in version.body.triggered_by("found") if version else ():
        dearest = min(known, key=lambda source: rule.table.get(source.discovery, ZERO))
        at = max((part.assigned_on, part.event_id), (dearest.recorded_on, dearest.event_id))
        raw, factor = rule.table.get(dearest.discovery, ZERO), rule.factor(part.is_lead)
        if version is None or not raw * factor:
            continue
        points = rounded(raw * factor)
        found_by = DISCOVERIES.get(dearest.discovery, dearest.discovery).removesuffix("发现")
        said = f"{found_by}发现：{_times(raw, factor, points)}"
        key, zero = f"event:{at[1]}", Decimal("0.00")
        yield Deduction(rule.code, part.unit_id, key, at[0], points, zero, said, version.id, at[1])


def _slip(facts: CaseFacts, part: PartFact, bench: Bench) -> Iterator[Deduction]:
    for slip in _slips(facts, part, bench):
        version = bench.book.at(slip.issued_on)
        for rule in version.body.triggered_by("slip") if version else ():
            points = rounded(rule.table.get(slip.score_key, ZERO) * rule.factor(part.is_lead))
            if points and version:
                said = f"{say(slip.issued_on)} 签发{slip.label}：{points:+.2f}"
                key, zero = f"event:{slip.event_id}", Decimal("0.00")
                yield Deduction(
                    rule.code, part.unit_id, key, slip.issued_on, points, zero, said, version.id, slip.event_id
                )


def _late_slip_receipt(facts: CaseFacts, part: PartFact, bench: Bench) -> Iterator[Deduction]:
    for slip in _slips(facts, part, bench):
        said = f"{slip.label}签收期限 {say(slip.receipt_due_on)}"
        yield from _late_slip(
            "late_slip_receipt", facts, part, bench, slip, slip.receipt_due_on, slip.received_on, said
        )


def _late_slip_reply(facts: CaseFacts, part: PartFact, bench: Bench) -> Iterator[Deduction]:
    for slip in _slips(facts, part, bench):
        if slip.reply_due_on is not None:
            said = f"{slip.label}回复期限 {say(slip.reply_due_on)}"
            yield from _late_slip("late_slip_reply", facts, part, bench, slip, slip.reply_due_on, slip.replied_on, said)


def _late_slip(
    trigger: str,
    facts: CaseFacts,
    part: PartFact,
    bench: Bench,
    slip: SlipFact,
    due_on: date,
    met_on: date | None,
    said: str,
) -> Iterator[Deduction]:
    """Cost once for a limit of a slip that was not met when the first working day after it began."""
    day = bench.calendar.next_working(due_on + timedelta(days=1))
    ends = [on for on in (met_on, facts.ended[1] if facts.ended else None) if on is not None]
    if day > bench.until or slip.provisional or not bench.calendar.knows(day) or any(on < day for on in ends):
        return
    yield from _fixed(trigger, part, bench, day, f"{day}:slip:{slip.slip_id}", f"{said}，至 {say(day)} 零时仍未办")


TRIGGERS: dict[str, Trigger] = {
    "found": _found,
    "late_receipt": _late_receipt,
    "overdue_day": _overdue_day,
    "returned": _returned,
    "false_report": _false_report,
    "rebound": _rebound,
    "unresolved": _unresolved,
    "slip": _slip,
    "late_slip_receipt": _late_slip_receipt,
    "late_slip_reply": _late_slip_reply,
}


def _slips(facts: CaseFacts, part: PartFact, bench: Bench) -> Iterator[SlipFact]:
    """Yield the slips to the unit that stand: a withdrawn one costs nothing at all."""
    return (
        slip
        for slip in facts.slips
        if slip.unit_id == part.unit_id and slip.issued_on <= bench.until and slip.withdrawn_on is None
    )


def _happenings(facts: CaseFacts, kind: str, bench: Bench) -> Iterator[Happening]:
    return (happening for happening in facts.happenings if happening.kind == kind and happening.on <= bench.until)


def _event(trigger: str, part: PartFact, bench: Bench, happening: Happening, said: str) -> Iterator[Deduction]:
    key = f"event:{happening.event_id}"
    yield from _fixed(trigger, part, bench, happening.on, key, said, happening.event_id)


def _fixed(
    trigger: str, part: PartFact, bench: Bench, day: date, key: str, said: str, event_id: int | None = None
) -> Iterator[Deduction]:
    version: RuleVersion | None = bench.book.at(day)
    for rule in version.body.triggered_by(trigger) if version else ():
        factor = rule.factor(part.is_lead)
        points = rounded(rule.points * factor)
        if points and version:
            words = f"{said}：{_times(rule.points, factor, points)}"
            yield Deduction(rule.code, part.unit_id, key, day, points, Decimal("0.00"), words, version.id, event_id)


def _times(raw: Decimal, factor: Decimal, points: Decimal) -> str:
    if factor == 1:
        return f"{raw:+.2f}"
    return f"{raw:+.2f} × 配合系数 {factor.normalize():f} = {points:+.2f}"
