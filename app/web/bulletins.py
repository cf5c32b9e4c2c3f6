"""督查通报 on the web: the list, one bulletin with its figures, and drafting one."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from wtforms import Form

from app.core.errors import Absent, Invalid
from app.people import Role
from app.web.bulletin_pages import bulletin_data, bulletins_data
from app.web.fields import form_class
from app.web.moves import HOMES, Failed, Home, choices, put_errors, read_form
from app.web.policy import SIGNED_IN, only, route
from app.web.shell import desk
from app.workflows import BULLETIN, Attempt, attempts, fire, new_bulletin

blueprint = Blueprint("bulletins", __name__)
OFFICES = only(Role.INSPECTOR, Role.SUPERVISOR)


@route(blueprint, "/bulletins", SIGNED_IN)
def bulletins() -> str:
    """List the bulletins the actor may see, newest first."""
    return render_template("bulletin/list.html", **bulletins_data())


@route(blueprint, "/bulletins/new", OFFICES, ("GET", "POST"))
def draft() -> Any:
    """Show the form of a bulletin's period, and compute its figures."""
    attempt = _attempt()
    made = form_class(attempt, choices)
    if request.method == "GET":
        day = desk().moment.day
        given = {"title": f"{day.month} 月份督查督办情况", "first_on": day.replace(day=1), "last_on": day}
        return render_template("bulletin/draft.html", form=made(data=given))
    form: Form = made(request.form)
    try:
        fire(desk().context, BULLETIN, "draft", attempt.row, read_form(form, attempt.transition.needs))
    except Invalid as error:
        put_errors(form, error)
        desk().session.rollback()
        return render_template("bulletin/draft.html", form=form, failed=True), 422
    flash("已按今天的数据计算，印发前可以重新计算。", "done")
    return redirect(url_for("bulletins.bulletin", ref=attempt.row.id), 303)


@route(blueprint, "/bulletins/<int:ref>", SIGNED_IN)
def bulletin(ref: int) -> str:
    """Show one bulletin."""
    return show_bulletin(ref)


def show_bulletin(bulletin_id: int, failed: Failed | None = None) -> str:
    """Render the page of a bulletin; with a failed form it stands open as it was typed."""
    return render_template("bulletin/bulletin.html", **bulletin_data(bulletin_id, failed))


def _attempt() -> Attempt:
    """Return the office's attempt to draft a bulletin; Absent for others."""
    grant = desk().actor.grant(Role.SUPERVISOR, Role.INSPECTOR)
    if grant is None or grant.authority_id is None:
        raise Absent
    return attempts(desk().context, BULLETIN, new_bulletin(desk().context, grant.authority_id))[0]


HOMES["bulletins"] = Home(lambda row: url_for("bulletins.bulletin", ref=row.id), show_bulletin)
