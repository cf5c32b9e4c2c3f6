"""Changing the working calendar: the assessor's act, an event; deadlines and hearings are counted again, points put right."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from sqlalchemy import select

from app.audit import Fact, record
from app.calendar import (
    CalendarChange,
    Due,
    Limit,
    LocalDay,
    StatedYear,
    add_local_day,
    changed_days,
    deadline,
    import_year,
    load_calendar,
    say,
    stated_deadline,
)
from app.core.errors import Refused
from app.ledgers.cases import Assignment, Case, Deadline, refuse_persons
from app.people import Role
from app.workflows.children import recap_all
from app.workflows.context import Context
from app.workflows.daily import last_done
from app.workflows.hearing_limits import changed_hearings, move_hearings
from app.workflows.settling import settle
from app.workflows.slip_limits import count_slips_again

BATCH = 400


def load_year(context: Context, authority_id: int, stated: StatedYear) -> int:
    """Put a year into force for the authority; return how many deadlines changed. Refused for anybody but an assessor."""
    refuse_persons(days="；".join(one.name for one in stated.days), notice=stated.notice)
    said = f"导入 {stated.year} 年工作日历：{stated.notice}"

    def change() -> CalendarChange | None:
        return import_year(context.session, authority_id, stated, context.actor.person_id, context.moment)

    return _change(context, authority_id, said, change)


def declare_day(context: Context, authority_id: int, local: LocalDay) -> int:
    """Declare a local day off or worked; return how many deadlines changed. Refused for anybody but an assessor."""
    refuse_persons(name=local.name, notice=local.notice)
    word = {"off": "休息", "worked": "上班", "usual": "恢复原安排"}[local.kind]
    said = f"{say(local.day)} {word}：{local.name}"

    def change() -> CalendarChange | None:
        return add_local_day(context.session, authority_id, local, context.actor.person_id, context.moment)

    return _change(context, authority_id, said, change)


def _change(context: Context, authority_id: int, said: str, change: Callable[[], CalendarChange | None]) -> int:
    grant = context.actor.grant(Role.ASSESSOR, authority_id=authority_id)
    if grant is None:
        raise Refused("工作日历由考核办维护，您当前的任职没有这项权限。")
    before = load_calendar(context.session, authority_id)
    if change() is None:
        raise Refused("与现行日历相同，没有需要改动的日期。")
    context.session.flush()
    fresh = Context(context.session, context.actor, context.moment)
    days = changed_days(before, fresh.calendar(authority_id))
    hearings = changed_hearings(fresh, authority_id, before)
    moved = [[str(told), str(until), str(later)] for (told, until), later in sorted(hearings.items())]
    data = {"days": [str(day) for day in days][:400], "hearings": moved}
    fact = Fact(
        "calendar.change", f"calendar:{authority_id}", authority_id, reason=said, data=data, mandate_id=grant.mandate_id
    )
    event_id = record(context.session, fact, context.actor, context.moment)
    fresh.memory["decided_event"] = event_id
    count, last, tomorrow = 0, last_done(context.session), context.day + timedelta(days=1)
    for case_ids in _cases(fresh, authority_id):
        move_hearings(fresh, authority_id, case_ids, hearings)
        count += sum(_count_again(fresh, case_id, event_id) for case_id in case_ids)
        count += count_slips_again(fresh, case_ids)
        context.session.flush()
        recap_all(fresh, case_ids)
        settle(fresh, case_ids, as_at=tomorrow if last else None, told_on=context.day, until=last)
    return count


def _cases(context: Context, authority_id: int) -> Iterator[list[int]]:
    """Yield the authority's cases that have or had a clock, locked, in batches."""
    cursor = 0
    while True:
        query = select(Case.id).where(
            Case.authority_id == authority_id, Case.assigned_on.is_not(None), Case.id > cursor
        )
        found = list(context.session.scalars(query.order_by(Case.id).limit(BATCH).with_for_update()))
        if not found:
            return
        yield found
        cursor = found[-1]


def _count_again(context: Context, case_id: int, event_id: int) -> bool:
    """Count the case's deadline and receipts again; a changed deadline is a new row, effective as the old one was."""
    session = context.session
    case = session.get_one(Case, case_id)
    for part in session.scalars(select(Assignment).where(Assignment.case_id == case_id)):
        receipt = context.limit(case.authority_id, "receipt_days", part.assigned_on)
        if part.receipt_provisional:
            part.receipt_due_on, part.receipt_provisional = receipt.on, receipt.provisional
    last = session.scalars(
        select(Deadline).where(Deadline.case_id == case_id).order_by(Deadline.id.desc()).limit(1)
    ).first()
    if last is None:
        return False
    due = _due_again(context, case.authority_id, last)
    if case.handed_due_on is not None and due.on > case.handed_due_on:
        due = Due(case.handed_due_on, provisional=due.provisional, stated=due.stated)
    if (due.on, due.provisional) == (last.due_on, last.provisional):
        return False
    session.add(_copied(last, due, context.day, event_id))
    case.due_on = case.order_on = due.on
    case.due_provisional = due.provisional
    return True


def _due_again(context: Context, authority_id: int, last: Deadline) -> Due:
    calendar = context.calendar(authority_id)
    if last.limit and last.counted_from:
        return deadline(calendar, last.counted_from, Limit.parse(last.limit))
    return stated_deadline(calendar, last.stated_on or last.due_on)


def _copied(last: Deadline, due: Due, day: date, event_id: int) -> Deadline:
    return Deadline(
        case_id=last.case_id,
        cycle=last.cycle,
        recorded_on=day,
        effective_on=last.effective_on,
        due_on=due.on,
        stated_on=last.stated_on,
        limit=last.limit,
        counted_from=last.counted_from,
        provisional=due.provisional,
        cause="calendar",
        event_id=event_id,
    )
