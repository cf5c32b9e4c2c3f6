"""Rows that an import left: taken up again as an import of their own, to be put right and brought in later."""

from collections.abc import Iterable

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.core.errors import Refused, Stale
from app.ledgers.intake import ImportBatch, ImportRow
from app.workflows.context import Context
from app.workflows.intake import mandate_for, queue_up

OF_THE_FILE = ("authority_id", "layout", "file_name", "stored_name", "sha256", "size", "sheet", "stated_on", "period")
OF_THE_ROW = ("number", "serial", "verdict", "reading", "contact", "facts", "problems", "doubts", "unmatched", "typed")
NO_ROWS = "这一批没有留下可以继续改正的行。需要导入的，请重新上传文件；已经导入的行不会重复。"
GOES_ON = "没有导入的行已经转到后一批，请在那里继续改正。"


def continue_import(context: Context, batch: ImportBatch, version: int) -> ImportBatch:
    """Open the rows that were left as a preview of their own, which is to be judged anew then.

    Refused where there are none or it was done before, Stale when another version was meant. What was read stays with the
    new import alone.
    """
    mandate_for(context, batch.authority_id)
    queue_up(context.session, batch.authority_id)
    context.session.flush()
    context.session.refresh(batch, with_for_update=True)
    if batch.version != version:
        raise Stale(version, batch.version)
    if continued_by(context.session, batch) is not None:
        raise Refused(GOES_ON)
    left = _rows_left(context.session, batch)
    if batch.state != "applied" or not left:
        raise Refused(NO_ROWS)
    rest = ImportBatch(
        state="previewed",
        person_id=context.actor.person_id,
        begun_at=context.moment.at,
        continues_id=batch.id,
        **{name: getattr(batch, name) for name in OF_THE_FILE},
    )
    context.session.add(rest)
    context.session.flush()
    same = {"batch_id": rest.id, "authority_id": rest.authority_id, "is_chosen": False, "changes": {}}
    rows = [same | {name: getattr(row, name) for name in OF_THE_ROW} for row in left]
    context.session.execute(insert(ImportRow), rows)
    for row in left:
        row.reading, row.contact, row.typed = {}, None, dict.fromkeys(row.typed, "")
    return rest


def continued_by(session: Session, batch: ImportBatch) -> int | None:
    """Return the import that goes on with the rows this one left, if there is one."""
    query = select(ImportBatch.id).where(ImportBatch.continues_id == batch.id)
    return session.scalars(query.order_by(ImportBatch.id.desc()).limit(1)).one_or_none()


def _rows_left(session: Session, batch: ImportBatch) -> Iterable[ImportRow]:
    mine = ImportRow.batch_id == batch.id, ImportRow.outcome == "left"
    return [row for row in session.scalars(select(ImportRow).where(*mine).order_by(ImportRow.number)) if row.reading]
