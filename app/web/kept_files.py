"""Sending files that prove something: only to who sees the row, only if still what was stored, never as a page."""

from typing import Any
from urllib.parse import quote

from flask import Response, current_app, request

from app.core.errors import Absent, Refused
from app.ledgers.cases import KeptFile, read_checked
from app.people import visible
from app.web.shell import desk

POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


def send_kept(model: type[KeptFile], row_id: int) -> Response:
    """Send a file the actor sees: as attachment, pictures also inline for their thumbnails. Absent, or Refused when changed."""
    kept: Any = model
    file: Any = desk().session.scalars(visible(kept, desk().actor).where(kept.id == row_id)).one_or_none()
    if file is None:
        raise Absent
    content = read_checked(current_app.config["DUKAO"].instance / "evidence", file.stored_name, file.sha256)
    if content is None:
        raise Refused(
            f"佐证材料“{file.name}”与上传时不一致，可能已被改动、损坏或丢失，不能下载。请联系系统管理员核对备份。"
        )
    is_inline = request.args.get("inline") == "1" and file.media_type.startswith("image/")
    answer = Response(content, mimetype=file.media_type)
    way = "inline" if is_inline else "attachment"
    answer.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(file.name, safe='')}"
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
