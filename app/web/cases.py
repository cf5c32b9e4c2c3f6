"""Cases on the web: ledger, case page, logging, objections, evidence files, and the review of discipline inspection."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as Answer

from app.core.errors import Invalid, Refused
from app.ledgers.cases import Assignment, Evidence, Plan, Request, find_case, note_reading
from app.ledgers.scores import Objection, scores_of_case
from app.people import Role, visible
from app.web.case_actions import new_objection
from app.web.case_forecast import forecast_data
from app.web.case_ledger import ledger_data, review_data
from app.web.case_new import alike_data, log_attempt, log_case, log_form, page_of
from app.web.case_page import show_case
from app.web.fields import form_class
from app.web.kept_files import send_kept
from app.web.moves import HOMES, Failed, Home, choices, put_errors, read_form
from app.web.policy import only, route
from app.web.saying import say_done
from app.web.score_objections import docket_url
from app.web.shell import desk, shows_form_again
from app.workflows import OBJECTION, fire

blueprint = Blueprint("cases", __name__)
READERS = only(Role.INSPECTOR, Role.SUPERVISOR, Role.ASSESSOR, Role.LEADER, Role.HEAD, Role.LIAISON, Role.DISCIPLINE)
LOGGERS = only(Role.INSPECTOR, Role.SUPERVISOR, Role.HEAD, Role.LIAISON)
CONTACT_SECONDS = 600


@route(blueprint, "/cases", READERS)
def ledger() -> str:
    """Show the ledger, open cases by deadline unless filtered."""
    can_log = bool(desk().actor.roles & LOGGERS.roles)
    return render_template("ledger.html", can_log=can_log, **ledger_data())


@route(blueprint, "/review", only(Role.DISCIPLINE))
def review() -> str:
    """Show what is listed for discipline inspection."""
    return render_template("review.html", **review_data())


@route(blueprint, "/cases/<int:ref>", READERS)
def case(ref: int) -> str:
    """Show one case."""
    return show_case(ref)


@route(blueprint, "/cases/<int:ref>/forecast", READERS)
def forecast(ref: int) -> str:
    """Show what the case will have cost by a day if nothing happens."""
    return render_template("forecast.html", **forecast_data(ref))


@route(blueprint, "/cases/new", LOGGERS, ("GET", "POST"))
@shows_form_again
def new() -> Any:
    """Show the form for a new case, and log it."""
    attempt = log_attempt()
    form = log_form(attempt)
    if request.method == "GET":
        return render_template("case_new.html", **page_of(attempt, form))
    try:
        made = log_case(attempt, form)
    except Invalid as error:
        put_errors(form, error)
        desk().session.rollback()
        return render_template("case_new.html", failed=True, **page_of(attempt, form)), 422
    say_done(made, "已登记。保存时间已记录，作为“谁先发现”的依据。")
    return redirect(url_for("cases.case", ref=made.row.id), 303)


@route(blueprint, "/cases/new/alike", LOGGERS, ("POST",))
def alike() -> str:
    """Show, beside the form for a new case, the cases that may be the same problem; nothing is kept of what was typed."""
    return render_template("case/alike.html", **alike_data(log_attempt()))


@route(blueprint, "/cases/<int:ref>/objections", READERS, ("POST",))
@shows_form_again
def object_to(ref: int) -> Answer | tuple[str, int]:
    """Object to proposed entries of the case."""
    found = find_case(desk().session, desk().actor, ref).case
    attempt = new_objection(found, scores_of_case(desk().session, desk().actor, ref))
    if attempt is None:
        raise Refused("这一件现在没有本单位可以申辩的拟扣记录：可能已确认、已冲销，或申辩期已过。")
    form = form_class(attempt, choices)(request.form)
    blank: Objection = attempt.row
    try:
        values = read_form(form, attempt.transition.needs)
        kept = {name: bool(values.get(name)) for name in ("about_fact", "covers_later")}
        row = Objection(
            authority_id=blank.authority_id,
            case_id=ref,
            unit_id=blank.unit_id,
            drafted_by_id=blank.drafted_by_id,
            ground=values.get("ground", ""),
            **kept,
        )
        made = fire(desk().context, OBJECTION, attempt.transition.name, row, values)
    except Invalid as error:
        put_errors(form, error)
        desk().session.rollback()
        return show_case(ref, Failed("objections", 0, "object", form)), 422
    say_done(made, f"已办理：{attempt.transition.label}。")
    return redirect(url_for("cases.case", ref=ref), 303)


@route(blueprint, "/cases/<int:ref>/contacts", only(Role.INSPECTOR, Role.SUPERVISOR), ("POST",))
def show_contacts(ref: int) -> Answer:
    """Record that the contacts are read and why, and show them for a while."""
    found = find_case(desk().session, desk().actor, ref).case
    note_reading(desk().session, desk().actor, found, desk().moment, request.form.get("reason", ""))
    session["contacts"] = {"case": ref, "until": desk().moment.at.timestamp() + CONTACT_SECONDS}
    return redirect(url_for("cases.case", ref=ref, _anchor="sources"), 303)


@route(blueprint, "/evidence/<int:ref>", READERS)
def evidence(ref: int) -> Response:
    """Send a file, if it is still what was stored: as attachment, pictures also inline for their thumbnails."""
    return send_kept(Evidence, ref)


def _show_of(model: Any) -> Any:
    """Return how a row of a case is shown again: on the page of its case."""

    def show(row_id: int, failed: Failed) -> str:
        row = desk().session.scalars(visible(model, desk().actor).where(model.id == row_id)).one()
        return show_case(row.case_id, failed)

    return show


HOMES["cases"] = Home(lambda row: url_for("cases.case", ref=row.id), show_case)
for _noun, _model in (("parts", Assignment), ("plans", Plan), ("requests", Request)):
    HOMES[_noun] = Home(lambda row: url_for("cases.case", ref=row.case_id), _show_of(_model))
HOMES["objections"] = Home(lambda row: url_for("cases.case", ref=row.case_id), _show_of(Objection), docket_url)
