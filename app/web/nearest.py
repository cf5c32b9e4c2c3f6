"""The page nearest to an address: where somebody is led whose address takes forms only and cannot be opened."""

from urllib.parse import urlsplit, urlunsplit

from flask import current_app, request
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import MapAdapter, RequestRedirect

from app.people import visible
from app.web.moves import HOMES, MODELS, NOUNS
from app.web.shell import desk

MOVE = "moves.move"


def page_near(address: str) -> str:
    """Return the address itself where it can be opened or is none at all, else that of the nearest page above it.

    For a move that is the page it is made on, if the actor sees its row.
    """
    parts, adapter = urlsplit(address), current_app.create_url_adapter(request)
    if adapter is None or not _takes_forms_only(adapter, parts.path):
        return address
    path = _home(adapter, parts.path) or parts.path
    while path != "/" and not _is_page(adapter, path):
        path = path.rpartition("/")[0] or "/"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def _takes_forms_only(adapter: MapAdapter, path: str) -> bool:
    try:
        adapter.match(path, "GET")
    except MethodNotAllowed:
        return True
    except (NotFound, RequestRedirect):
        return False
    return False


def _is_page(adapter: MapAdapter, path: str) -> bool:
    try:
        adapter.match(path, "GET")
    except (MethodNotAllowed, NotFound, RequestRedirect):
        return False
    return True


def _home(adapter: MapAdapter, path: str) -> str:
    """Return the page on which a move is made; nothing for another address, or a row that is not seen."""
    endpoint, values = adapter.match(path, "POST")
    home = HOMES.get(values.get("noun", ""))
    if endpoint != MOVE or home is None or desk().actor_or_none is None:
        return ""
    workflow = NOUNS[values["noun"]]
    model = workflow.model if workflow else MODELS[values["noun"]]
    row = desk().session.scalars(visible(model, desk().actor).where(model.id == values["ref"])).one_or_none()
    return home.url(row).partition("#")[0] if row is not None else ""
