"""The signer's desk: what waits for my signature, signed one by one or many at once, and what became of each."""

import secrets
from typing import Any

from flask import flash, redirect, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.core.errors import Absent, Invalid
from app.ledgers.slips import MOST_TO_SIGN, Slip, slip_rows, slips_waiting
from app.people import visible, within
from app.web.shell import desk
from app.web.slip_looks import slip_look, slip_row
from app.workflows import Signed, sign_many

TOKEN = 12


def desk_data(said: str = "") -> dict[str, Any]:
    """Return the drafts that wait for the actor, and the outcome of the last signing if the address names it."""
    actor, day = desk().actor, desk().moment.day
    rows, count = slips_waiting(desk().session, actor, day)
    calendars = {authority_id: desk().context.calendar(authority_id) for authority_id in {r.authority_id for r in rows}}
    shown = [slip_row(row, calendars[row.authority_id], day) for row in rows]
    return {
        "rows": shown,
        "count": count,
        "most": MOST_TO_SIGN,
        "late": sum(1 for row in shown if row["clock"] and row["clock"]["tone"] == "bad"),
        "acting_for": sorted({grant.acting_for for grant in actor.grants if grant.acting_for}),
        "outcome": outcome(request.args.get("result", "")),
        "said": said,
    }


def sign_chosen() -> Response:
    """Sign what was ticked, or the one whose button was pressed; lead to the desk with the outcome."""
    drafts = _chosen(desk().session)
    signed = sign_many(desk().context, drafts)
    token = secrets.token_hex(TOKEN)
    session["signed"] = {
        "token": token,
        "done": [one.slip_id for one in signed if not one.refused],
        "refused": [(one.slip_id, one.refused) for one in signed if one.refused],
    }
    _flash(signed)
    return redirect(url_for("slips.signing", result=token), 303)


def outcome(token: str) -> dict[str, Any] | None:
    """Return what became of the slips last signed: number or reason; None when the address names no such signing."""
    kept = session.get("signed") or {}
    if not token or kept.get("token") != token:
        return None
    refused = {slip_id: said for slip_id, said in kept["refused"]}
    ids = [*refused, *kept["done"]]
    query = slip_rows(desk().actor).where(within(Slip, desk().actor), Slip.id.in_(ids))
    rows = {row.id: row for row in desk().session.execute(query)}
    lines = [_line(rows[slip_id], refused.get(slip_id, "")) for slip_id in ids if slip_id in rows]
    return {"lines": lines, "done": len(kept["done"]), "refused": len(refused)}


def _line(row: Any, refused: str) -> dict[str, Any]:
    return {
        "url": url_for("slips.slip", ref=row.id),
        "number": row.number or "未签发",
        "type": slip_look(row),
        "unit": row.unit,
        "title": row.title or "",
        "refused": refused,
    }


def _chosen(database: Session) -> list[tuple[Slip, int]]:
    """Read the drafts named in the form, in its order, with the versions seen; Absent if one of them is not in reach.

    The order of the page is that of the numbers: `sign_many` takes every lock first, in one order for all.
    """
    typed = [request.form["only"]] if request.form.get("only") else request.form.getlist("slips")
    if not typed:
        raise Invalid({"slips": "还没有选择要签发的单据。请先勾选，或者点某一行的“签发”。"})
    if len(typed) > MOST_TO_SIGN:
        raise Invalid({"slips": f"一次最多签发 {MOST_TO_SIGN} 张，请分批签发。"})
    versions = dict(_pair(words) for words in typed)
    query = visible(Slip, desk().actor).where(Slip.id.in_(versions))
    slips = {slip.id: slip for slip in database.scalars(query)}
    if len(slips) != len(versions):
        raise Absent
    return [(slips[slip_id], version) for slip_id, version in versions.items()]


def _pair(typed: str) -> tuple[int, int]:
    slip_id, _, version = typed.partition(".")
    if not (slip_id.isdecimal() and version.isdecimal() and len(typed) <= len("999999999.999999999")):
        raise Invalid({"slips": "表单不完整，请刷新页面后重新选择。"})
    return int(slip_id), int(version)


def _flash(signed: list[Signed]) -> None:
    refused = sum(1 for one in signed if one.refused)
    if done := len(signed) - refused:
        flash(f"已签发 {done} 张。", "done")
    if refused:
        flash(f"{refused} 张没有签发，原因列在下面，草稿仍然保留。", "warn")


def has_to_sign() -> bool:
    """Say whether the desk is worth a button: something waits for the actor."""
    rows, _ = slips_waiting(desk().session, desk().actor, desk().moment.day, most=1)
    return bool(rows)
