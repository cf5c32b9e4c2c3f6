"""撤销导入: what taking an import back would do, and the act."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from app.core.errors import Invalid, Refused
from app.ledgers.cases.words import STATES
from app.ledgers.intake import TAKERS
from app.web.fields import ChineseForm
from app.web.intake import idle_batch, the_batch, version_typed
from app.web.intake_page import batch_shown
from app.web.intake_reading import is_long
from app.web.moves import put_errors
from app.web.policy import only, route
from app.web.shell import desk
from app.workflows.intake_reversing import Step, check_reason, reverse_import, steps_of
from app.workflows.intake_tasks import ask_task

blueprint = Blueprint("intake_reversal", __name__)
POLICY = only(*TAKERS)
MOST_SHOWN = 200


class ReversalForm(ChineseForm):
    """Why an import is taken back, and what becomes of cases that have moved on."""

    reason = StringField("撤销原因", [InputRequired("请填写撤销原因。"), Length(max=200, message="最多 200 字。")])
    leave_moved = BooleanField("只撤销可以撤销的，其余保留原样")


@route(blueprint, "/imports/<int:ref>/reversal", POLICY, ("GET", "POST"))
def reversal(ref: int) -> Any:
    """Show which rows can be taken back and which cannot, each with its reason; take them back."""
    batch = idle_batch(ref) if request.method == "POST" else the_batch(ref)
    if batch.state != "applied":
        raise Refused("只有已经导入、还没有撤销的批次可以撤销。")
    form = ReversalForm(request.form if request.method == "POST" else None)
    if request.method == "GET" or not form.validate():
        return _page(batch, form), 200 if request.method == "GET" else 422
    try:
        check_reason(desk().context, batch, form.reason.data or "")
    except Invalid as error:
        put_errors(form, error)
        return _page(batch, form), 422
    asked = version_typed(), form.reason.data or "", bool(form.leave_moved.data)
    if is_long(batch):
        ask_task(
            desk().context, batch, "reverse", **dict(zip(("version", "reason", "leave_moved"), asked, strict=True))
        )
        return redirect(url_for("intake.preview", ref=ref), 303)
    done = reverse_import(desk().context, batch, *asked)
    left = f"，{done['left']} 件保留原样" if done["left"] else ""
    flash(f"已撤销：作废 {done['voided']} 件，恢复 {done['restored']} 件{left}。", "done")
    return redirect(url_for("intake.preview", ref=ref), 303)


def _page(batch: Any, form: ReversalForm) -> str:
    steps = steps_of(desk().context, batch)
    left = [step for step in steps if step.reason]
    ready = [step for step in steps if not step.reason]
    return render_template(
        "import/reversal.html",
        batch=batch_shown(batch),
        form=form,
        voided=sum(step.is_new for step in ready),
        restored=sum(not step.is_new for step in ready),
        left=[_shown(step) for step in left[:MOST_SHOWN]],
        left_count=len(left),
    )


def _shown(step: Step) -> dict[str, Any]:
    return {
        "row": step.row.number,
        "title": step.case.title,
        "number": step.case.number or "未编号",
        "state": STATES[step.case.state],
        "reason": step.reason,
        "url": url_for("cases.case", ref=step.case.id),
    }
