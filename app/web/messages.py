"""消息: what I am told in the application, marking it read; and for the administrator what could not be sent."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.errors import Absent
from app.ledgers.messages import MESSAGE_KINDS, Message
from app.notices import count_unread, dead_letters, mark_all_read, mark_read, messages_of, settle_dead
from app.people import Role
from app.web.policy import SIGNED_IN, only, route
from app.web.score_looks import cases_named
from app.web.shell import desk

blueprint = Blueprint("messages", __name__)
PAGE, MOST = 50, 1000
LARGEST = 18  # digits that any row's id has at most
ABOUT_A_SLIP = (
    "slip_issued",
    "slip_copied",
    "slip_discarded",
    "slip_settled",
    "slip_refused",
    "slip_withdrawn",
    "acted_for",
)
CHANNELS = {"email": "邮件", "sms": "短信", "wecom": "企业微信机器人", "dingtalk": "钉钉机器人"}
ADMIN = only(Role.ADMIN)


@route(blueprint, "/messages", SIGNED_IN)
def messages() -> str:
    """Show the newest messages: the unread ones, or all."""
    session, actor = desk().session, desk().actor
    shows_all, before = request.args.get("show") == "all", _number(request.args.get("before", ""))
    rows = messages_of(session, actor, not shows_all, before, PAGE)
    unread = count_unread(session, actor, MOST)
    more = rows[-1][0].id if len(rows) == PAGE else None
    show = "all" if shows_all else None
    return render_template(
        "messages/list.html",
        rows=_rows(rows),
        unread=f"{MOST}+" if unread > MOST else unread,
        shows_all=shows_all,
        newest=rows[0][0].id if rows and before is None else None,
        next_url=url_for("messages.messages", before=more, show=show) if more else "",
        first_url=url_for("messages.messages", show=show) if before else "",
    )


@route(blueprint, "/messages/read", SIGNED_IN, ("POST",))
def read() -> Response:
    """Mark one message read, or all that the page showed and all before."""
    message_id, up_to = (_number(request.form.get(name, "")) for name in ("message", "up_to"))
    if message_id is not None:
        mark_read(desk().session, desk().actor, message_id)
    elif up_to is not None:
        mark_all_read(desk().session, desk().actor, up_to)
        flash("已全部标为已读。", "done")
    else:
        raise Absent
    return redirect(url_for("messages.messages", show=request.form.get("show") or None), 303)


@route(blueprint, "/messages/dead", ADMIN)
def dead() -> str:
    """Show what could not be sent: to whom, by what, why, how often it was tried."""
    rows = dead_letters(desk().session, desk().actor)
    return render_template("messages/dead.html", rows=rows, channels=CHANNELS)


@route(blueprint, "/messages/dead", ADMIN, ("POST",))
def settle() -> Response:
    """Send one again, or drop it."""
    delivery_id = _number(request.form.get("delivery", ""))
    if delivery_id is None:
        raise Absent
    settle_dead(desk().session, desk().actor, delivery_id, request.form.get("act", ""), desk().moment)
    flash("已安排重新发送。" if request.form.get("act") == "retry" else "不再发送这一条。", "done")
    return redirect(url_for("messages.dead"), 303)


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= LARGEST else None


def _rows(rows: Sequence[tuple[Message, bool]]) -> list[dict[str, Any]]:
    """Return messages with the case each is about, for who sees that case: inside the house a message may say so."""
    cases = cases_named([message.case_id for message, _ in rows])
    return [_shown(message, is_new, cases.get(message.case_id)) for message, is_new in rows]


def _shown(message: Message, is_new: bool, case: dict[str, Any] | None) -> dict[str, Any]:
    about, _, slip = message.subject.partition(":")
    url = url_for("cases.case", ref=message.case_id) if message.case_id else ""
    if message.kind == "to_sign":
        url = url_for("slips.signing")
    elif about == "absence":
        url = url_for("absences.absences")
    elif message.kind in ABOUT_A_SLIP and about == "slip" and slip.partition(":")[0].isdecimal():
        url = url_for("slips.slip", ref=int(slip.partition(":")[0]))
    return {
        "case": case,
        "id": message.id,
        "day": message.day,
        "words": MESSAGE_KINDS[message.kind].words,
        "url": url,
        "is_new": is_new,
    }
