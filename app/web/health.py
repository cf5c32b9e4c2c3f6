"""For the machines that watch: alive, and ready to serve."""

from flask import Blueprint, Response, current_app, jsonify

from app.core.clock import SystemClock
from app.web.policy import PUBLIC, route
from app.web.shell import desk
from app.workflows import database_time, is_ready, readiness

blueprint = Blueprint("health", __name__)


@route(blueprint, "/healthz", PUBLIC)
def alive() -> Response:
    """Say that the process answers."""
    return Response("ok\n", mimetype="text/plain")


@route(blueprint, "/readyz", PUBLIC)
def ready() -> tuple[Response, int]:
    """Say condition by condition whether it can serve; 503 while one does not hold. A clock set by hand is not compared."""
    clock = database_time if isinstance(current_app.extensions["clock"], SystemClock) else None
    found = readiness(desk().session, current_app.config["DUKAO"].instance, desk().moment, clock)
    return jsonify({condition.name: condition.is_met for condition in found}), 200 if is_ready(found) else 503
