"""台账版式: make a layout from a workbook of the office by pointing at its header rows and saying what each column holds."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.core.errors import Absent, Invalid
from app.core.sheet import Sheet
from app.documents.workbook import read_sheet
from app.ledgers.cases import WORKBOOKS, store
from app.ledgers.intake import TAKERS, Choice, OwnLayout, Sketch, load_layouts, sign_off_of
from app.people import visible
from app.web.intake_reading import own_authority
from app.web.layout_page import SHOWN_ROWS, header_asked, page_data, title_of_sheet
from app.web.policy import only, route
from app.web.shell import desk
from app.workflows.layout_keeping import add_layout, retire_layout

blueprint = Blueprint("layouts", __name__)
POLICY = only(*TAKERS)
KEPT = "layout_file"
FOLDER = "imports"


@route(blueprint, "/layouts", POLICY, ("GET", "POST"))
def layouts() -> Any:
    """Show the layouts there are; take the workbook a new one is made from."""
    if request.method == "GET":
        return _list()
    file = request.files.get("file")
    if file is None or not file.filename:
        return _list("请选择一份工作簿。"), 422
    folder = current_app.config["DUKAO"].instance / FOLDER
    desk().close()  # a slow file must not hold the database
    try:
        kept = store(folder, file.stream, file.filename, WORKBOOKS)
        session[KEPT] = {"stored": kept.stored_name, "name": kept.name, "sheet": request.form.get("sheet", "").strip()}
        _sheet()
    except Invalid as error:
        return _list(str(error)), 422
    return redirect(url_for("layouts.new"), 303)


@route(blueprint, "/layouts/new", POLICY, ("GET", "POST"))
def new() -> Any:
    """Show the beginning of the workbook and what its columns probably hold; put the layout on record."""
    sheet = _sheet()
    if request.method == "GET":
        return render_template("layout/new.html", **page_data(sheet, request.args))
    place, columns = header_asked(sheet, request.form)
    chosen = tuple(
        Choice(column.words, request.form.get(f"field-{number}", "")[:40]) for number, column in enumerate(columns)
    )
    sketch = Sketch(
        request.form.get("name", "").strip(),
        title_of_sheet(sheet, place[0]) or request.form.get("name", "").strip(),
        chosen,
        sign_off_of(sheet.rows, sum(place)),
    )
    try:
        row = add_layout(desk().context, own_authority(), sketch)
    except Invalid as error:
        desk().session.rollback()
        return render_template("layout/new.html", **page_data(sheet, request.form, error.errors)), 422
    _forget()
    flash(f"已新增版式“{row.name}”，导入和导出时都可以选用。", "done")
    return redirect(url_for("layouts.layouts"), 303)


@route(blueprint, "/layouts/<int:ref>/retire", POLICY, ("POST",))
def retire(ref: int) -> Response:
    """Take a layout off the lists."""
    row = desk().session.scalars(visible(OwnLayout, desk().actor).where(OwnLayout.id == ref)).one_or_none()
    if row is None:
        raise Absent
    retire_layout(desk().context, row)
    flash(f"已停用版式“{row.name}”。用它导入过的台账不受影响。", "done")
    return redirect(url_for("layouts.layouts"), 303)


def _list(wrong: str = "") -> str:
    own = desk().session.scalars(visible(OwnLayout, desk().actor).where(OwnLayout.retired_at.is_(None)))
    rows = [
        {
            "name": row.name,
            "columns": "、".join(column["label"] for column in row.data["columns"]),
            "url": url_for("exports.sheet", layout=f"own-{row.id}"),
            "retire_url": url_for("layouts.retire", ref=row.id),
        }
        for row in own
    ]
    shipped = [
        {
            "name": layout.name,
            "columns": "、".join(column.label for column in layout.shown),
            "url": url_for("exports.sheet", layout=layout.code),
            "retire_url": "",
        }
        for layout in load_layouts()
    ]
    return render_template("layout/list.html", rows=[*rows, *shipped], wrong=wrong)


def _sheet() -> Sheet:
    """Read the workbook that was handed in; Absent when there is none (any more)."""
    kept = session.get(KEPT)
    path = current_app.config["DUKAO"].instance / FOLDER / (kept or {}).get("stored", "")
    if not kept or not path.is_file():
        raise Absent("没有正在制作的版式，请重新上传工作簿。")
    sheet = read_sheet(path, filename=kept["name"], sheet=kept["sheet"] or None)
    return Sheet(sheet.name, sheet.rows[: SHOWN_ROWS * 10], sheet.names)


def _forget() -> None:
    kept = session.pop(KEPT, None)
    if kept:
        (current_app.config["DUKAO"].instance / FOLDER / kept["stored"]).unlink(missing_ok=True)
