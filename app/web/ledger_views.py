"""Views and columns of the ledger: saved, shared and removed from the page itself, which is shown again as it was."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.ledgers.views import SHARED_WITH, SHARERS, View, keep_columns, remove_view, save_view, views_of
from app.web.case_looks import home_authority
from app.web.ledger_columns import COLUMNS, MOST_COLUMNS
from app.web.ledger_filters import Typed, clean, ledger_url
from app.web.policy import only, route
from app.web.role_words import word_at
from app.web.shell import desk

blueprint = Blueprint("views", __name__)
READERS = only(*SHARED_WITH)


@route(blueprint, "/views", READERS, ("POST",))
def save() -> Response:
    """Save what the ledger is filtered by under a name, and share it where roles are chosen."""
    name, roles = request.form.get("name", "").strip(), request.form.getlist("roles")
    asked = {key: value for key, value in clean(request.form).items() if value}
    view = save_view(desk().session, desk().actor, desk().moment, name, asked, roles)
    flash(f"视图“{view.name}”已保存{'并共享' if roles else ''}。", "done")
    return redirect(ledger_url(asked), 303)


@route(blueprint, "/views/<int:ref>/remove", READERS, ("POST",))
def remove(ref: int) -> Response:
    """Remove an own view."""
    name = remove_view(desk().session, desk().actor, desk().moment, ref)
    flash(f"视图“{name}”已删除。", "done")
    return redirect(url_for("cases.ledger"), 303)


@route(blueprint, "/cases/columns", READERS, ("POST",))
def columns() -> Response:
    """Keep the columns chosen; without any the usual ones are shown."""
    wanted = set(request.form.getlist("columns"))
    keep_columns(desk().session, desk().actor, [name for name in COLUMNS if name in wanted][:MOST_COLUMNS])
    return redirect(ledger_url(clean(request.form)), 303)


def columns_shown(names: list[str]) -> dict[str, Any]:
    """Return the columns of the page, and all there are to choose from."""
    return {
        "columns": [(name, COLUMNS[name]) for name in names],
        "column_choices": [(name, column.head, name in names) for name, column in COLUMNS.items()],
        "most_columns": MOST_COLUMNS,
    }


def views_shown(typed: Typed) -> dict[str, Any]:
    """Return the views the reader may use, and whom theirs may be shared with."""
    kept = {name: value for name, value in typed.items() if value}
    actor = desk().actor
    views = [_view(view, kept) for view in views_of(desk().session, actor)]
    sharing = (
        [(role.value, word_at(home_authority(actor), role)) for role in SHARED_WITH] if actor.grant(*SHARERS) else []
    )
    return {"views": views, "kept": kept, "sharing": sharing, "own_views": [view for view in views if view["is_own"]]}


def _view(view: View, kept: Typed) -> dict[str, Any]:
    asked = {name: value for name, value in clean(view.asked).items() if value}
    return {
        "id": view.id,
        "name": view.name,
        "url": ledger_url(asked),
        "active": bool(asked) and asked == kept,
        "is_own": view.is_own,
        "is_shared": view.is_shared,
        "by": view.by,
    }
