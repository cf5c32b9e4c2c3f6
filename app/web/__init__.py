"""The web: pages by noun over the domain; it shows and asks, and owns no rule."""

from flask import Flask, Response, request
from flask_wtf import CSRFProtect
from werkzeug.routing import IntegerConverter

from app.web.asked import init_asked
from app.web.assets import init_assets, is_named_by_content
from app.web.blueprints import BLUEPRINTS
from app.web.chrome import init_chrome
from app.web.errors import init_errors
from app.web.policy import check_policies
from app.web.sent import ReadableRequest
from app.web.sessions import ServerSessions
from app.web.shell import close_desk, desk

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=()",
}


class RowNumber(IntegerConverter):
    """A number in an address: no longer than any row has, so that no database chokes on it."""

    regex = r"\d{1,9}"


def init_web(app: Flask) -> None:
    """Register everything of the web; RuntimeError when a route has no policy."""
    app.request_class = ReadableRequest
    app.session_interface = ServerSessions(lambda: desk().session)
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    CSRFProtect(app)
    init_errors(app)
    app.url_map.converters["int"] = RowNumber
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    init_assets(app)
    init_chrome(app)
    init_asked(app)
    app.after_request(_add_headers)
    app.teardown_request(close_desk)
    check_policies(app)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if is_named_by_content(request):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    if not response.headers.get("Cache-Control"):
        response.headers["Cache-Control"] = "no-store"
    return response
