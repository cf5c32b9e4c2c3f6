"""The engine: one declarative table per workflow says who may move what, when, with what input and to what effect.

One static `transitions` machine per workflow resolves source and destination and refuses what is illegal; roles, guards and
effects are ours. `refusal` says why not, `available` what an actor may do now, `fire` moves and writes exactly one event.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Select, Update, bindparam, inspect, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.audit import Fact, record
from app.core.errors import Refused, Stale
from app.ledgers.cases import FILE_FACTS, Case
from app.people import Grant
from app.workflows.acting import acting_grant, no_mandate
from app.workflows.context import Context
from app.workflows.input import make_ready
from app.workflows.table import (
    NEW,
    STAYS,
    UNIT_ROLES,
    WORKFLOWS,
    Attempt,
    Check,
    Effect,
    Guard,
    Need,
    Transition,
    When,
    Workflow,
)
from app.workflows.telling import tell_persons

__all__ = [
    "NEW",
    "STAYS",
    "WORKFLOWS",
    "Attempt",
    "Check",
    "Effect",
    "Guard",
    "Need",
    "Transition",
    "When",
    "Workflow",
    "attempts",
    "available",
    "carry",
    "fire",
    "follow",
    "move_along",
    "refusal",
    "seize",
    "state_of",
]


def state_of(row: Any) -> str:
    """Return the row's state; a row not yet on record is new."""
    return row.state if row.id is not None else NEW


def refusal(attempt: Attempt, spared: tuple[Guard, ...] = ()) -> str | None:
    """Say why the actor may not make the move now, in words fit to show, or None.

    Guards that are spared are not asked: those that cost too much to be asked of many.
    """
    attempt.grant = acting_grant(attempt)
    if attempt.grant is None:
        return no_mandate(attempt)
    for guard in attempt.transition.guards:
        if guard not in spared and (reason := guard(attempt)):
            return reason
    return None


def attempts(context: Context, workflow: Workflow, row: Any, case: Case | None = None) -> list[Attempt]:
    """Return an attempt for each move the table has from the row's state for a role the actor holds there."""
    found = []
    for transition in workflow.rows_from(state_of(row), row):
        attempt = Attempt(context, workflow, transition, row, case=case)
        attempt.grant = acting_grant(attempt)
        if attempt.grant is not None:
            found.append(attempt)
    return found


def available(context: Context, workflow: Workflow, row: Any, case: Case | None = None) -> list[Attempt]:
    """Return the moves the actor may make now."""
    return [attempt for attempt in attempts(context, workflow, row, case) if refusal(attempt) is None]


def fire(
    context: Context, workflow: Workflow, name: str, row: Any, form: Mapping[str, Any], version: int | None = None
) -> Attempt:
    """Make the move: ask again, check the input, move under guard, write one event, run the effects.

    The caller commits. Refused with the reason, Invalid with an error for each field, Stale when somebody was faster.
    """
    case = _lock(context, workflow, row, form)
    if version is not None and row.id is not None and row.version != version:
        raise Stale(version, row.version)
    attempt = Attempt(context, workflow, workflow.find(name, state_of(row), row), row, dict(form), case=case)
    if reason := refusal(attempt):
        raise Refused(reason)
    return _report(_make(attempt))


def _report(made: Attempt) -> Attempt:
    """Tell the absent person, in whose place a substitute moved, once for each thing."""
    if made.grant and made.grant.acting_for_id and (authority_id := made.grant.authority_id):
        subject, case_id = f"{made.workflow.name}:{made.row.id}", made.case.id if made.case else None
        tell_persons(made.context, [(authority_id, made.grant.acting_for_id, "acted_for", subject, case_id)])
    return made


def carry(
    context: Context, grant: Grant | None, workflow_name: str, name: str, row: Any, form: Mapping[str, Any]
) -> Attempt:
    """Make a move that follows from what was done elsewhere, with its own event and effects, by a row without roles.

    Whoever calls holds the row's lock, and names the mandate of who did it. Refused or Invalid stops that too.
    """
    workflow = WORKFLOWS[workflow_name]
    found = workflow.find(name, state_of(row), row)
    case = row if isinstance(row, Case) else None
    return _make(Attempt(context, workflow, found, row, dict(form), grant, case))


def _make(attempt: Attempt) -> Attempt:
    """Make ready, move, and run the effects; the event names the absent person whom a substitute stands for."""
    make_ready(attempt)
    if attempt.grant and attempt.grant.acting_for:
        attempt.data["acting_for"] = attempt.grant.acting_for
    _move(attempt)
    for effect in attempt.transition.effects:
        effect(attempt)
    attempt.session.flush()
    return attempt


def seize(context: Context, query: Select[Any]) -> Case | None:
    """Read a case and take its lock at one stroke, for the move fired next; not for one that concerns two cases."""
    query = query.with_for_update(of=Case).execution_options(populate_existing=True)
    context.seized = context.session.scalars(query).one_or_none()
    return context.seized


def follow(attempt: Attempt, workflow_name: str, name: str, row: Any) -> None:
    """Move another row along with an attempt, by its own table, without an event of its own."""
    move_along(attempt.session, WORKFLOWS[workflow_name], name, row)


def move_along(session: Session, workflow: Workflow, name: str, row: Any) -> tuple[str, str]:
    """Move a row by its own table and return from where and to where it moved; the caller writes the event."""
    source = state_of(row)
    transition = workflow.find(name, source, row)
    dest = workflow.destination(transition, source, row)
    if dest is None:
        raise Refused(f"“{transition.label}”现在不能办理。")
    _update(session, row, source, dest)
    return source, dest


def _lock(context: Context, workflow: Workflow, row: Any, form: Mapping[str, Any]) -> Case | None:
    """Take the row locks of the cases concerned first, in order, so that moves and the daily job never interleave."""
    session = context.session
    seized, context.seized = context.seized, None
    if seized is not None and seized is row:
        return seized
    case_id = row.id if isinstance(row, Case) else workflow.case_id_of(session, row)
    if case_id is None:
        return row if isinstance(row, Case) else None
    other = form.get("case") or (row.merged_into_id if isinstance(row, Case) else None)
    session.expire_all()
    locked = {
        wanted: session.get(Case, wanted, with_for_update=True, populate_existing=True)
        for wanted in sorted({case_id, int(other) if other else case_id})
    }
    context.forget()
    return locked[case_id]


def _move(attempt: Attempt) -> None:
    row, workflow = attempt.row, attempt.workflow
    source = attempt.source = state_of(row)
    dest = workflow.destination(attempt.transition, source, row)
    if dest is None:
        raise Refused(f"“{attempt.transition.label}”现在不能办理。请刷新页面。")
    if source == NEW:
        row.state, row.version = dest, 1
        attempt.session.add(row)
        attempt.session.flush()
        attempt.case = row if isinstance(row, Case) else attempt.case
    else:
        _update(attempt.session, row, source, dest)
    attempt.event_id = record(attempt.session, fact_of(attempt, source, dest), attempt.actor, attempt.context.moment)


def _update(session: Session, row: Any, source: str, dest: str) -> None:
    """Move the row under guard, and write with it what else was set on the row."""
    seen, state = row.version, inspect(row)
    changed = {name: getattr(row, name) for name in {*state.mapper.column_attrs.keys()} - state.unmodified}
    values = changed | {"state": dest, "version": seen + 1}
    for name, value in values.items():
        set_committed_value(row, name, value)
    session.flush()
    same = {"same_id": row.id, "same_state": source, "same_version": seen}
    columns = {state.mapper.column_attrs[name].columns[0].name: value for name, value in values.items()}
    moved: Any = session.execute(_guarded(state.mapper), same | columns)
    if moved.rowcount != 1:
        raise Stale(seen, session.scalar(select(type(row).version).where(state.mapper.primary_key[0] == row.id)))


@cache
def _guarded(mapper: Any) -> Update:
    """Make the guarded update of a table, once."""
    columns = mapper.local_table.c
    same = (columns.state == bindparam("same_state")) & (columns.version == bindparam("same_version"))
    return update(mapper.local_table).where(mapper.primary_key[0] == bindparam("same_id"), same)


def fact_of(attempt: Attempt, source: str, dest: str) -> Fact:
    """Return the event of a move."""
    row, case = attempt.row, attempt.case
    unit_id = attempt.grant.unit_id if attempt.grant and attempt.grant.role in UNIT_ROLES else None
    reason = attempt.form.get("reason")
    return Fact(
        kind=f"{attempt.workflow.name}.{attempt.transition.name}",
        subject=f"{attempt.workflow.name}:{row.id}",
        chain_id=getattr(row, "authority_id", None) or (case.authority_id if case else 0),
        case_id=case.id if case else None,
        unit_id=getattr(row, "unit_id", None) or unit_id,
        source=source,
        dest=dest,
        reason=str(reason) if reason else None,
        due_on=case.due_on if case else None,
        data=_plain(attempt),
        mandate_id=attempt.grant.mandate_id if attempt.grant else None,
    )


def _plain(attempt: Attempt) -> dict[str, Any]:
    """Return the input as JSON values for the event: of files their digests; contacts of citizens stay out of the chain."""
    kept: dict[str, Any] = {}
    for need in attempt.transition.needs:
        value = attempt.form.get(need.name)
        if need.name in ("reason", "contact") or (not value and value is not False):
            continue
        if need.kind == "files":
            kept[need.name] = [{fact: getattr(file, fact) for fact in FILE_FACTS} for file in value]
            continue
        kept[need.name] = value if isinstance(value, bool | int | str) else _jsonable(value)
    return kept | attempt.data


def _jsonable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(item) for item in value]
    return value if isinstance(value, bool | int) else str(value)
