"""Rows of work that wait in a table: taken by one worker at a time, held by a lease, taken by another when it lapses.

Such a table has the columns state (waiting, running, others when it is over), worker, lease_until and attempts.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

LEASE = timedelta(minutes=2)  # a worker that has said nothing for so long has died


def claim(
    session: Session, model: Any, worker: str, at: datetime, row_id: int | None = None, **fresh: Any
) -> int | None:
    """Take the oldest row that waits or whose worker died, or the one named, and begin it `fresh`; None when there is none."""
    lapsed = and_(model.state == "running", model.lease_until < at)
    free = or_(model.state == "waiting", lapsed)
    chosen = select(model.id).where(free).order_by(model.id).limit(1)
    if row_id is not None:
        chosen = chosen.where(model.id == row_id)
    wanted = session.scalar(chosen.with_for_update(skip_locked=True))
    if wanted is None:
        return None
    values = {"state": "running", "worker": worker, "lease_until": at + LEASE, "attempts": model.attempts + 1}
    taken: Any = session.execute(update(model).where(model.id == wanted, free).values(**values, **fresh))
    return int(wanted) if taken.rowcount == 1 else None


def hold(session: Session, model: Any, claimed: tuple[int, str], at: datetime, **values: Any) -> bool:
    """Hold on to a row (id, worker) a lease longer and note values; False when it was ended or another has it by now."""
    lease = {"lease_until": at + LEASE}
    held: Any = session.execute(update(model).where(is_held(model, claimed)).values(**lease, **values))
    return bool(held.rowcount == 1)


def release(session: Session, model: Any, claimed: tuple[int, str]) -> None:
    """Let go of a row that the worker cannot finish, as if it had not been taken; another takes it."""
    values = {"state": "waiting", "lease_until": None, "attempts": model.attempts - 1}
    session.execute(update(model).where(is_held(model, claimed)).values(**values))


def is_held(model: Any, claimed: tuple[int, str]) -> ColumnElement[bool]:
    """Return the condition that the worker holds the row."""
    return and_(model.id == claimed[0], model.worker == claimed[1], model.state == "running")
