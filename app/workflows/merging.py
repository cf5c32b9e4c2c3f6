"""Merging many cases into one, and taking that back: each by the very move of one, so under the same guards.

Each in its own savepoint: one that is refused stays as it was and says why, and never loses the others.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.errors import Invalid, Refused
from app.ledgers.cases import Case
from app.people import visible
from app.workflows.case import CASE
from app.workflows.context import Context
from app.workflows.engine import fire

MOST = 200  # cases at one time


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of one case: moved, or refused for a reason."""

    case_id: int
    number: str | None
    title: str
    refused: str = ""


def merge_many(context: Context, kept: Case, case_ids: Collection[int], reason: str) -> list[Merged]:
    """Merge the cases into the one that is kept; Invalid, and nothing moved, when one of them is not seen."""
    rows = _locked(context, kept, case_ids, reason)
    return [_move(context, row, "merge", {"case": kept.id, "reason": reason}) for row in rows]


def unmerge_many(context: Context, kept: Case, case_ids: Collection[int], reason: str) -> list[Merged]:
    """Take merges into the case back, the latest first; Invalid, and nothing moved, when one is not merged into it."""
    rows = _locked(context, kept, case_ids, reason)
    if any(row.merged_into_id != kept.id for row in rows):
        raise Invalid({"cases": "所选问题中有的没有并入本件，请刷新页面后重新选择。"})
    rows.sort(key=lambda row: row.ended_event_id or 0, reverse=True)
    return [_move(context, row, "unmerge", {"reason": reason}) for row in rows]


def cases_numbered(context: Context, numbers: Sequence[str]) -> list[int]:
    """Return the ids of the cases with these numbers; Invalid names those that the actor does not see."""
    query: Any = visible(Case, context.actor).with_only_columns(Case.number, Case.id).where(Case.number.in_(numbers))
    found = {number: case_id for number, case_id in context.session.execute(query)}
    if missing := [number for number in numbers if number not in found]:
        raise Invalid({"numbers": f"没有编号为“{missing[0][:30]}”的问题，请核对编号。"})
    return [found[number] for number in numbers]


def _locked(context: Context, kept: Case, case_ids: Collection[int], reason: str) -> list[Case]:
    """Lock every case concerned in one order and return those named, by id; what is not seen is not there."""
    wanted = set(case_ids)
    errors = {} if reason.strip() else {"reason": "请填写理由。"}
    if not wanted:
        errors["cases"] = "请至少选择一件问题。"
    elif len(wanted) > MOST:
        errors["cases"] = f"一次最多办理 {MOST} 件，请分次办理。"
    elif kept.id in wanted:
        errors["cases"] = "不能并入自身，请去掉本件。"
    if errors:
        raise Invalid(errors)
    seen = visible(Case, context.actor).where(Case.id.in_(wanted | {kept.id})).order_by(Case.id)
    rows = context.session.scalars(seen.with_for_update(of=Case).execution_options(populate_existing=True)).all()
    if {row.id for row in rows} != wanted | {kept.id}:
        raise Invalid({"cases": "所选问题中有的不存在，请刷新页面后重新选择。"})
    return [row for row in rows if row.id != kept.id]


def _move(context: Context, row: Case, name: str, form: dict[str, Any]) -> Merged:
    told = row.id, row.number, row.title
    try:
        with context.session.begin_nested():
            fire(context, CASE, name, row, form)
    except (Refused, Invalid) as error:
        return Merged(*told, refused=str(error))
    return Merged(*told)


def numbers_in(typed: str) -> list[str]:
    """Return the numbers typed, between commas, blanks or line breaks, each once."""
    words = typed.translate(str.maketrans("，、；;,\n\r\t\u3000", "         ")).split()
    return list(dict.fromkeys(words))
