"""What is kept of an import only for a time, because citizens' contacts stand in it: the file, and what was read from it."""

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.ledgers.intake import ImportBatch, ImportRow, ImportTask
from app.ledgers.intake.words import WHY_CLOSED
from app.workflows.intake_tasks import UNDER_WAY


def expire_imports(session: Session, before: datetime) -> None:
    """Forget the files of imports that were taken over, taken back or left lying before then; they stay on record.

    Of one that was left lying, and of the rows that one left, what was read from the file goes as well: they can no longer
    be taken over.
    """
    busy = select(ImportTask.batch_id).where(ImportTask.state.in_(UNDER_WAY))
    lying = ImportBatch.state == "previewed", ImportBatch.begun_at < before, ImportBatch.id.not_in(busy)
    left = list(session.scalars(select(ImportBatch.id).where(*lying).with_for_update(skip_locked=True)))
    nothing: dict[str, Any] = {"reading": {}, "contact": None, "typed": {}, "facts": {}, "changes": {}}
    session.execute(update(ImportRow).where(ImportRow.batch_id.in_(left)).values(**nothing))
    gone = {"state": "expired", "note": WHY_CLOSED["expired"], "stored_name": None, "version": ImportBatch.version + 1}
    session.execute(update(ImportBatch).where(ImportBatch.id.in_(left)).values(**gone))
    ended = func.coalesce(ImportBatch.reversed_at, ImportBatch.applied_at)
    done = ImportBatch.state.in_(("applied", "reversed")), ended < before
    old = select(ImportBatch.id).where(*done, ImportBatch.stored_name.is_not(None))
    unread: dict[str, Any] = {"reading": {}, "contact": None, "typed": {}}
    session.execute(update(ImportRow).where(ImportRow.batch_id.in_(old), ImportRow.outcome == "left").values(**unread))
    session.execute(update(ImportBatch).where(*done).values(stored_name=None))


def kept_imports(session: Session, folder: Path) -> set[Path]:
    """Return the files in the folder that imports, or work on them, still name."""
    names = list(session.scalars(select(ImportBatch.stored_name).where(ImportBatch.stored_name.is_not(None))))
    asked = session.scalars(select(ImportTask.asked).where(ImportTask.state.in_(UNDER_WAY), ImportTask.kind == "read"))
    return {folder / name for name in (*names, *(one["stored"] for one in asked)) if name}
