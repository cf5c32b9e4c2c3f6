"""Work on long imports: asked for by a person, done by one worker at a time, which says how far it is."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from app.core.errors import Refused
from app.ledgers.intake import ImportBatch, ImportTask
from app.workflows.context import Context

LEASE = timedelta(minutes=2)  # a worker that has said nothing for so long has died
MOST_ATTEMPTS = 3
UNDER_WAY = ("waiting", "running")


def ask_task(context: Context, batch: ImportBatch, kind: str, **asked: Any) -> ImportTask:
    """Have the worker read, judge, apply or reverse an import. Refused while it works on that one already."""
    if under_way(context.session, batch.id) is not None:
        raise Refused("后台正在处理这一批，请等它完成。")
    task = ImportTask(
        authority_id=batch.authority_id,
        batch_id=batch.id,
        person_id=context.actor.person_id,
        kind=kind,
        asked=asked,
        asked_at=context.moment.at,
    )
    context.session.add(task)
    context.session.flush()
    return task


def under_way(session: Session, batch_id: int) -> ImportTask | None:
    """Return the work on an import that is not done yet."""
    query = select(ImportTask).where(ImportTask.batch_id == batch_id, ImportTask.state.in_(UNDER_WAY))
    return session.scalars(query.order_by(ImportTask.id.desc()).limit(1)).one_or_none()


def last_task(session: Session, batch_id: int) -> ImportTask | None:
    """Return the newest work on an import, done or not."""
    query = select(ImportTask).where(ImportTask.batch_id == batch_id)
    return session.scalars(query.order_by(ImportTask.id.desc()).limit(1)).one_or_none()


def claim_task(session: Session, worker: str, at: datetime) -> int | None:
    """Take the oldest work that waits, or whose worker has died; None when there is none."""
    lapsed = and_(ImportTask.state == "running", ImportTask.lease_until < at)
    free = or_(ImportTask.state == "waiting", lapsed)
    chosen = select(ImportTask.id).where(free).order_by(ImportTask.id).limit(1)
    wanted = session.scalar(chosen.with_for_update(skip_locked=True))
    if wanted is None:
        return None
    values = {"worker": worker, "lease_until": at + LEASE, "done": 0, "attempts": ImportTask.attempts + 1}
    taken: Any = session.execute(
        update(ImportTask).where(ImportTask.id == wanted, free).values(state="running", **values)
    )
    return wanted if taken.rowcount == 1 else None


def say_progress(session: Session, claim: tuple[int, str], at: datetime, progress: tuple[int, int]) -> bool:
    """Note how many rows of how many are done and hold on to the work; False when another has it by now."""
    values = {"done": progress[0], "total": progress[1], "lease_until": at + LEASE}
    held: Any = session.execute(update(ImportTask).where(*_mine(claim)).values(**values))
    return bool(held.rowcount == 1)


def end_task(session: Session, claim: tuple[int, str], at: datetime, note: str = "", is_done: bool = True) -> bool:
    """Note that the work is done, or why it cannot be; False when another has it by now."""
    values = {"state": "done" if is_done else "failed", "note": note, "ended_at": at, "lease_until": None}
    ended: Any = session.execute(update(ImportTask).where(*_mine(claim)).values(**values))
    return bool(ended.rowcount == 1)


def cancel_task(session: Session, batch_id: int, at: datetime) -> ImportTask | None:
    """Give up the work on an import that is not done yet; who does it notices and writes nothing."""
    task = under_way(session, batch_id)
    if task is not None:
        task.state, task.note, task.ended_at, task.lease_until = "failed", "已取消。", at, None
    return task


def release_task(session: Session, claim: tuple[int, str]) -> None:
    """Let go of work that the worker cannot finish; another begins it anew."""
    values = {"state": "waiting", "lease_until": None, "attempts": ImportTask.attempts - 1}
    session.execute(update(ImportTask).where(*_mine(claim)).values(**values))


def _mine(claim: tuple[int, str]) -> tuple[Any, ...]:
    return ImportTask.id == claim[0], ImportTask.worker == claim[1], ImportTask.state == "running"
