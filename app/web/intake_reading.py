"""A file handed in: kept, read in a process of its own while no transaction is open, and judged."""

from pathlib import Path

from flask import current_app
from werkzeug.datastructures import FileStorage

from app.core.errors import Absent, Invalid
from app.core.sheet import Sheet
from app.documents.workbook import read_sheet
from app.ledgers.cases import WORKBOOKS, StoredFile, store
from app.ledgers.intake import TAKERS, ImportBatch, Layout, SheetReading, read_rows
from app.people import visible
from app.web.shell import desk
from app.workflows import Context
from app.workflows.intake import FileFacts, begin_reading, judge_again, preview_import, refuse_reading

MOST_ROWS = 2000
TOO_MANY = "有 {} 行，网页一次最多导入 {} 行。请拆分后再上传，或请系统管理员用 flask ledger import 命令导入。"


def hand_in(file: FileStorage, layout: Layout, sheet: str | None) -> int:
    """Keep and read a file and return the id of its preview; Invalid says what is wrong, Refused that others read."""
    authority_id = own_authority()
    desk().close()  # a slow file must not hold the database
    folder = current_app.config["DUKAO"].instance / "imports"
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


def _same_preview(kept: StoredFile, layout: Layout, sheet: str | None) -> int | None:
    """Return the person's open preview of the very same file, judged anew: a second click makes no second one."""
    actor = desk().actor
    query = visible(ImportBatch, actor).where(
        ImportBatch.sha256 == kept.sha256,
        ImportBatch.state == "previewed",
        ImportBatch.layout == layout.code,
        ImportBatch.person_id == actor.person_id,
    )
    query = query.where(ImportBatch.sheet == sheet) if sheet else query
    batch = desk().session.scalars(query.order_by(ImportBatch.id.desc())).first()
    if batch is not None:
        judge_again(desk().context, batch)
        return batch.id
    desk().close()
    return None


def _read(authority_id: int, kept: StoredFile, layout: Layout, sheet: str | None, folder: Path) -> int:
    actor, moment, database = desk().actor, desk().moment, desk().database
    desk().close()
    with database.begin() as session:
        batch_id = begin_reading(Context(session, actor, moment), authority_id, layout, kept.name).id
    try:
        found = read_sheet(folder / kept.stored_name, filename=kept.name, sheet=sheet, preferred=layout.sheet)
        reading = _read_rows(layout, found)
    except Invalid as error:
        with database.begin() as session:
            refuse_reading(session.get_one(ImportBatch, batch_id), str(error))
        raise
    batch = desk().session.get_one(ImportBatch, batch_id)
    facts = FileFacts(kept.stored_name, kept.sha256, kept.size, found.name)
    preview_import(desk().context, batch, reading, facts)
    return batch_id


def _read_rows(layout: Layout, found: Sheet) -> SheetReading:
    try:
        reading = read_rows(layout, found.rows)
    except Invalid as error:
        others = [name for name in found.names if name != found.name][:20]
        more = f"读的是工作表“{found.name}”，文件里还有：{'、'.join(others)}。" if others else ""
        raise Invalid({name: said + more for name, said in error.errors.items()}) from error
    if not reading.rows:
        raise Invalid({"file": f"工作表“{found.name}”里只有表头，没有可以导入的行。"})
    if len(reading.rows) > MOST_ROWS:
        raise Invalid({"file": TOO_MANY.format(len(reading.rows), MOST_ROWS)})
    return reading
