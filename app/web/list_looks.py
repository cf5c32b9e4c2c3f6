"""What the lists and books of units share: their names, the units they may be opened for, the tabs between them."""

from typing import Any

from flask import url_for
from sqlalchemy import select

from app.core.errors import Absent
from app.ledgers.scores import sees_scores
from app.people import Role, Unit, takes_parts, visible, within
from app.web.shell import desk

LISTS = {"problems": "问题清单", "tasks": "任务清单", "duties": "责任清单"}
BOOKS = {"times": "时间账", "measures": "任务账", "progress": "进度账"}
SEEN_BY = (Role.INSPECTOR, Role.SUPERVISOR, Role.ASSESSOR, Role.DISCIPLINE)


def address_of(unit_id: int | None, which: str, **kept: str | None) -> str:
    """Return where a list or book is: of a unit, or (books alone) of all units in reach."""
    args: dict[str, Any] = dict(kept)
    if unit_id is None:
        return url_for("books.of_all", which=which, **args)
    return url_for("lists.of_unit" if which in LISTS else "books.of_unit", ref=unit_id, which=which, **args)


def workbook_of(unit_id: int | None, which: str, **kept: str) -> str:
    """Return where a list or book is handed out as a workbook."""
    args: dict[str, Any] = dict(kept)
    if unit_id is None:
        return url_for("exports.book_of_all", which=which, **args)
    return url_for("exports.book_of_unit", ref=unit_id, which=which, **args)


def tabs(unit_id: int | None, here: str, **kept: str) -> list[dict[str, Any]]:
    """Return the tabs of a unit's lists and books, or of the books of all."""
    names = BOOKS if unit_id is None else LISTS | BOOKS
    return [
        {"label": word, "url": address_of(unit_id, which, **kept), "active": which == here, "count": None}
        for which, word in names.items()
    ]


def unit_seen(unit_id: int) -> Unit:
    """Return the unit if the actor reaches its cases at all; Absent otherwise."""
    actor = desk().actor
    unit = desk().session.scalars(visible(Unit, actor).where(Unit.id == unit_id)).one_or_none()
    if unit is None or unit.authority_id is None:
        raise Absent
    if not sees_scores(actor, unit.authority_id, unit.id) and not actor.grant(*SEEN_BY, authority_id=unit.authority_id):
        raise Absent
    return unit


def units_seen() -> Any:
    """Return the select of the units (id, name) whose lists and books the actor may open."""
    actor = desk().actor
    near = Unit.id.in_(actor.own_units | actor.portfolio) | Unit.authority_id.in_(actor.authorities(*SEEN_BY))
    query = select(Unit.id, Unit.name).where(within(Unit, actor), near, Unit.closed_on.is_(None))
    return query.where(takes_parts()).order_by(Unit.position, Unit.id)
