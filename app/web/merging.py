"""并案: what may be the same as a case, chosen or named by number; merging and taking back are bulk runs like any other."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.core.errors import Absent, Invalid, Refused
from app.ledgers.cases import Case
from app.ledgers.exports import own_number
from app.people import Role, visible, within
from app.web.case_alike import alike_case, alike_shown, may_merge
from app.web.case_looks import state_look
from app.web.policy import only, route
from app.web.shell import desk
from app.workflows.bulk import choose

blueprint = Blueprint("merging", __name__)
SUPERVISOR = only(Role.SUPERVISOR)
DIGITS = 15
MOST = 200  # cases on the page
MARKS = str.maketrans("，、；;,\n\r\t\u3000", "         ")


@route(blueprint, "/cases/<int:ref>/merge", SUPERVISOR, ("GET", "POST"))
def merge(ref: int) -> Response | str | tuple[str, int]:
    """Show what may be merged into a case; what was chosen is confirmed as a bulk run."""
    kept = _kept(ref)
    if request.method == "GET":
        return _page(kept)
    if kept.ended_on is not None:
        raise Refused("本件已经结束，不能再并入其他问题。请打开在办的那一件再并案。")
    try:
        run = choose(desk().context, "merge", _versions(Case.id.in_(_chosen())) | _numbered(kept))
    except Invalid as error:
        return _again(kept, "merge", error)
    return redirect(url_for("bulk.run", ref=run.id, case=own_number(kept)), 303)


@route(blueprint, "/cases/<int:ref>/unmerge", SUPERVISOR, ("POST",))
def unmerge(ref: int) -> Response | tuple[str, int]:
    """Take merges into a case back, the latest first: confirmed as a bulk run."""
    kept = _kept(ref)
    try:
        chosen = _versions(Case.id.in_(_chosen()), Case.merged_into_id == kept.id)
        run = choose(desk().context, "unmerge", chosen)
    except Invalid as error:
        return _again(kept, "unmerge", error)
    return redirect(url_for("bulk.run", ref=run.id), 303)


def _kept(ref: int) -> Case:
    """Return the case that the others go into; Absent for who does not merge cases of its authority."""
    found = desk().session.scalars(visible(Case, desk().actor).where(Case.id == ref)).one_or_none()
    if found is None or not may_merge(found):
        raise Absent
    return found


def _chosen() -> list[int]:
    typed = request.form.getlist("cases")
    if any(not ref.isascii() or not ref.isdecimal() or len(ref) > DIGITS for ref in typed):
        raise Invalid({"cases": "所选问题中有的不存在，请刷新页面后重新选择。"})
    return [int(ref) for ref in typed]


def _versions(*conditions: Any) -> dict[int, int]:
    """Return the cases chosen with their versions, what ended last first; Absent when one of them is not there."""
    query = select(Case.id, Case.version).where(within(Case, desk().actor), *conditions)
    found = {row.id: row.version for row in desk().session.execute(query.order_by(Case.ended_event_id.desc(), Case.id))}
    if set(found) != set(_chosen()):
        raise Absent
    return found


def _numbered(kept: Case) -> dict[int, int]:
    """Return the cases that the numbers typed name; Invalid for a number that the actor sees no case of."""
    numbers = list(dict.fromkeys(request.form.get("numbers", "").translate(MARKS).split()))[: MOST + 1]
    query = select(Case.number, Case.id, Case.version).where(within(Case, desk().actor), Case.number.in_(numbers))
    found = {row.number: (row.id, row.version) for row in desk().session.execute(query)}
    if missing := [number for number in numbers if number not in found]:
        raise Invalid({"numbers": f"没有编号为“{missing[0][:30]}”的问题，请核对编号。"})
    if kept.number in found:
        raise Invalid({"numbers": "不能并入自身，请去掉本件的编号。"})
    return dict(found.values())


def _again(kept: Case, form: str, error: Invalid) -> tuple[str, int]:
    return _page(kept, form, error.errors), 422


def _page(kept: Case, failed: str = "", errors: dict[str, str] | None = None) -> str:
    merged = _rows(Case.merged_into_id == kept.id)
    near = [alike_shown(one) for one in alike_case(kept, [row["id"] for row in merged])]
    near = [row for row in near if row["is_open"]]
    asked = _asked_for()
    rows = near if asked in {kept.id, *(row["id"] for row in near)} else [*_named(asked), *near]
    return render_template(
        "merge.html",
        kept={"id": kept.id, "number": kept.number or "未编号", "title": kept.title, "state": state_look(kept.state)},
        is_open=kept.ended_on is None,
        rows=rows,
        merged=merged,
        chosen={asked, *(int(ref) for ref in request.form.getlist("cases") if ref.isdecimal())},
        numbers=request.form.get("numbers", ""),
        failed=failed,
        errors=errors or {},
    )


def _asked_for() -> int:
    """Return the case that the address names, as one to be merged: who comes from its page has it ticked. 0 for none."""
    typed = request.args.get("case", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= DIGITS else 0


def _named(case_id: int) -> list[dict[str, Any]]:
    return _rows(Case.id == case_id, Case.ended_on.is_(None)) if case_id else []


def _rows(*conditions: Any) -> list[dict[str, Any]]:
    shown: tuple[Any, ...] = (Case.id, Case.number, Case.title, Case.state, Case.ended_from)
    query = select(*shown).where(within(Case, desk().actor), *conditions).order_by(Case.id).limit(MOST)
    return [
        {
            "id": row.id,
            "url": url_for("cases.case", ref=row.id),
            "number": row.number or "未编号",
            "title": row.title,
            "state": state_look(row.ended_from or row.state),
            "why": "",
            "source": "",
            "place": "",
        }
        for row in desk().session.execute(query)
    ]
