"""督查通报 on the web: the list, one bulletin with its figures, and drafting one."""

from typing import Any

from flask import Blueprint, render_template, url_for

from app.people import Role
from app.web.beginnings import Beginning, begin
from app.web.bulletin_pages import bulletin_data, bulletins_data
from app.web.moves import HOMES, Failed, Home
from app.web.policy import SIGNED_IN, only, route
from app.web.shell import desk, shows_form_again
from app.workflows import BULLETIN, new_bulletin

blueprint = Blueprint("bulletins", __name__)
OFFICES = only(Role.INSPECTOR, Role.SUPERVISOR)
DRAFT = Beginning(
    BULLETIN,
    "draft",
    "bulletin/draft.html",
    "已按今天的数据计算，印发前可以重新计算。",
    "bulletins.bulletin",
    lambda authority_id: new_bulletin(desk().context, authority_id),
)


@route(blueprint, "/bulletins", SIGNED_IN)
def bulletins() -> str:
    """List the bulletins the actor may see, newest first."""
    return render_template("bulletin/list.html", **bulletins_data())


@route(blueprint, "/bulletins/new", OFFICES, ("GET", "POST"))
@shows_form_again
def draft() -> Any:
    """Show the form of a bulletin's period, and compute its figures."""
    return begin(DRAFT, _this_month)


@route(blueprint, "/bulletins/<int:ref>", SIGNED_IN)
def bulletin(ref: int) -> str:
    """Show one bulletin."""
    return show_bulletin(ref)


def show_bulletin(bulletin_id: int, failed: Failed | None = None) -> str:
    """Render the page of a bulletin; with a failed form it stands open as it was typed."""
    return render_template("bulletin/bulletin.html", **bulletin_data(bulletin_id, failed))


def _this_month() -> dict[str, Any]:
    """Return what the form of a bulletin begins with: the month so far."""
    day = desk().moment.day
    return {"title": f"{day.month} 月份督查督办情况", "first_on": day.replace(day=1), "last_on": day}


HOMES["bulletins"] = Home(lambda row: url_for("bulletins.bulletin", ref=row.id), show_bulletin)
