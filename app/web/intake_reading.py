"""A file handed in: kept, read in a process of its own while no transaction is open, and judged; a long one by the worker."""

from pathlib import Path

from flask import current_app
from werkzeug.datastructures import FileStorage

from app.core.errors import Absent, Invalid
from app.documents.intake_files import FOLDER, Kept, read_kept_file
from app.ledgers.cases import WORKBOOKS, StoredFile, store
from app.ledgers.intake import TAKERS, ImportBatch, Layout
from app.ledgers.intake.words import VERDICTS
from app.people import visible
from app.web.shell import desk
from app.workflows import Context
from app.workflows.intake import FileFacts, begin_reading, judge_again, preview_import, refuse_reading
from app.workflows.intake_tasks import ask_task, under_way

DIRECT_ROWS = 2000  # rows that are read, judged and taken over while the person waits; more are the worker's
DIRECT_BYTES = 2**20


def hand_in(file: FileStorage, layout: Layout, sheet: str | None) -> int:
    """Keep and read a file and return the id of its preview; Invalid says what is wrong, Refused that others read."""
    authority_id = own_authority()
    desk().close()  # a slow file must not hold the database
    folder = current_app.config["DUKAO"].instance / FOLDER
    try:
        kept = store(folder, file.stream, file.filename or "", WORKBOOKS)
    except Invalid as error:
        raise Invalid({"file": str(error)}) from error
    is_kept = False
    try:
        earlier = _same_preview(kept, layout, sheet)
        if earlier is None:
            batch_id, is_kept = _read(authority_id, kept, layout, sheet, folder), True
        return earlier or batch_id
    finally:
        if not is_kept:
            (folder / kept.stored_name).unlink(missing_ok=True)


def own_authority() -> int:
    """Return the authority for which the person takes feedback in."""
    found = min(desk().actor.authorities(*TAKERS), default=None)
    if found is None:
        raise Absent
    return found


def is_long(batch: ImportBatch) -> bool:
    """Say whether an import has more rows than a person should wait for."""
    return sum(batch.counts.get(verdict, 0) for verdict in VERDICTS) > DIRECT_ROWS


def judge_now_or_later(batch: ImportBatch) -> bool:
    """Judge a preview anew, or have the worker do it when it is long; say whether it is done already."""
    if not is_long(batch):
        judge_again(desk().context, batch)
        return True
    if under_way(desk().session, batch.id) is None:
        ask_task(desk().context, batch, "judge")
    return False


def _same_preview(kept: StoredFile, layout: Layout, sheet: str | None) -> int | None:
    """Return the person's open preview of the very same file, judged anew: a second click makes no second one."""
    actor = desk().actor
    query = visible(ImportBatch, actor).where(
        ImportBatch.sha256 == kept.sha256,
        ImportBatch.state == "previewed",
        ImportBatch.layout == layout.code,
        ImportBatch.person_id == actor.person_id,
        ImportBatch.continues_id.is_(None),
    )
    query = query.where(ImportBatch.sheet == sheet) if sheet else query
    batch = desk().session.scalars(query.order_by(ImportBatch.id.desc())).first()
    if batch is not None:
        judge_now_or_later(batch)
        return batch.id
    desk().close()
    return None


def _read(authority_id: int, kept: StoredFile, layout: Layout, sheet: str | None, folder: Path) -> int:
    actor, moment, database = desk().actor, desk().moment, desk().database
    desk().close()
    file = Kept(folder / kept.stored_name, kept.name, kept.sha256, kept.size)
    with database.begin() as session:
        batch = begin_reading(Context(session, actor, moment), authority_id, layout, kept.name)
    if kept.size <= DIRECT_BYTES:
        try:
            found, reading = read_kept_file(file, layout, sheet)
        except Invalid as error:
            with database.begin() as session:
                refuse_reading(session.get_one(ImportBatch, batch.id), str(error))
            raise
        if len(reading.rows) <= DIRECT_ROWS:
            facts = FileFacts(kept.stored_name, kept.sha256, kept.size, found.name, found.has_pictures)
            preview_import(desk().context, desk().session.get_one(ImportBatch, batch.id), reading, facts)
            return batch.id
    asked = {"stored": kept.stored_name, "name": kept.name, "sha256": kept.sha256, "size": kept.size, "sheet": sheet}
    ask_task(desk().context, desk().session.get_one(ImportBatch, batch.id), "read", **asked)
    return batch.id
