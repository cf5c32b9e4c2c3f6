"""Moves on the web: one list of what the actor may do, one route that does it, for every workflow."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import Form

from app.core.errors import Absent, Invalid, Refused, Stale
from app.ledgers.cases import Assignment, Case, Measure, Request
from app.ledgers.exports import unnumbered
from app.ledgers.scores import ScoreEntry, Standing
from app.people import Mandate, Person, Role, Unit, held_at, in_force, takes_parts, visible, within
from app.web.fields import form_class, values_of
from app.web.keys import sent_before
from app.web.policy import SIGNED_IN, route
from app.web.saying import say_done
from app.web.score_looks import signed, with_minus
from app.web.shell import desk, shows_form_again
from app.web.uploads import take_files
from app.workflows import (
    BULLETIN,
    CASE,
    COMMITMENT,
    INSTRUCTION,
    INTERVIEW,
    OBJECTION,
    PART,
    PLAN,
    REVERSAL,
    RULE_SET,
    SLIP,
    Attempt,
    Need,
    Workflow,
    attempts,
    fire,
    refusal,
    seize,
    state_of,
    workflow_of,
)

blueprint = Blueprint("moves", __name__)
NOUNS: dict[str, Workflow | None] = {
    "cases": CASE,
    "parts": PART,
    "plans": PLAN,
    "requests": None,
    "objections": OBJECTION,
    "reversals": REVERSAL,
    "rule-sets": RULE_SET,
    "slips": SLIP,
    "interviews": INTERVIEW,
    "commitments": COMMITMENT,
    "instructions": INSTRUCTION,
    "bulletins": BULLETIN,
}
MODELS: dict[str, Any] = {"requests": Request}
OF_TWO = ("merge", "unmerge")  # moves whose other case may have to be locked first


@dataclass(slots=True)
class Action:
    """One move as the page shows it: a button, or a panel with its form."""

    name: str
    label: str
    url: str
    version: int
    form: Form | None = None
    danger: bool = False
    primary: bool = False
    open: bool = False
    files: bool = False
    help: str = ""
    submit: str = ""
    key: str | None = None


@dataclass(slots=True)
class Failed:
    """A move that was refused for its input: the page shows its form again as typed, with what is wrong."""

    noun: str
    row_id: int
    name: str
    form: Form
    said: str = ""
    status: int = 422


@dataclass(frozen=True, slots=True)
class Home:
    """Where a noun's moves are shown: the address of a row, its page with a failed form, and the list of who works one off."""

    url: Callable[[Any], str]
    show: Callable[[int, Failed], str]
    list_url: Callable[[Any], str] = lambda _row: ""


HOMES: dict[str, Home] = {}


@dataclass(slots=True)
class Moves:
    """What may be done now, and what may not for a reason."""

    actions: list[Action] = field(default_factory=list)
    blocked: list[tuple[str, str]] = field(default_factory=list)


def moves_of(noun: str, row: Any, case: Case | None = None, failed: Failed | None = None) -> Moves:
    """Return the actor's moves on a row, each with its form; those that a guard refuses with the reason."""
    found = Moves()
    for attempt in attempts(desk().context, workflow_for(noun, row), row, case):
        if reason := refusal(attempt):
            found.blocked.append((attempt.transition.label, reason))
            continue
        action = _action(noun, attempt)
        if failed and (failed.noun, failed.row_id, failed.name) == (noun, row.id, action.name):
            action.form, action.open = failed.form, True
        found.actions.append(action)
    return found


def workflow_for(noun: str, row: Any) -> Workflow:
    """Return the table that a noun's row follows."""
    return NOUNS[noun] or workflow_of(row)


def choices(attempt: Attempt, need: Need) -> list[tuple[str, str]]:
    """Return what may be chosen for a need, only from what the actor reaches; asked once for the forms of a page."""
    row, kept = attempt.row, attempt.context.memory
    place = ("choices", need.kind.removesuffix("s"), type(row), row.id)
    if place not in kept or row.id is None:
        kept[place] = _choices(attempt, need)
    found: list[tuple[str, str]] = kept[place]  # type: ignore[assignment]
    return found


def _choices(attempt: Attempt, need: Need) -> list[tuple[str, str]]:
    session, actor, case, row = attempt.session, attempt.actor, attempt.case, attempt.row
    if need.kind in ("unit", "units"):
        authority_id = case.authority_id if case else getattr(row, "authority_id", None)
        query = select(Unit.id, Unit.name).where(within(Unit, actor), Unit.authority_id == authority_id)
        query = query.where(Unit.closed_on.is_(None), takes_parts())
        return [(str(unit_id), name) for unit_id, name in session.execute(query.order_by(Unit.position, Unit.id))]
    if need.kind == "person":
        others = (within(Person, actor), Person.id != actor.person_id)
        leaders = select(Person.id, Person.name).where(*others, Person.id.in_(_holders(Role.LEADER, case)))
        return [(str(person_id), name) for person_id, name in session.execute(leaders.order_by(Person.id))]
    if need.kind in ("part", "parts") and case:
        parts = select(Unit.id, Unit.name).join(Assignment, Assignment.unit_id == Unit.id)
        parts = parts.where(Assignment.case_id == case.id, Assignment.released_on.is_(None), within(Assignment, actor))
        return [(str(unit_id), name) for unit_id, name in session.execute(parts.order_by(Assignment.id))]
    if need.kind == "measure" and case:
        open_ones = visible(Measure, actor).where(Measure.case_id == case.id, Measure.dropped_on.is_(None))
        rows = session.scalars(open_ones.where(Measure.unit_id == attempt.row.unit_id).order_by(Measure.position))
        return [(str(m.id), f"{m.position}. {m.text[:40]}") for m in rows]
    if need.kind == "entries":
        return _entry_choices(attempt)
    return []


@route(
    blueprint,
    f"/<any({','.join(repr(noun) for noun in NOUNS)}):noun>/<int:ref>/transitions/<name>",
    SIGNED_IN,
    ("POST",),
)
@shows_form_again
def move(noun: str, ref: int, name: str) -> Response | tuple[str, int]:
    """Make one move; on wrong input the page it came from is shown again with what was typed."""
    row = _row(noun, ref, name)
    seen = request.form.get("version", "")
    if seen.isdecimal() and int(seen) != row.version and not sent_before():
        raise Stale(int(seen), row.version)
    case = desk().session.get(Case, row.case_id) if getattr(row, "case_id", None) else None
    case = row if isinstance(row, Case) else case
    workflow = workflow_for(noun, row)
    if name not in {transition.name for transition in workflow.transitions}:
        raise Absent
    attempt = Attempt(desk().context, workflow, workflow.find(name, state_of(row), row), row, case=case)
    if reason := refusal(attempt):
        raise Refused(reason)
    form = form_class(attempt, choices)(request.form)
    try:
        values = read_form(form, attempt.transition.needs)
        made = fire(desk().context, workflow, name, row, values, _version())
    except Invalid as error:
        put_errors(form, error)
        desk().session.rollback()
        return HOMES[noun].show(ref, Failed(noun, ref, name, form)), 422
    url, on_list = HOMES[noun].url(row), HOMES[noun].list_url(row)
    say_done(made, f"已办理：{attempt.transition.label}。", url if on_list else "")
    return redirect(on_list or url, 303)


def read_form(form: Form, needs: Iterable[Need]) -> dict[str, Any]:
    """Validate a move's form and return its values, stored files among them; Invalid with an error for each field."""
    needs = list(needs)
    if not form.validate():
        raise Invalid({name: "；".join(_flat(errors)) for name, errors in form.errors.items() if name})
    values = values_of(form, needs)
    for need in needs:
        if need.kind == "files":
            values[need.name] = take_files(need.name)
        if need.kind == "case" and (need.required or form[need.name].data):
            values[need.name] = _case_named(form[need.name].data)
    return values


def put_errors(form: Form, error: Invalid) -> None:
    """Put the workflow's errors beside their fields; what belongs to none stands at the first field."""
    names = [f.short_name for f in form]
    for name, said in error.errors.items():
        target = form[name if name in names else names[0]] if names else None
        if target is not None and not target.errors:
            target.errors = [said]


def _action(noun: str, attempt: Attempt) -> Action:
    transition, row = attempt.transition, attempt.row
    return Action(
        name=transition.name,
        label=transition.label,
        url=url_for("moves.move", noun=noun, ref=row.id, name=transition.name),
        version=row.version,
        form=form_class(attempt, choices)(data=_offered(attempt)) if transition.needs else None,
        danger=transition.is_grave,
        files=any(need.kind == "files" for need in transition.needs),
    )


def _offered(attempt: Attempt) -> dict[str, Any]:
    """Return what a form is filled with at first, as its fields hold it."""
    offered = attempt.transition.offer(attempt) if attempt.transition.offer else {}
    kinds = {need.name: need.kind for need in attempt.transition.needs}
    words = {name: str(value) for name, value in offered.items() if kinds[name] == "unit" and value}
    lists = {name: [str(item) for item in value] for name, value in offered.items() if kinds[name] == "units"}
    return {name: value for name, value in offered.items() if value} | words | lists


def _row(noun: str, ref: int, name: str) -> Any:
    workflow = NOUNS[noun]
    model = workflow.model if workflow else MODELS[noun]
    query = visible(model, desk().actor).where(model.id == ref)
    if workflow is CASE and name not in OF_TWO and not request.files:  # nobody waits while files are stored
        row: Any = seize(desk().context, query)
    else:
        row = desk().session.scalars(query).one_or_none()
    if row is None:
        raise Absent
    return row


def _version() -> int | None:
    typed = request.form.get("version", "")
    if not typed.isdecimal():
        raise Invalid({"version": "表单不完整，请刷新页面后重新填写。"})
    return int(typed)


def _case_named(typed: str | None) -> int:
    said = (typed or "").strip()
    known = Case.id == unnumbered(said) if unnumbered(said) else Case.number == said
    found = desk().session.scalars(visible(Case, desk().actor).where(known)).first()
    if found is None:
        raise Invalid({"case": f"没有编号为“{(typed or '')[:30]}”的问题，请核对编号。"})
    return found.id


def _holders(role: Role, case: Case | None) -> Any:
    holders = select(Mandate.person_id).join(Unit, Unit.id == Mandate.unit_id)
    authority_id = case.authority_id if case else None
    return holders.where(Mandate.role == role, held_at(authority_id), in_force(desk().moment.day))


def _entry_choices(attempt: Attempt) -> list[tuple[str, str]]:
    row: Any = attempt.row
    query = visible(ScoreEntry, attempt.actor).join(Standing, Standing.entry_id == ScoreEntry.id)
    query = query.where(ScoreEntry.case_id == row.case_id, ScoreEntry.unit_id == row.unit_id)
    query = query.where(Standing.state == "proposed", Standing.object_until >= desk().moment.day)
    rows = attempt.session.scalars(query.order_by(ScoreEntry.day, ScoreEntry.id))
    return [(str(e.id), f"{e.day} {with_minus(e.calculation)}（{signed(e.points)}）") for e in rows]


def _flat(errors: Any) -> list[str]:
    if isinstance(errors, dict):
        return [said for part in errors.values() for said in _flat(part)]
    if isinstance(errors, list | tuple):
        return [said for part in errors for said in _flat(part)]
    return [str(errors)]
