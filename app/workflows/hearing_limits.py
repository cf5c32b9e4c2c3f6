"""The time for objections when the working calendar changes: as many working days as were given, never fewer than told."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select, update

from app.calendar import Calendar
from app.core.among import among
from app.ledgers.scores import ScoreEntry, Standing
from app.workflows.context import Context

OPEN = ("proposed", "contested")  # a withdrawn objection leaves its entries proposed again


def changed_hearings(context: Context, authority_id: int, before: Calendar) -> dict[tuple[date, date], date]:
    """Return the new last day of each (day of telling, last day) still to come that the calendar now in force moves on."""
    days = select(Standing.told_on, Standing.object_until).where(*_open(context, authority_id)).distinct()
    after, found = context.calendar(authority_id), {}
    for told, until in context.session.execute(days):
        given = before.working_between(told, until)
        if given and (moved := after.add_working(told, given)) > until:
            found[told, until] = moved
    return found


def move_hearings(
    context: Context, authority_id: int, case_ids: Sequence[int], moved: dict[tuple[date, date], date]
) -> None:
    """Move the last days of the cases named, which the caller has locked; no day is moved twice."""
    table: Any = Standing.__table__
    entries = select(ScoreEntry.id).where(among(ScoreEntry.case_id, case_ids))
    for told, until in sorted(moved, reverse=True):
        same = (table.c.told_on == told) & (table.c.object_until == until) & table.c.entry_id.in_(entries)
        statement = update(table).where(*_open(context, authority_id), same)
        context.session.execute(statement.values(object_until=moved[told, until]))


def _open(context: Context, authority_id: int) -> tuple[Any, ...]:
    table: Any = Standing.__table__
    is_open = table.c.object_until >= context.day
    return table.c.authority_id == authority_id, table.c.state.in_(OPEN), is_open
