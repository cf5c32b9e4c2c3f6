"""Static files are named by their content: a browser keeps them for ever, and asks for another when there is one."""

import hashlib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Request, Response, current_app, request, url_for
from werkzeug.routing import Rule

MODULES = "js"  # a folder whose files name each other: one changed, all get new addresses


def init_assets(app: Flask) -> None:
    """Let templates name static files, and serve a folder of modules under the content of them all."""
    app.jinja_env.globals["url_for"] = address_of
    app.url_map.add(
        Rule(f"/static/of-<content>/<any({MODULES}):folder>/<filename>", endpoint="static", methods=["GET"])
    )
    plain = app.send_static_file

    def send(filename: str, folder: str = "", content: str = "") -> Response:
        return plain(f"{folder}/{filename}" if folder else filename)

    app.view_functions["static"] = send


def is_named_by_content(asked: Request) -> bool:
    """Say whether the address of a request changes with what it answers."""
    return asked.endpoint == "static" and ("v" in asked.args or "content" in (asked.view_args or {}))


def address_of(endpoint: str, **values: Any) -> str:
    """Return an address as `url_for` does; those of static files, of which a page names a hundred, are worked out once."""
    if endpoint == "static" and values.keys() == {"filename"}:
        return _address(request.script_root, values["filename"])
    return url_for(endpoint, **values)


@lru_cache(maxsize=512)
def _address(_root: str, filename: str) -> str:
    static = Path(str(current_app.static_folder))
    folder, _, name = filename.rpartition("/")
    if folder == MODULES:
        return url_for("static", folder=folder, filename=name, content=_content(static / folder))
    file = static / filename
    return url_for("static", filename=filename, v=_digest(file.read_bytes()) if file.is_file() else None)


@cache
def _content(folder: Path) -> str:
    return _digest(b"".join(file.read_bytes() for file in sorted(folder.iterdir())))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
