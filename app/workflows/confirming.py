"""Silence confirms: what was not objected to within the time is confirmed by the daily job."""

from datetime import date
from typing import Any

from sqlalchemy import or_, select, update

from app.audit import Fact, record_many
from app.core.among import among
from app.core.clock import Moment
from app.core.db import Database
from app.ledgers.cases import Case
from app.ledgers.scores import ScoreEntry, Standing
from app.people import SYSTEM
from app.workflows.context import Context
from app.workflows.posting import add_to_totals, tell

BATCH = 500


def confirm_due(database: Database, day: date, moment: Moment) -> int:
    """Confirm every proposed entry whose time for objections ended before the day; return how many."""
    count, is_more = 0, True
    while is_more:
        confirmed, is_more = database.retried(lambda session: _confirm_batch(Context(session, SYSTEM, moment), day))
        count += confirmed
    return count


def _confirm_batch(context: Context, day: date) -> tuple[int, bool]:
    """Confirm what is due of the next cases; return how many entries, and whether there may be more cases."""
    session = context.session
    over = or_(Standing.object_until < day, Standing.object_until == Standing.told_on)  # no time given: at once
    due = (Standing.state == "proposed") & over
    cases = select(ScoreEntry.case_id).join(Standing, Standing.entry_id == ScoreEntry.id).where(due)
    locked = select(Case.id).where(Case.id.in_(cases)).order_by(Case.id).limit(BATCH).with_for_update()
    case_ids = list(session.scalars(locked))
    if not case_ids:
        return 0, False
    query = select(Standing, ScoreEntry).join(ScoreEntry, ScoreEntry.id == Standing.entry_id)
    rows = session.execute(query.where(due, among(ScoreEntry.case_id, case_ids)).order_by(Standing.entry_id)).all()
    facts = [_fact(entry) for _, entry in rows]
    events = record_many(session, facts, context.actor, context.moment) if facts else []
    table: Any = Standing.__table__
    for (standing, _), event_id in zip(rows, events, strict=True):
        same = (table.c.entry_id == standing.entry_id) & (table.c.version == standing.version)
        values = {"state": "confirmed", "version": standing.version + 1, "event_id": event_id}
        moved: Any = session.execute(update(table).where(same).values(values))
        if moved.rowcount != 1:
            raise RuntimeError("a standing moved under the lock of its case")
    moves = [(standing, "proposed", -entry.points) for standing, entry in rows]
    moves += [(standing, "confirmed", entry.points) for standing, entry in rows]
    add_to_totals(session, moves)
    tell(context, [(e.authority_id, e.unit_id, "entry_confirmed", e.id, e.case_id) for _, e in rows])
    return len(rows), len(case_ids) == BATCH


def _fact(entry: ScoreEntry) -> Fact:
    return Fact(
        kind="entry.confirm",
        subject=f"entry:{entry.id}",
        chain_id=entry.authority_id,
        case_id=entry.case_id,
        unit_id=entry.unit_id,
        data={"points": f"{entry.points:.2f}"},
    )
