"""Settling: what the facts of a case say is due is posted, and what they no longer support is reversed by a contra.

The same function serves a move (event rules, at once) and the daily job (day rules, as at 00:00 of its date).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.audit import Event
from app.calendar import Calendar
from app.ledgers.scores import (
    CaseFacts,
    Deduction,
    Objection,
    ObjectionEntry,
    RuleBook,
    ScoreEntry,
    Standing,
    assess,
    deciding_events,
    known_before,
    known_through,
    load_book,
    load_facts,
)
from app.workflows.context import Context
from app.workflows.posting import Line, Posted, add_to_totals, contra, entries_by_case, insert_or_ignore, post, tell
from app.workflows.wording import say_event

FINAL = ("objection.uphold", "reversal.grant")


@dataclass(slots=True)
class Settled:
    """How many entries a settling posted and reversed, the facts it looked at, and what was known of each."""

    facts: list[CaseFacts]
    known: list[CaseFacts]
    proposed: int = 0
    reversed: int = 0
    missing_rules: set[int] = field(default_factory=set)


def settle(
    context: Context,
    case_ids: Sequence[int],
    as_at: date | None = None,
    told_on: date | None = None,
    until: date | None = None,
) -> Settled:
    """Bring the entries of the cases in line with their facts; with `as_at` also day rules, known before that day began.

    Day rules are looked at up to `until` (`as_at` unless told).

    The caller holds the locks of the cases. Entries reversed after an objection or by hand stay reversed.
    """
    facts_list = load_facts(context.session, case_ids)
    on_record = entries_by_case(context.session, case_ids)
    known_list = facts_list if as_at is None else [known_before(facts, as_at) for facts in facts_list]
    settled, lines = Settled(facts_list, known_list), []
    outdated: list[int] = []
    assessed: dict[int, list[Deduction]] = {}
    through = context.day if as_at is None else until or as_at
    for facts, known in zip(facts_list, known_list, strict=True):
        due = assess(known, *_terms(context, known.authority_id, as_at), through)
        if known is facts and through == context.day:
            assessed[facts.case_id] = due
        wanted = [d for d in due if d.event_id is not None] if as_at is None else due
        taken = {(entry.rule, entry.unit_id, entry.key) for entry in on_record.get(facts.case_id, [])}
        new = [Line(facts.case_id, facts.authority_id, d) for d in wanted if d.place not in taken]
        if new and known is not facts:
            outdated.append(facts.case_id)
        lines += new
    settled.proposed = len(lines)
    _hold(context, lines, post(context, lines, told_on))
    if outdated:  # what was due as at that day may have been taken back since: a late run leaves both lines at once
        on_record |= entries_by_case(context.session, outdated)
    for facts in facts_list:
        entries = on_record.get(facts.case_id, [])
        settled.reversed += _take_back(context, facts, entries, assessed.get(facts.case_id, ()))
    return settled


def reverse(context: Context, entries: Sequence[Posted], event_id: int, day: date, said: str) -> None:
    """Reverse entries in force by contra entries that name the deciding event; their standing becomes 冲销."""
    lines = [_contra_line(entry, contra(entry, event_id, day, said)) for entry in entries]
    post(context, lines)
    for entry in entries:
        standing = context.session.get_one(Standing, entry.id, populate_existing=True)
        column = "confirmed" if standing.state == "confirmed" else "proposed"
        add_to_totals(context.session, [(standing, column, -entry.points)])
        move_standing(context.session, standing, "reversed", event_id)
    tell(context, [(e.authority_id, e.unit_id, "entry_reversed", e.id, e.case_id) for e in entries])


def move_standing(session: Session, standing: Standing, state: str, event_id: int) -> None:
    """Move one standing under guard; RuntimeError when somebody else moved it, which the case's lock forbids."""
    same = (Standing.entry_id == standing.entry_id) & (Standing.version == standing.version)
    values = {"state": state, "version": standing.version + 1, "event_id": event_id}
    moved: Any = session.execute(
        update(Standing).where(same).values(values), execution_options={"synchronize_session": False}
    )
    if moved.rowcount != 1:
        raise RuntimeError("a standing moved under the lock of its case")
    session.refresh(standing)


def entries_in_force(entries: Sequence[Posted]) -> list[Posted]:
    """Return the entries that are not reversed, and contra entries that brought one back (they reverse a contra)."""
    reversed_ids = {entry.reverses_id for entry in entries if entry.reverses_id}
    by_id = {entry.id: entry for entry in entries}
    return [e for e in entries if e.id not in reversed_ids and _depth(e, by_id) % 2 == 0]


def _depth(entry: Posted, by_id: dict[int, Posted]) -> int:
    depth = 0
    while entry.reverses_id is not None:
        entry, depth = by_id[entry.reverses_id], depth + 1
    return depth


def _root(entry: Posted, by_id: dict[int, Posted]) -> Posted:
    while entry.reverses_id is not None:
        entry = by_id[entry.reverses_id]
    return entry


def _terms(context: Context, authority_id: int, before: date | None) -> tuple[RuleBook, Calendar]:
    return _book(context, authority_id, before), context.calendar(authority_id)


def _book(context: Context, authority_id: int, before: date | None = None) -> RuleBook:
    kept = context.memory
    if ("book", authority_id, before) not in kept:
        kept["book", authority_id, before] = load_book(context.session, authority_id, before)
    return kept["book", authority_id, before]  # type: ignore[return-value]


def _take_back(context: Context, facts: CaseFacts, entries: list[Posted], assessed: Sequence[Deduction] = ()) -> int:
    """Reverse what the facts no longer support, bring back what they support again, count anew what now costs another sum.

    `assessed`: what the same facts are already known to cost through today.
    """
    if not entries:
        return 0
    until = max(context.day, *(entry.day for entry in entries))
    due = _due(context, facts, entries, until, assessed if until == context.day else ())
    by_id = {entry.id: entry for entry in entries}
    in_force = {_root(entry, by_id).id: entry for entry in entries_in_force(entries)}
    count = 0
    for root in (entry for entry in entries if entry.reverses_id is None):
        wanted = due.get(_judged(root))
        held = in_force.get(root.id)
        if held is not None and (wanted is None or _costs(wanted) != _costs(held)):
            event_id, day = _decided_by(context, facts, root, until, wanted)
            kind = context.session.scalar(select(Event.kind).where(Event.id == event_id))
            reverse(context, [held], event_id, day, f"{day} {say_event(kind or '')}，所依据的事实已改变")
            count += 1
            if wanted is not None:
                again = select(ScoreEntry).where(ScoreEntry.reverses_id == held.id)
                changed = f"{root.day} 的扣分重新计算：{wanted.calculation}（事实已改变，重新听取申辩）"
                _restore(context, context.session.scalars(again).one(), wanted, (event_id, day), changed)
        elif held is None and wanted is not None:
            _bring_back(context, root, entries, wanted)
    return count


def _due(
    context: Context, facts: CaseFacts, entries: list[Posted], until: date, assessed: Sequence[Deduction]
) -> dict[tuple[int, str, int, str], Deduction]:
    """Return what the facts cost under the rule set of each entry alone.

    A line depends on no rule set but its own, so one that the whole book was found to give need not be reckoned again.
    """
    due = {_judged(line): line for line in assessed}
    for number in {e.rule_set_id for e in entries if e.reverses_id is None and _judged(e) not in due}:
        due |= {_judged(d): d for d in assess(facts, *_alone(context, facts.authority_id, number), until)}
    return due


def _judged(line: Deduction | Posted) -> tuple[int, str, int, str]:
    return line.rule_set_id, line.rule, line.unit_id, line.key


def _alone(context: Context, authority_id: int, rule_set_id: int) -> tuple[RuleBook, Calendar]:
    return _book(context, authority_id).only(rule_set_id), context.calendar(authority_id)


def _costs(line: Deduction | Posted) -> tuple[Decimal, Decimal]:
    return line.points, line.beyond


def _decided_by(
    context: Context, facts: CaseFacts, entry: Posted, until: date, wanted: Deduction | None
) -> tuple[int, date]:
    """Return the first event after which the entry was due as wanted (or not at all); the newest of the case if none is."""
    terms, place = _alone(context, facts.authority_id, entry.rule_set_id), (entry.rule, entry.unit_id, entry.key)
    costs = [] if wanted is None else [_costs(wanted)]
    for event_id, day in deciding_events(facts):
        if event_id <= (entry.event_id or 0) if entry.key.startswith("event:") else day < entry.day:
            continue
        if [_costs(d) for d in assess(known_through(facts, event_id), *terms, until) if d.place == place] == costs:
            return event_id, day
    return _newest_move(context, facts.case_id)


def _bring_back(context: Context, root: Posted, entries: list[Posted], wanted: Deduction) -> None:
    tip, following = root, {entry.reverses_id: entry for entry in entries if entry.reverses_id}
    while tip.id in following:
        tip = following[tip.id]
    kind = context.session.scalar(select(Event.kind).where(Event.id == tip.event_id))
    if kind not in FINAL:
        event_id, _ = _newest_move(context, root.case_id)
        _restore(context, tip, wanted, (event_id, context.day), "撤销原冲销，重新听取申辩")


def _restore(context: Context, tip: Posted, wanted: Deduction, decided: tuple[int, date], said: str) -> None:
    """Take a contra back by a line of what is due now; it is proposed and heard anew."""
    event_id, day = decided
    back = contra(tip, event_id, day, said)
    line = _contra_line(tip, replace(back, points=wanted.points, beyond=wanted.beyond))
    entry_id = post(context, [line])[line]
    standing = context.session.get_one(Standing, entry_id)
    move_standing(context.session, standing, "proposed", event_id)
    add_to_totals(context.session, [(standing, "proposed", wanted.points)])
    tell(context, [(tip.authority_id, tip.unit_id, "entry_proposed", entry_id, tip.case_id)])


def _newest_move(context: Context, case_id: int | None) -> tuple[int, date]:
    """Return the move that is being made, else the newest of the case (with its day)."""
    deciding = context.memory.get("decided_event")
    if isinstance(deciding, int):
        return deciding, context.day
    moves = select(Event.id, Event.day).where(Event.case_id == case_id, Event.kind.not_like("entry.%"))
    event_id, day = context.session.execute(moves.order_by(Event.id.desc()).limit(1)).one()
    return event_id, day


def _contra_line(entry: Posted, deduction: Deduction) -> Line:
    return Line(entry.case_id or 0, entry.authority_id, deduction, entry.id, entry.year)


def _hold(context: Context, lines: Sequence[Line], posted: dict[Line, int]) -> None:
    """Let an open objection that covers later entries on the same ground hold the new ones too (domain §6)."""
    if not lines:
        return
    session = context.session
    query = (
        select(Objection.id, Objection.case_id, Objection.unit_id, ScoreEntry.rule)
        .join(ObjectionEntry, ObjectionEntry.objection_id == Objection.id)
        .join(ScoreEntry, ScoreEntry.id == ObjectionEntry.entry_id)
        .where(Objection.case_id.in_({line.case_id for line in lines}))
        .where(Objection.state == "asked", Objection.covers_later)
    )
    covering = {(case_id, unit_id, rule): oid for oid, case_id, unit_id, rule in session.execute(query)}
    for line, entry_id in posted.items():
        place = (line.case_id, line.deduction.unit_id, line.deduction.rule)
        if place in covering and line.reverses_id is None:
            standing = session.get_one(Standing, entry_id)
            move_standing(session, standing, "contested", standing.event_id)
            named = {"objection_id": covering[place], "entry_id": entry_id}
            insert_or_ignore(session, ObjectionEntry, [named])
