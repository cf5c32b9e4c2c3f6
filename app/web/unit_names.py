"""记住的单位名称: by which names files call the units of the authority, to see and to take back."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased
from werkzeug.wrappers import Response

from app.core.clock import ZONE
from app.core.errors import Absent
from app.ledgers.intake import TAKERS
from app.people import Person, Unit, UnitAlias, visible
from app.web.intake_names import group_word
from app.web.policy import only, route
from app.web.shell import desk
from app.workflows.intake_names import forget_name

blueprint = Blueprint("unit_names", __name__)
POLICY = only(*TAKERS)
PAGE = 50
LEAD = aliased(Unit)


@route(blueprint, "/imports/names", POLICY)
def names() -> str:
    """Show the names that are remembered, fifty at a time by name."""
    asked, after = request.args.get("q", "").strip()[:40], request.args.get("after", "")[:120]
    query: Select[Any] = visible(UnitAlias, desk().actor).add_columns(Unit.name, Person.name, LEAD.name)
    query = query.join(Unit, Unit.id == UnitAlias.unit_id).outerjoin(Person, Person.id == UnitAlias.person_id)
    query = query.outerjoin(LEAD, LEAD.id == UnitAlias.lead_id)
    if asked:
        query = query.where(
            or_(UnitAlias.name.contains(asked, autoescape=True), Unit.name.contains(asked, autoescape=True))
        )
    if after:
        query = query.where(UnitAlias.name > after)
    found = desk().session.execute(query.order_by(UnitAlias.name).limit(PAGE + 1)).all()
    rows = [_shown(*row) for row in found[:PAGE]]
    following = found[PAGE - 1][0].name if len(found) > PAGE else ""
    return render_template(
        "import/names.html",
        rows=rows,
        asked=asked,
        next_url=url_for("unit_names.names", q=asked or None, after=following) if following else "",
        first_url=url_for("unit_names.names", q=asked or None) if after else "",
    )


@route(blueprint, "/imports/names/<int:ref>/forget", POLICY, ("POST",))
def forget(ref: int) -> Response:
    """Take a name back."""
    alias = desk().session.scalars(visible(UnitAlias, desk().actor).where(UnitAlias.id == ref)).one_or_none()
    if alias is None:
        raise Absent
    forget_name(desk().context, alias)
    flash(f"不再记住“{alias.name}”，下次遇到会再问。", "done")
    return redirect(url_for("unit_names.names"), 303)


def count_names() -> int:
    """Return how many names are remembered."""
    mine = visible(UnitAlias, desk().actor).with_only_columns(UnitAlias.id).subquery()
    return desk().session.scalar(select(func.count()).select_from(mine)) or 0


def _shown(alias: UnitAlias, unit: str, who: str | None, lead: str | None) -> dict[str, Any]:
    led = f"，写在牵头单位一栏时由{lead}牵头" if lead else ""
    return {
        "name": alias.name,
        "unit": group_word(alias.kind) + led if alias.kind else unit,
        "who": who or "单位名单",
        "made_at": alias.made_at.astimezone(ZONE) if alias.made_at else None,
        "forget_url": url_for("unit_names.forget", ref=alias.id),
    }
