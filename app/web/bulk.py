"""批量办理: what was ticked in the ledger, confirmed once, and what became of each; long runs go on while the page is left."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.core.errors import Absent, Invalid, Refused
from app.ledgers.bulk import BulkRun, done_cases
from app.ledgers.bulk.words import UNDER_WAY
from app.people import Role, visible
from app.web.bulk_page import act_of, asked_filters, confirm_data, form_of, past_data, result_data, ticked
from app.web.keys import keep_answer
from app.web.moves import put_errors, read_form
from app.web.policy import only, route
from app.web.shell import close_desk, desk
from app.workflows.bulk import choose, start, stop
from app.workflows.bulk_working import work_next, work_off

blueprint = Blueprint("bulk", __name__)
WORKERS = only(Role.INSPECTOR, Role.SUPERVISOR, Role.HEAD, Role.LIAISON)
MAKER = "page"


@route(blueprint, "/bulk", WORKERS, ("GET", "POST"))
def runs() -> Any:
    """Show the runs of the person; keep what was ticked, to be confirmed on a page of its own."""
    if request.method == "GET":
        return render_template("bulk/list.html", **past_data())
    whole = asked_filters() if request.form.get("whole") else None
    found = choose(desk().context, request.form.get("act", ""), {} if whole else ticked(), whole)
    return redirect(url_for("bulk.run", ref=found.id), 303)


@route(blueprint, "/bulk/<int:ref>", WORKERS)
def run(ref: int) -> str:
    """Show what is to be confirmed, or how far the run is and what became of each case."""
    found = _run(ref)
    if found.state == "chosen":
        return render_template("bulk/confirm.html", **confirm_data(found, form_of(found, request.args or None)))
    return render_template("bulk/result.html", **result_data(found))


@route(blueprint, "/bulk/<int:ref>/start", WORKERS, ("POST",))
def begin(ref: int) -> Response | tuple[str, int]:
    """Confirm the run; a short one is worked off at once, a long one by the worker."""
    found = _run(ref)
    form = form_of(found, request.form)
    try:
        start(desk().context, found, read_form(form, act_of(found).form.needs))
    except Invalid as error:
        put_errors(form, error)
        desk().session.rollback()
        return render_template("bulk/confirm.html", **confirm_data(found, form)), 422
    is_short = found.total <= desk().context.parameters(found.authority_id)["bulk_direct"]
    address = url_for("bulk.run", ref=ref)
    if is_short:
        _work_off(ref, address)
    return redirect(address, 303)


@route(blueprint, "/bulk/<int:ref>/undo", WORKERS, ("POST",))
def undo(ref: int) -> Response:
    """Choose what a run moved, to be taken back by the act that undoes it: a run of its own, confirmed like any."""
    run = _run(ref)
    undoing = act_of(run).undo
    if not undoing or run.state in UNDER_WAY:
        raise Refused("这一批不能整批撤销。请打开要撤销的那一件单独办理。")
    found = choose(desk().context, undoing, done_cases(desk().session, desk().actor, run.id))
    return redirect(url_for("bulk.run", ref=found.id), 303)


@route(blueprint, "/bulk/<int:ref>/stop", WORKERS, ("POST",))
def end(ref: int) -> Response:
    """Stop the run between two cases."""
    stop(desk().context, _run(ref))
    return redirect(url_for("bulk.run", ref=ref), 303)


def _run(ref: int) -> BulkRun:
    found = desk().session.scalars(visible(BulkRun, desk().actor).where(BulkRun.id == ref)).one_or_none()
    if found is None:
        raise Absent
    return found


def _work_off(ref: int, address: str) -> None:
    """Commit the confirmation with its one-time key, then move case by case: each in a transaction of its own."""
    database, clock = desk().database, current_app.extensions["clock"]
    keep_answer(desk().session, session.get("person_id"), address)
    desk().session.commit()
    close_desk()
    hand = work_next(database, clock, MAKER, ref)
    if hand is not None:
        work_off(hand)
