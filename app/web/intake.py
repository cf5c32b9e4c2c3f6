"""导入反馈: hand in an office's ledger, see what each row is, match names, confirm, and take it over."""

from itertools import zip_longest
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import FileField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.core.errors import Absent, Invalid, Refused
from app.documents.intake_files import drop_file
from app.ledgers.intake import EVERY_KIND, TAKERS, ImportBatch, Layout, layouts_of
from app.people import UNIT_KINDS, visible
from app.web.fields import ChineseForm
from app.web.intake_names import names_to_match
from app.web.intake_page import page_data, past_imports
from app.web.intake_reading import hand_in, is_long, judge_now_or_later
from app.web.moves import put_errors
from app.web.policy import only, route
from app.web.shell import desk
from app.web.unit_names import count_names
from app.workflows.intake import (
    CHANGES,
    NOTHING,
    apply_import,
    choose_doubtful,
    choose_rows,
    refuse_reading,
    still_open,
)
from app.workflows.intake_continuing import continue_import
from app.workflows.intake_names import AllOf, match_units
from app.workflows.intake_tasks import ask_task, cancel_task, under_way

blueprint = Blueprint("intake", __name__)
POLICY = only(*TAKERS)
TOO_MANY_REQUESTS = 429
DONE = {"created": "登记", "updated": "更新", "noted": "记入办理过程"}


class UploadForm(ChineseForm):
    """A file and how it is laid out."""

    layout = SelectField("台账版式", [InputRequired("请选择台账版式。")])
    file = FileField("台账文件", description="xlsx、xls 或 csv，最大 20 MB；先试读，确认后才导入。")
    sheet = StringField(
        "工作表", [Length(max=100, message="最多 100 字。")], description="不填则读与版式同名的工作表，没有就读第一张"
    )


@route(blueprint, "/imports", POLICY, ("GET", "POST"))
def start() -> Any:
    """Show the form and the past imports; take a file."""
    form = UploadForm(request.form if request.method == "POST" else None)
    layouts: dict[str, Layout] = {layout.code: layout for layout in layouts_of(desk().session, desk().actor)}
    form.layout.choices = [("", "请选择"), *((layout.code, layout.name) for layout in layouts.values())]
    file = request.files.get("file")
    if request.method == "GET":
        return _start(form)
    if not form.validate() or file is None or not file.filename:
        if file is None or not file.filename:
            form.file.errors = ["请选择要导入的文件。"]
        return _start(form), 422
    try:
        batch_id = hand_in(file, layouts[form.layout.data], (form.sheet.data or "").strip() or None)
    except Invalid as error:
        put_errors(form, error)
        return _start(form), 422
    except Refused as error:
        form.file.errors = [str(error)]
        return _start(form), TOO_MANY_REQUESTS
    return redirect(url_for("intake.preview", ref=batch_id), 303)


@route(blueprint, "/imports/<int:ref>", POLICY)
def preview(ref: int) -> str:
    """Show what a file was read as, or what became of it."""
    return render_template("import.html", **page_data(the_batch(ref)))


@route(blueprint, "/imports/<int:ref>/units", POLICY, ("POST",))
def match(ref: int) -> Response:
    """Remember what unknown names mean and judge the file again."""
    batch, version = idle_batch(ref), version_typed()
    matched = matched_names(batch)
    if matched:
        match_units(desk().context, batch, version, matched)
        is_done = judge_now_or_later(batch)
        flash(f"已记住 {len(matched)} 个单位名称，以后自动识别；各行{'已' if is_done else '正在'}重新核对。", "done")
    else:
        flash("没有选定单位，什么都没有改变。请在名称后面选择对应的单位。", "warn")
    return redirect(url_for("intake.preview", ref=ref), 303)


@route(blueprint, "/imports/<int:ref>/choices", POLICY, ("POST",))
def choose(ref: int) -> Response:
    """Note which rows are confirmed."""
    batch, version = idle_batch(ref), version_typed()
    if request.form.get("all"):
        choose_doubtful(desk().context, batch, version)
    else:
        choose_rows(desk().context, batch, version, _numbers("shown"), _numbers("row"))
    flash("已保存。", "done")
    shown = request.form.get("show", "")
    return redirect(url_for("intake.preview", ref=ref, show=shown if shown.isalpha() else None), 303)


@route(blueprint, "/imports/<int:ref>/apply", POLICY, ("POST",))
def apply(ref: int) -> Response:
    """Take the rows over, or have the worker do it when they are many."""
    batch, version = idle_batch(ref), version_typed()
    if is_long(batch):
        still_open(desk().context, batch, version)
        ask_task(desk().context, batch, "apply", version=version)
        return redirect(url_for("intake.preview", ref=ref), 303)
    outcomes = apply_import(desk().context, batch, version)
    if not CHANGES & set(outcomes):
        raise Refused(NOTHING)
    said = "，".join(f"{word} {outcomes[key]} 件" for key, word in DONE.items() if outcomes[key])
    left = f"；{outcomes['left']} 行没有导入" if outcomes["left"] else ""
    flash(f"已导入：{said}{left}。", "done")
    return redirect(url_for("intake.preview", ref=ref), 303)


@route(blueprint, "/imports/<int:ref>/again", POLICY, ("POST",))
def again(ref: int) -> Response:
    """Judge a preview anew by what is on record now: somebody else may have taken the same rows over."""
    batch = idle_batch(ref)
    still_open(desk().context, batch, None)
    is_done = judge_now_or_later(batch)
    flash("各行已按台账现在的情况重新核对。" if is_done else "各行正在重新核对。", "done")
    return redirect(url_for("intake.preview", ref=ref), 303)


@route(blueprint, "/imports/<int:ref>/rest", POLICY, ("POST",))
def rest(ref: int) -> Response:
    """Go on with the rows that were not taken over."""
    batch, version = idle_batch(ref), version_typed()
    following = continue_import(desk().context, batch, version)
    judge_now_or_later(following)
    flash("没有导入的行在这里继续改正、核对，再导入一次；已经导入的行不会重复。", "done")
    return redirect(url_for("intake.preview", ref=following.id), 303)


@route(blueprint, "/imports/<int:ref>/cancel", POLICY, ("POST",))
def cancel(ref: int) -> Response:
    """Give up the work that the worker has not finished."""
    batch = the_batch(ref)
    task = cancel_task(desk().session, batch.id, desk().moment.at)
    if task is not None and task.kind == "read":
        refuse_reading(batch, "读取已取消。")
        drop_file(current_app.config["DUKAO"].instance, task)
    return redirect(url_for("intake.preview", ref=ref), 303)


def _start(form: UploadForm) -> str:
    return render_template("import_start.html", form=form, batches=past_imports(), names=count_names())


def matched_names(batch: ImportBatch) -> dict[str, int | AllOf]:
    """Return the units, or the kinds of units, chosen for names that the file really has."""
    asked = {said for said, _ in names_to_match(batch)}
    given = zip_longest(*(request.form.getlist(name) for name in ("said", "unit", "lead")), fillvalue="")
    return {said: meant for said, unit, lead in given if said in asked and (meant := _meant(unit, lead))}


def _meant(unit: str, lead: str) -> int | AllOf | None:
    """Return what was chosen: the id of a unit, or the word for a kind and perhaps who leads."""
    if unit in (EVERY_KIND, *UNIT_KINDS):
        return AllOf(unit, _id(lead))
    return _id(unit)


def _id(typed: str) -> int | None:
    return int(typed) if typed.isdecimal() and len(typed) <= 9 else None  # noqa: PLR2004 - digits of any unit


def idle_batch(ref: int) -> ImportBatch:
    """Return an import that nobody works on just now."""
    batch = the_batch(ref)
    if under_way(desk().session, batch.id) is not None:
        raise Refused("后台正在处理这一批，请等它完成后再办理。")
    return batch


def the_batch(ref: int) -> ImportBatch:
    """Return an import that the person sees."""
    batch = desk().session.scalars(visible(ImportBatch, desk().actor).where(ImportBatch.id == ref)).one_or_none()
    if batch is None:
        raise Absent
    return batch


def version_typed() -> int:
    """Return the version that the form was made for."""
    typed = request.form.get("version", "")
    if not typed.isdecimal() or len(typed) > 9:  # noqa: PLR2004 - digits of any version there will be
        raise Invalid({"version": "表单不完整，请刷新页面后重新提交。"})
    return int(typed)


def _numbers(name: str) -> set[int]:
    return {int(typed) for typed in request.form.getlist(name) if typed.isdecimal() and len(typed) <= 9}  # noqa: PLR2004
