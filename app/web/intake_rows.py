"""Rows of an import put right on the page: what was typed is never lost, nor are the other rows."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select

from app.core.errors import Absent
from app.ledgers.intake import TAKERS, ImportBatch, ImportRow, layout_of
from app.people import visible
from app.web.intake import idle_batch, matched_names, the_batch
from app.web.intake_fixes import row_form
from app.web.intake_page import batch_shown
from app.web.intake_reading import judge_now_or_later
from app.web.keys import sent_before
from app.web.policy import only, route
from app.web.shell import desk, shows_form_again
from app.workflows.intake_correcting import Corrected, Typed, changes_of, correct_rows
from app.workflows.intake_names import match_units

blueprint = Blueprint("intake_rows", __name__)
POLICY = only(*TAKERS)
CONFLICT, NOT_VALID = 409, 422


@route(blueprint, "/imports/<int:ref>/rows/<int:number>", POLICY)
def row(ref: int, number: int) -> str:
    """Show every cell of one row, to be put right."""
    batch = the_batch(ref)
    found = _rows(batch, {number})
    if batch.state != "previewed" or not found:
        raise Absent
    return _page(batch, found, {})


@route(blueprint, "/imports/<int:ref>/corrections", POLICY, ("POST",))
@shows_form_again
def correct(ref: int) -> Any:
    """Take typed cells, and units chosen beside them, and judge the file again."""
    batch, typed = idle_batch(ref), _typed()
    if sent := sent_before():
        rows = _differing(batch, typed)
        if not rows:
            raise sent
        return _page(batch, rows, typed), NOT_VALID
    done = correct_rows(desk().context, batch, typed)
    if done.overtaken:
        return _page(batch, _rows(batch, typed), typed, done.overtaken), CONFLICT
    matched = matched_names(batch)
    if matched:
        match_units(desk().context, batch, None, matched)
    if not (matched or done.changed):
        flash("没有改动。请在各行里填写正确的内容，或给名称选定单位。", "warn")
        return redirect(_back(batch, done), 303)
    is_judged = judge_now_or_later(batch)
    desk().session.flush()
    flash(_said(batch, done, len(matched), is_judged), "done")
    return redirect(_back(batch, done), 303)


def _typed() -> dict[int, Typed]:
    """Return what was typed by row: cells named cell-ROW-FIELD, beside them seen-ROW."""
    cells: dict[int, dict[str, str]] = {}
    for name, said in request.form.items():
        kind, _, rest = name.partition("-")
        number, _, field = rest.partition("-")
        if kind == "cell" and number.isdecimal() and len(number) <= 9:  # noqa: PLR2004 - digits of any row
            cells.setdefault(int(number), {})[field] = said.replace("\r\n", "\n")
    return {number: Typed(request.form.get(f"seen-{number}", ""), found) for number, found in cells.items()}


def _rows(batch: ImportBatch, numbers: Any) -> list[ImportRow]:
    query = visible(ImportRow, desk().actor).where(ImportRow.batch_id == batch.id, ImportRow.number.in_(list(numbers)))
    return list(desk().session.scalars(query.order_by(ImportRow.number)))


def _differing(batch: ImportBatch, typed: dict[int, Typed]) -> list[ImportRow]:
    """Return the rows of an open import in which something else was typed than what stands there now."""
    if batch.state != "previewed":
        return []
    layout = layout_of(desk().session, batch.layout)
    return [row for row in _rows(batch, typed) if changes_of(row, layout, typed[row.number])]


def _page(
    batch: ImportBatch, rows: list[ImportRow], typed: dict[int, Typed], overtaken: list[int] | None = None
) -> str:
    layout = layout_of(desk().session, batch.layout)
    forms = [row_form(one, layout, typed[one.number].cells if one.number in typed else {}) for one in rows]
    return render_template("import/row.html", batch=batch_shown(batch), rows=forms, overtaken=overtaken or [])


def _said(batch: ImportBatch, done: Corrected, matched: int, is_judged: bool) -> str:
    parts = [f"已改正 {len(done.changed)} 行"] if done.changed else []
    parts += [f"已记住 {matched} 个单位名称"] if matched else []
    if not is_judged:
        return "，".join(parts) + "；各行正在重新核对。"
    mine = ImportRow.batch_id == batch.id, ImportRow.number.in_(done.changed), ImportRow.verdict == "wrong"
    still = len(desk().session.scalars(select(ImportRow.number).where(*mine)).all())
    return "，".join(parts) + (f"；其中 {still} 行仍然有误，见下。" if still else "；各行已重新核对。")


def _back(batch: ImportBatch, done: Corrected) -> str:
    """Return where to go on: the wrong rows that are left, else where the row that was put right stands now."""
    show = "wrong" if batch.counts.get("wrong") else None
    if len(done.changed) == 1 and not show:
        verdict = (
            desk()
            .session.scalars(
                select(ImportRow.verdict).where(ImportRow.batch_id == batch.id, ImportRow.number == done.changed[0])
            )
            .one()
        )
        show = verdict
    return url_for("intake.preview", ref=batch.id, show=show)
