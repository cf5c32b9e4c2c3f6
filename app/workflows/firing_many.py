"""The same move with many new rows: each is asked and checked as by the engine, then all are written at one stroke."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.audit import record_many
from app.core.errors import Refused
from app.core.inserting import number_ahead
from app.ledgers.cases import Case
from app.workflows.context import Context
from app.workflows.engine import NEW, Attempt, Workflow, fact_of, refusal
from app.workflows.input import make_ready


def fire_many(
    context: Context, workflow: Workflow, name: str, rows: Iterable[tuple[Any, Mapping[str, Any]]]
) -> list[Attempt]:
    """Bring new rows in, each with its form; one event each. The chain of events is held for the writing alone.

    The caller commits. Refused with the reason, Invalid with an error for each field: nothing is written then.
    """
    attempts = [_ready(context, workflow, name, row, form) for row, form in rows]
    if not attempts:
        return []
    context.session.add_all([attempt.row for attempt in attempts])
    number_ahead(context.session)
    context.session.flush()
    facts = [fact_of(attempt, NEW, attempt.row.state) for attempt in attempts]
    ids = record_many(context.session, facts, context.actor, context.moment)
    for attempt, event_id in zip(attempts, ids, strict=True):
        attempt.event_id = event_id
        for effect in attempt.transition.effects:
            effect(attempt)
    number_ahead(context.session)
    context.session.flush()
    return attempts


def _ready(context: Context, workflow: Workflow, name: str, row: Any, form: Mapping[str, Any]) -> Attempt:
    case = row if isinstance(row, Case) else None
    attempt = Attempt(context, workflow, workflow.find(name, NEW, row), row, dict(form), case=case, source=NEW)
    if reason := refusal(attempt):
        raise Refused(reason)
    make_ready(attempt)
    dest = workflow.destination(attempt.transition, NEW, row)
    if dest is None:
        raise Refused("当前不能办理，请刷新页面。")
    row.state, row.version = dest, 1
    return attempt
