"""并案: many cases into one, chosen from those that may be the same or by number, and merges taken back."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.core.errors import Absent, Invalid, Refused
from app.ledgers.cases import Case
from app.people import Role, visible, within
from app.web.case_alike import alike_case, alike_shown, may_merge
from app.web.case_looks import state_look
from app.web.policy import only, route
from app.web.shell import desk
from app.workflows.merging import MOST, Merged, cases_numbered, merge_many, numbers_in, unmerge_many

blueprint = Blueprint("merging", __name__)
SUPERVISOR = only(Role.SUPERVISOR)
DIGITS = 15


@route(blueprint, "/cases/<int:ref>/merge", SUPERVISOR, ("GET", "POST"))
def merge(ref: int) -> Response | str | tuple[str, int]:
    """Show what may be merged into a case, and merge what was chosen."""
    kept = _kept(ref)
    if request.method == "GET":
        return _page(kept)
    if kept.ended_on is not None:
        raise Refused("本件已经结束，不能再并入其他问题。")
    try:
        numbers = cases_numbered(desk().context, numbers_in(request.form.get("numbers", ""))[: MOST + 1])
        done = merge_many(desk().context, kept, {*_chosen(), *numbers}, _reason())
    except Invalid as error:
        return _again(ref, "merge", error)
    _say(done, "已并入本件：{} 件。", "{} 件没有并案，仍在原处。")
    return redirect(url_for("cases.case", ref=ref), 303)


@route(blueprint, "/cases/<int:ref>/unmerge", SUPERVISOR, ("POST",))
def unmerge(ref: int) -> Response | tuple[str, int]:
    """Take merges into a case back."""
    kept = _kept(ref)
    try:
        done = unmerge_many(desk().context, kept, set(_chosen()), _reason())
    except Invalid as error:
        return _again(ref, "unmerge", error)
    _say(done, "已撤销并案：{} 件。", "{} 件没有撤销，仍并在本件。")
    return redirect(url_for("merging.merge", ref=ref), 303)


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


def _reason() -> str:
    return request.form.get("reason", "").strip()[:2000]


def _again(ref: int, form: str, error: Invalid) -> tuple[str, int]:
    desk().session.rollback()
    return _page(_kept(ref), form, error.errors), 422


def _say(done: list[Merged], good: str, bad: str) -> None:
    refused = [one for one in done if one.refused]
    if len(done) > len(refused):
        flash(good.format(len(done) - len(refused)), "done")
    if refused:
        why = "；".join(f"{one.number or one.title}：{one.refused}" for one in refused[:10])
        flash(f"{bad.format(len(refused))}{why}", "warn")


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
        typed={name: request.form.get(name, "") for name in ("numbers", "reason")} if failed else {},
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
