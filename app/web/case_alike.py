"""Possible duplicates as pages show them: beside a form while it is filled in, on a case that is not assigned yet."""

from typing import Any

from flask import request, url_for

from app.ledgers.cases import GROUNDS, Alike, Case, CaseStory, Told, find_alike
from app.ledgers.cases.words import OPEN_STATES, SOURCES
from app.web.case_looks import state_look
from app.web.searching import take_turn
from app.web.shell import desk
from app.workflows import CASE

UNASSIGNED = ("reported", "ledgered")
NAMES = ("title", "text", "place", "category")
LONGEST = 20_000


def alike_typed(authority_id: int) -> list[dict[str, Any]]:
    """Return the cases that may be the same as what stands in the form that was sent."""
    take_turn()
    told = Told(**{name: request.form.get(name, "")[:LONGEST] for name in NAMES})
    return [alike_shown(one) for one in _find(authority_id, told)]


def alike_to(story: CaseStory) -> list[dict[str, Any]]:
    """Return the cases that may be the same as one that waits to be assigned, for the office alone."""
    case = story.case
    if case.state not in UNASSIGNED or not may_merge(case):
        return []
    return [
        alike_shown(one) | {"merge_url": _merge_url(one, case)}
        for one in alike_case(case, [row.id for row in story.merged])
    ]


def alike_case(case: Case, but: list[int]) -> list[Alike]:
    """Return the cases that may be the same as one on record, without itself and those named."""
    return _find(case.authority_id, Told(case.title, case.text, case.place, case.category), [case.id, *but])


def may_merge(case: Case) -> bool:
    """Say whether the actor is one of those who merge cases of this authority."""
    roles = next(row.roles for row in CASE.transitions if row.name == "merge")
    return desk().actor.grant(*roles, authority_id=case.authority_id) is not None


def alike_shown(one: Alike) -> dict[str, Any]:
    """Return a case that may be the same, with why, in words."""
    share = f"，文字约 {round(one.share * 100)}% 相同" if one.why == "near" else ""
    return {
        "id": one.case_id,
        "url": url_for("cases.case", ref=one.case_id),
        "number": one.number or "未编号",
        "title": one.title,
        "state": state_look(one.state),
        "source": SOURCES.get(one.source_kind, one.source_kind),
        "place": one.place,
        "why": GROUNDS[one.why] + share,
        "is_open": one.state in OPEN_STATES,
    }


def _find(authority_id: int, told: Told, but: list[int] | None = None) -> list[Alike]:
    return next(find_alike(desk().session, desk().actor, authority_id, [told], but or ()))


def _merge_url(one: Alike, case: Case) -> str:
    """Return where the case is merged into the one found, when that is still open."""
    return url_for("merging.merge", ref=one.case_id, case=case.id) if one.state in OPEN_STATES else ""
