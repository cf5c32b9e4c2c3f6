"""For the machines that watch: alive, and ready to serve."""

from flask import Blueprint, Response

from app.web.policy import PUBLIC, route

blueprint = Blueprint("health", __name__)


@route(blueprint, "/healthz", PUBLIC)
def alive() -> Response:
    """Say that the process answers."""
    return Response("ok\n", mimetype="text/plain")
