"""What may be done about a case, all in one place: moves of the case, the own part, the plan, requests and objections."""

from collections.abc import Callable
from typing import Any

from flask import url_for
from wtforms import Form

from app.ledgers.cases import Case, CaseStory
from app.ledgers.cases.words import REQUEST_KINDS
from app.ledgers.scores import CaseScores, Objection
from app.web.fields import form_class
from app.web.moves import Action, Failed, Moves, choices, moves_of
from app.web.shell import desk
from app.web.slip_drafting import draft_action
from app.workflows import OBJECTION, Attempt, attempts
from app.workflows.case_guards import remember_requests
from app.workflows.case_nudges import remember_nudges
from app.workflows.children import remember_no_children

# the one main act, if it is among what may be done now: what the person's desk says is next, then what presses on
FIRST = (
    "acknowledge",
    "close",
    "accept",
    "verify",
    "pass_plan",
    "rebound",
    "terminate",
    "void",
    "assign",
    "admit",
    "approve",
    "grant",
    "uphold",
    "report_finished",
    "draft_plan",
    "finish",
    "report_progress",
    "object",
    "review_continue",
    "ask_progress",
    "instruct",
)
# no use to say: nobody has asked for it, or it is not for such a unit
NOT_ASKED = ("没有待决定的", "没有这类单位提出", "本单位不是督办主体")
UNDER_WAY = ("drafted", "asked")


def case_actions(story: CaseStory, scores: CaseScores, failed: Failed | None) -> Moves:
    """Return every move of the actor on this page, the main one first, the grave ones last."""
    case, found = story.case, Moves()
    if not story.is_followed:
        remember_no_children(desk().context, case.id)
    if story.is_whole:
        remember_requests(desk().context, case.id, [row[0] for row in story.requests])
        units = [part.unit_id for part in story.parts if part.state != "done" and part.is_held]
        today = {event.kind for event in story.events if event.day == desk().moment.day}
        remember_nudges(desk().context, case.id, units, today)
    _add(found, moves_of("cases", case, case, failed))
    for part in story.parts:
        if part.row is not None and part.is_own and part.row.released_on is None:
            _add(found, moves_of("parts", part.row, case, failed), f"parts-{part.id}")
    if story.plan is not None:
        _add(found, moves_of("plans", story.plan, case, failed), f"plans-{story.plan.id}")
    asked = [("requests", row[0], REQUEST_KINDS[row[0].kind]) for row in story.requests]
    asked += [("objections", row[0], f"申辩 {row.entries} 条") for row in scores.objections]
    for noun, row, kind in asked:
        if row.state in UNDER_WAY:
            _add(found, moves_of(noun, row, case, failed), f"{noun}-{row.id}", kind)
    found.actions += _begun_here(case, scores, failed)
    _fill(found.actions, story, failed)
    _order(found.actions)
    return found


def _begun_here(case: Case, scores: CaseScores, failed: Failed | None) -> list[Action]:
    """Return the actions that begin something of its own about the case: an objection, a slip."""
    begun = (objection_action(case, scores, failed), draft_action(case, failed))
    return [action for action in begun if action is not None]


def new_objection(case: Case, scores: CaseScores) -> Attempt | None:
    """Return the attempt at an objection to the entries of the case that the actor's unit may still object to."""
    actor, day = desk().actor, desk().moment.day
    rows = scores.objectionable(actor.own_units, day)
    if not rows:
        return None
    objection = Objection(
        authority_id=case.authority_id, case_id=case.id, unit_id=rows[0].unit_id, drafted_by_id=actor.person_id
    )
    found = {a.transition.name: a for a in attempts(desk().context, OBJECTION, objection, case)}
    return found.get("ask") or found.get("draft")


def objection_action(case: Case, scores: CaseScores, failed: Failed | None) -> Action | None:
    """Return the form that objects to entries of the case, where there is something to object to."""
    attempt = new_objection(case, scores)
    if attempt is None:
        return None
    form: Form = form_class(attempt, choices)()
    action = Action(
        "object",
        attempt.transition.label,
        url_for("cases.object_to", ref=case.id),
        0,
        form,
        help="在申辩期内可对拟扣记录申辩；提交后所列记录暂不确认，由考核办裁定。",
        submit=attempt.transition.label,
    )
    if failed and failed.name == "object":
        action.form, action.open = failed.form, True
    return action


def _add(found: Moves, more: Moves, scope: str = "", kind: str = "") -> None:
    for action in more.actions:
        action.name = f"{scope}-{action.name}" if scope else action.name
        action.label = _named(action.label, kind)
        found.actions.append(action)
    found.blocked += [(_named(label, kind), why) for label, why in more.blocked if not why.startswith(NOT_ASKED)]


def _named(label: str, kind: str) -> str:
    return f"{label}（{kind}）" if kind and kind not in label else label


def _order(actions: list[Action]) -> None:
    """Mark the main act and put it first; what is grave stands at the end, unless it is what waits for the person."""

    def place(action: Action) -> int:
        short = action.name.rpartition("-")[2]
        return FIRST.index(short) if short in FIRST else len(FIRST) + action.danger

    actions.sort(key=place)
    if actions:
        actions[0].primary = place(actions[0]) < len(FIRST)


def _fill(actions: list[Action], story: CaseStory, failed: Failed | None) -> None:
    """Fill forms with what is already known, so that nobody types it again."""
    for action in actions:
        offered = OFFERS.get(action.name)
        if offered is not None and action.form is not None and not (failed and action.form is failed.form):
            action.form.process(data=offered(story))


def _facts(story: CaseStory) -> dict[str, Any]:
    case = story.case
    return {name: getattr(case, name) for name in ("title", "text", "place", "category", "standard")}


def _measures(story: CaseStory) -> dict[str, Any]:
    return {"measures": [{"text": m.text, "person": m.person, "due_on": m.due_on} for m in story.measures]}


def _result(story: CaseStory) -> dict[str, Any]:
    return dict(zip(("result", "lesson", "mechanism"), story.result, strict=True))


OFFERS: dict[str, Callable[[CaseStory], dict[str, Any]]] = {
    "correct": _facts,
    "draft_plan": _measures,
    "report_finished": _result,
    "verify": lambda _story: {"site_on": desk().moment.day},
}
