"""三单: the ledger of slips, the page of one, the signer's desk, drafting by hand, packs of types."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.errors import Invalid, Refused
from app.ledgers.cases import find_case
from app.people import Role
from app.web.case_page import show_case
from app.web.moves import HOMES, Failed, Home, put_errors, read_form
from app.web.policy import only, route
from app.web.saying import say_done
from app.web.shell import desk, shows_form_again
from app.web.slip_drafting import draft_attempt, draft_form
from app.web.slip_ledger import ledger_data
from app.web.slip_looks import READERS
from app.web.slip_packs import packs_data, take_choice
from app.web.slip_page import show_slip
from app.web.slip_signing import desk_data, sign_chosen
from app.workflows import SLIP, fire, new_slip

blueprint = Blueprint("slips", __name__)
SIGNERS = only(Role.SUPERVISOR, Role.LEADER)
OFFICES = only(Role.INSPECTOR, Role.SUPERVISOR)
Answer = str | Response | tuple[str, int]


@route(blueprint, "/slips", READERS)
def ledger() -> str:
    """Show the ledger of slips."""
    return render_template("slip/ledger.html", **ledger_data())


@route(blueprint, "/slips/<int:ref>", READERS)
def slip(ref: int) -> str:
    """Show one slip."""
    return show_slip(ref)


@route(blueprint, "/desk/signing", SIGNERS, ("GET", "POST"))
def signing() -> Answer:
    """Show what waits for the actor's signature; sign what was chosen."""
    if request.method == "GET":
        return render_template("slip/signing.html", **desk_data())
    try:
        return sign_chosen()
    except Invalid as error:
        desk().session.rollback()
        return render_template("slip/signing.html", **desk_data(str(error))), 422


@route(blueprint, "/cases/<int:ref>/slips", OFFICES, ("POST",))
@shows_form_again
def draft(ref: int) -> Answer:
    """Draft a slip about a case by hand."""
    case = find_case(desk().session, desk().actor, ref).case
    attempt = draft_attempt(case)
    if attempt is None:
        raise Refused("这一件现在不能发单：尚未交办，或者已经结束。")
    form = draft_form(attempt, request.form)
    try:
        values = read_form(form, attempt.transition.needs)
        row = new_slip(desk().context, case, values["unit"], values["type"], values)
        made = fire(desk().context, SLIP, "draft", row, values)
    except Invalid as error:
        put_errors(form, error)
        desk().session.rollback()
        return show_case(ref, Failed("slips", 0, "draft_slip", form)), 422
    say_done(made, "已拟稿，等待签发。")
    return redirect(url_for("slips.slip", ref=row.id), 303)


@route(blueprint, "/slips/packs", READERS)
def packs() -> str:
    """Show the packs of slip types, the one in use first."""
    return render_template("slip/packs.html", **packs_data())


@route(blueprint, "/slips/packs", only(Role.SUPERVISOR), ("POST",))
def choose() -> Answer:
    """Use another pack, or other names."""
    try:
        return take_choice()
    except Invalid as error:
        desk().session.rollback()
        return render_template("slip/packs.html", **packs_data(error.errors)), 422


HOMES["slips"] = Home(lambda row: url_for("slips.slip", ref=row.id), show_slip)
