"""The daily job: as at 00:00 of its date it posts what became due, confirms what was not objected to, and lists.

It is a function of (business date, rules in force, facts recorded before the date began): run for each day, or once after a
gap, it leaves the same entries; their hearing runs from the day they were really told (domain §4).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.audit import Event, Fact, record
from app.core.clock import Moment
from app.core.db import Database
from app.core.errors import Refused
from app.ledgers.cases import Assignment, Case, Listing
from app.ledgers.cases.facts import late
from app.ledgers.scores import DailyRun, LateDay, late_days
from app.ledgers.slips import Slip
from app.ledgers.slips.words import LIVE_SLIPS
from app.people import SYSTEM
from app.workflows.confirming import confirm_due
from app.workflows.context import Context
from app.workflows.escalating import Known, escalate
from app.workflows.posting import insert_or_ignore
from app.workflows.reminding import remind
from app.workflows.settling import settle
from app.workflows.suspicion import Doubt, TrueTime, doubts
from app.workflows.talking import remind_of_talks

BATCH = 500


@dataclass(slots=True)
class DayDone:
    """What the job did for one date."""

    day: date
    proposed: int = 0
    confirmed: int = 0
    reversed: int = 0
    drafted: int = 0
    lapsed: int = 0
    missing_years: tuple[int, ...] = ()

    def add(self, other: "DayDone") -> None:
        """Add what another batch of the same date did."""
        self.proposed += other.proposed
        self.reversed += other.reversed
        self.drafted += other.drafted
        self.lapsed += other.lapsed
        self.missing_years = tuple(sorted({*self.missing_years, *other.missing_years}))


def last_done(session: Session) -> date | None:
    """Return the newest business date the job has done, or None before its first run."""
    return session.scalar(select(func.max(DailyRun.day)))


def catch_up(
    database: Database, day: date, now: Moment, is_confirmed: bool = False, clock: TrueTime | None = None
) -> Iterator[DayDone]:
    """Do every date after the last one done up to and including `day`; each is yielded when it is finished.

    Refused: a date before the last one done; a gap longer than the parameter, a date that has not begun, or a clock that
    disagrees with the database's (`clock`, which the edges give) or the newest event's, unless an operator confirms. On
    the operator's word, which is recorded, nothing is confirmed on a date that has not begun or by a clock in doubt.
    """
    with database.session(read_only=True) as session:
        last = last_done(session)
        found = doubts(session, last, day, now, clock)
    if found and not (is_confirmed and not any(doubt.is_final for doubt in found)):
        raise Refused("\n".join(doubt.said for doubt in found))
    if found:
        _record_word(database, day, now, found)
    is_clock_right = all(doubt.kind != "clock" for doubt in found)
    first = day if last is None else last + timedelta(days=1)
    for number in range((day - first).days + 1):
        one = first + timedelta(days=number)
        yield run_day(database, one, now, told_on=day, may_confirm=is_clock_right and one <= now.day)


def _record_word(database: Database, day: date, now: Moment, found: Sequence[Doubt]) -> None:
    """Record that an operator had the job run on a date in doubt, and why it was."""
    data = {"day": str(day), "doubts": [doubt.said for doubt in found]}
    with database.begin() as session:
        record(session, Fact("daily.confirm", f"daily:{day}", data=data), SYSTEM, now)


def run_day(
    database: Database, day: date, now: Moment, told_on: date | None = None, may_confirm: bool = True
) -> DayDone:
    """Do one date in short transactions, a batch of cases each; killed at any point it can simply be run again.

    Where nothing may be confirmed, what is due is left to the next date that is not in doubt.
    """
    done = DayDone(day)
    moment = Moment(now.at, told_on or day)
    cursor: int | None = 0
    with database.session(read_only=True) as session:
        since = last_done(session) or day
    while cursor is not None:
        work = partial(_next_batch, day=day, since=min(since, day), cursor=cursor, moment=moment)
        cursor, batch = database.retried(work)
        done.add(batch)
    done.confirmed = confirm_due(database, day, moment) if may_confirm else 0
    with database.begin() as session:
        context = Context(session, SYSTEM, moment)
        remind(context, day)
        remind_of_talks(context, day)
        row = {
            "day": day,
            "told_on": moment.day,
            "finished_at": now.at,
            "proposed": done.proposed,
            "confirmed": done.confirmed,
            "reversed": done.reversed,
            "note": _note(done),
        }
        insert_or_ignore(session, DailyRun, [row])
    return done


def _next_batch(session: Session, *, day: date, since: date, cursor: int, moment: Moment) -> tuple[int | None, DayDone]:
    """Do the next cases; return the last of them, or None when there are no more, and what was done."""
    batch, done = _candidates(session, day, since, cursor), DayDone(day)
    if batch:
        _do_batch(Context(session, SYSTEM, moment), batch, day, done)
    return (batch[-1] if len(batch) == BATCH else None), done


def _candidates(session: Session, day: date, since: date, cursor: int) -> list[int]:
    """Return the next cases a day rule may look at, locked in order: working ones, those with a slip, those that moved."""
    moved = select(Event.case_id).where(Event.day >= since, Event.case_id > cursor)
    waiting = select(Assignment.case_id).where(
        Assignment.state.in_(("waiting", "disputed")),
        Assignment.received_on.is_(None),
        Assignment.receipt_due_on < day,
        Assignment.case_id > cursor,
    )
    late_slips = or_(Slip.state == "draft", Slip.reply_due_on < day, Slip.receipt_due_on < day)
    pushed = select(Slip.case_id).where(Slip.state.in_(LIVE_SLIPS), late_slips, Slip.case_id > cursor)
    query = (
        select(Case.id)
        .where(Case.id > cursor, Case.assigned_on.is_not(None))
        .where(or_(late(day), Case.id.in_(waiting), Case.id.in_(moved), Case.id.in_(pushed)))
        .order_by(Case.id)
        .limit(BATCH)
        .with_for_update()
    )
    return list(session.scalars(query))


def _do_batch(context: Context, case_ids: Sequence[int], day: date, done: DayDone) -> None:
    settled = settle(context, case_ids, as_at=day, told_on=context.day)
    done.proposed += settled.proposed
    done.reversed += settled.reversed
    rows: list[dict[str, Any]] = []
    missing: set[int] = set(done.missing_years)
    cases = []
    for facts, before in zip(settled.facts, settled.known, strict=True):
        calendar = context.calendar(facts.authority_id)
        if not calendar.knows(day):
            missing.add(day.year)
        led: tuple[LateDay, ...] = ()
        for part in (part for part in before.parts if part.is_lead):
            late = tuple(late_days(before, part, calendar, day))
            if late:
                rows.append({"case_id": facts.case_id, "reason": "overdue", "on": late[0].day, "event_id": None})
            if part.released_on is None:
                led = late
        cases.append(Known(facts, before, led))
    insert_or_ignore(context.session, Listing, rows)
    drafted, lapsed = escalate(context, cases, day)
    done.drafted, done.lapsed = done.drafted + drafted, done.lapsed + lapsed
    done.missing_years = tuple(sorted(missing))


def _note(done: DayDone) -> str:
    years = "、".join(str(year) for year in done.missing_years)
    return f"缺少 {years} 年工作日历，该年日期不计扣分" if years else ""
