"""Work on long imports: asked for by a person, done by one worker at a time, which says how far it is."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.errors import Refused
from app.core.leases import claim, hold, is_held, release
from app.ledgers.intake import ImportBatch, ImportTask
from app.workflows.context import Context

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
    return claim(session, ImportTask, worker, at, done=0)


def say_progress(session: Session, claimed: tuple[int, str], at: datetime, progress: tuple[int, int]) -> bool:
    """Note how many rows of how many are done and hold on to the work; False when another has it by now."""
    return hold(session, ImportTask, claimed, at, done=progress[0], total=progress[1])


def end_task(session: Session, claimed: tuple[int, str], at: datetime, note: str = "", is_done: bool = True) -> bool:
    """Note that the work is done, or why it cannot be; False when another has it by now."""
    values = {"state": "done" if is_done else "failed", "note": note, "ended_at": at, "lease_until": None}
    ended: Any = session.execute(update(ImportTask).where(is_held(ImportTask, claimed)).values(**values))
    return bool(ended.rowcount == 1)


def cancel_task(session: Session, batch_id: int, at: datetime) -> ImportTask | None:
    """Give up the work on an import that is not done yet; who does it notices and writes nothing."""
    task = under_way(session, batch_id)
    if task is not None:
        task.state, task.note, task.ended_at, task.lease_until = "failed", "已取消。", at, None
    return task


def release_task(session: Session, claimed: tuple[int, str]) -> None:
    """Let go of work that the worker cannot finish; another begins it anew."""
    release(session, ImportTask, claimed)
