"""Scores on the web: ranking, a unit's account, the trace of an entry, the rules, objections and reversals by hand."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer

from app.core.errors import Absent, Invalid, Refused
from app.ledgers.scores import find_entry
from app.people import Role, Unit, within
from app.web.fields import form_class
from app.web.moves import HOMES, Failed, Home, choices, put_errors, read_form
from app.web.policy import only, route
from app.web.saying import say_done
from app.web.score_drafts import DraftForm, blank_draft, draft_page, take_draft
from app.web.score_entry import reversal_attempt, show_entry, show_reversal
from app.web.score_looks import RANKED, READERS, UNITS
from app.web.score_objections import objection_data, objections_data
from app.web.score_ranking import ranking_data
from app.web.score_rules import rules_data, show_rule_set
from app.web.score_unit import unit_data
from app.web.shell import desk, shows_form_again
from app.workflows import REVERSAL, fire

blueprint = Blueprint("scores", __name__)
ASSESSORS = only(Role.ASSESSOR)


@route(blueprint, "/ranking", RANKED)
def ranking() -> str:
    """Show the ranking of a year, each group for itself."""
    return render_template("score/ranking.html", **ranking_data())


@route(blueprint, "/scores/mine", UNITS)
def own_unit() -> Any:
    """Lead to the account of the own unit; who answers for several chooses."""
    query = select(Unit.id, Unit.name).where(Unit.id.in_(desk().actor.own_units), within(Unit, desk().actor))
    units = desk().session.execute(query.order_by(Unit.position, Unit.id)).all()
    if not units:
        raise Absent
    if len(units) == 1:
        return redirect(url_for("scores.unit", ref=units[0].id))
    return render_template("score/choose.html", units=[(u.name, url_for("scores.unit", ref=u.id)) for u in units])


@route(blueprint, "/scores/units/<int:ref>", READERS)
def unit(ref: int) -> str:
    """Show a unit's account of a year."""
    return render_template("score/unit.html", page=unit_data(ref))


@route(blueprint, "/scores/entries/<int:ref>", READERS)
def entry(ref: int) -> str:
    """Show the trace of one entry."""
    return show_entry(ref)


@route(blueprint, "/scores/entries/<int:ref>/reversals", ASSESSORS, ("POST",))
@shows_form_again
def ask_reversal(ref: int) -> Answer | tuple[str, int]:
    """Ask for a reversal by hand, which another assessor carries out."""
    found = find_entry(desk().session, desk().actor, ref)
    if found is None:
        raise Absent
    attempt = reversal_attempt(found[0])
    if attempt is None:
        raise Refused("手工冲销须由本督办主体的考核人员提出。")
    form = form_class(attempt, choices)(request.form)
    try:
        values = read_form(form, attempt.transition.needs)
        attempt.row.reason = values.get("reason", "")
        made = fire(desk().context, REVERSAL, "ask", attempt.row, values)
    except Invalid as error:
        put_errors(form, error)
        desk().session.rollback()
        return show_entry(ref, Failed("reversals", 0, "ask", form)), 422
    say_done(made, "已提出冲销，等另一名考核人员复核。")
    return redirect(url_for("scores.entry", ref=ref), 303)


@route(blueprint, "/rules", READERS)
def rules() -> str:
    """List every version of the rules."""
    return render_template("score/rules.html", **rules_data())


@route(blueprint, "/rules/<int:ref>", READERS)
def rule_set(ref: int) -> str:
    """Show one version whole."""
    return show_rule_set(ref)


@route(blueprint, "/rules/drafts", ASSESSORS, ("GET", "POST"))
@shows_form_again
def drafts() -> Any:
    """Show the form of a draft, and keep the draft."""
    if request.method == "GET":
        return render_template("score/draft.html", **draft_page(blank_draft()))
    form = DraftForm(request.form)
    try:
        row = take_draft(form)
    except Invalid as error:
        put_errors(form, error)
        desk().session.rollback()
        return render_template("score/draft.html", failed=True, **draft_page(form)), 422
    flash("草案已保存，等分管领导批准。批准前可以另行起草，批准后冻结。", "done")
    return redirect(url_for("scores.rule_set", ref=row.id), 303)


@route(blueprint, "/objections", READERS)
def objections() -> str:
    """List objections, those to be decided soonest first."""
    return render_template("score/objections.html", **objections_data())


@route(blueprint, "/objections/<int:ref>", READERS)
def objection(ref: int) -> str:
    """Show one objection with the entries it names."""
    return render_template("score/objection.html", **objection_data(ref))


HOMES["reversals"] = Home(lambda row: url_for("scores.entry", ref=row.entry_id), show_reversal)
HOMES["rule-sets"] = Home(lambda row: url_for("scores.rule_set", ref=row.id), show_rule_set)
