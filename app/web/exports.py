"""台账版式: the ledger on the screen in an office's layout, and as a workbook to take away."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from app.core.errors import Absent
from app.documents.ledger_files import FOLDER, digest_of, make_export
from app.ledgers.exports import Export
from app.people import Role, visible
from app.web.export_page import PAPER, asked, export_shown, past_exports, sheet_data, wanted_book
from app.web.list_looks import BOOKS, LISTS, unit_seen
from app.web.policy import only, route
from app.web.shell import close_desk, desk
from app.workflows import Context
from app.workflows.exporting import Wanted, ask_export, cancel_export, claim_export, lose_file, note_fetch

blueprint = Blueprint("exports", __name__)
READERS = only(Role.INSPECTOR, Role.SUPERVISOR, Role.ASSESSOR, Role.LEADER, Role.HEAD, Role.LIAISON, Role.DISCIPLINE)
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
MAKER = "page"
CHUNK = 256 * 1024


@route(blueprint, "/sheets", READERS)
def sheet() -> str:
    """Show the ledger, narrowed as on its own page, in the columns of a layout."""
    return render_template("export/sheet.html", **sheet_data())


@route(blueprint, "/exports", READERS, ("GET", "POST"))
def exports() -> Any:
    """Show what the person has exported; take what the address asks for: a short ledger is made when it is fetched."""
    if request.method == "GET":
        return render_template("export/list.html", exports=past_exports())
    return _asked(asked())


@route(blueprint, "/books/<any(times,measures,progress):which>/workbook", READERS, ("POST",))
def book_of_all(which: str) -> Answer:
    """Hand a book of all units in reach out as a workbook: open cases only, as on its page."""
    return _asked(wanted_book(which, None))


@route(blueprint, f"/units/<int:ref>/<any({','.join(LISTS | BOOKS)}):which>/workbook", READERS, ("POST",))
def book_of_unit(ref: int, which: str) -> Answer:
    """Hand a list or book of one unit out as a workbook."""
    return _asked(wanted_book(which, unit_seen(ref).id))


@route(blueprint, "/exports/<int:ref>", READERS)
def export(ref: int) -> str:
    """Show how far an export is; the page may be left."""
    return render_template("export/one.html", export=export_shown(_export(ref)))


@route(blueprint, "/exports/<int:ref>/cancel", READERS, ("POST",))
def cancel(ref: int) -> Answer:
    """Give an export up."""
    cancel_export(_export(ref), desk().moment.at)
    return redirect(url_for("exports.export", ref=ref), 303)


@route(blueprint, "/exports/<int:ref>/file", READERS)
def file(ref: int) -> Answer:
    """Send the file to the person who asked for it, and record that it left."""
    found = _export(ref)
    if found.state == "waiting" and found.total is not None and _make(ref):
        found = _export(ref)
    if found.state in ("waiting", "running", "failed"):
        return redirect(url_for("exports.export", ref=ref))
    actor, moment = desk().actor, desk().moment
    path = current_app.config["DUKAO"].instance / FOLDER / (found.stored_name or "")
    close_desk()  # nothing is held open while the file travels
    is_whole = path.is_file() and digest_of(path) == found.sha256
    with desk().database.begin() as session:
        kept = session.get_one(Export, ref)
        if is_whole or kept.state != "done":
            note_fetch(Context(session, actor, moment), kept)
        else:
            lose_file(kept)
    return _sent(path, found.file_name) if is_whole else redirect(url_for("exports.export", ref=ref))


def _asked(wanted: Wanted) -> Answer:
    export = ask_export(desk().context, wanted)
    short = export.total is not None
    return redirect(url_for("exports.file" if short else "exports.export", ref=export.id), 303)


def _export(ref: int) -> Export:
    found = desk().session.scalars(visible(Export, desk().actor).where(Export.id == ref)).one_or_none()
    if found is None:
        raise Absent
    return found


def _make(ref: int) -> bool:
    """Make a short export at once, unless a worker has it; no transaction of the request is open meanwhile."""
    database, clock, at = desk().database, current_app.extensions["clock"], desk().moment.at
    close_desk()
    with database.begin() as session:
        claimed = claim_export(session, MAKER, at, ref)
    if claimed is not None:
        make_export(database, clock, current_app.config["DUKAO"].instance, ref, MAKER)
    return True


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as content:
        while chunk := content.read(CHUNK):
            yield chunk


def _sent(path: Path, name: str) -> Response:
    answer = Response(_read(path), mimetype=PAPER)
    answer.content_length = path.stat().st_size
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
