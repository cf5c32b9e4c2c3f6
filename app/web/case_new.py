"""Logging a problem: the form made from the transition table, short on a phone, and the act."""

from typing import Any

from flask import request
from wtforms import Form

from app.core.errors import Absent
from app.ledgers.cases import Case
from app.people import Role
from app.web.case_alike import alike_typed
from app.web.fields import form_class
from app.web.moves import choices, read_form
from app.web.shell import desk
from app.workflows import CASE, Attempt, attempts, fire, new_case

SHORT = ("title", "text", "place", "source_kind", "discovery", "files")
OFFICE = (Role.SUPERVISOR, Role.INSPECTOR)
UNIT = (Role.HEAD, Role.LIAISON)


def log_attempt() -> Attempt:
    """Return the actor's attempt to log: for the office, else for the own unit what it found itself; Absent for others."""
    actor, context = desk().actor, desk().context
    grant = actor.grant(*OFFICE) or actor.grant(*UNIT)
    if grant is None or grant.authority_id is None:
        raise Absent
    unit_id = grant.unit_id if grant.role in UNIT else None
    row = new_case(actor, grant.authority_id, {}, context.moment, unit_id)
    wanted = "log_self" if unit_id else "log"
    for attempt in attempts(context, CASE, row):
        if attempt.transition.name == wanted:
            return attempt
    raise Absent


def log_form(attempt: Attempt) -> Form:
    """Return the form: empty, or as it was typed."""
    made = form_class(attempt, choices)
    return made(request.form) if request.method == "POST" else made()


def log_case(attempt: Attempt, form: Form) -> Attempt:
    """Log the case; Invalid with an error for each field."""
    values = read_form(form, attempt.transition.needs)
    blank: Case = attempt.row
    row = new_case(desk().actor, blank.authority_id, values, desk().moment, blank.reporter_unit_id)
    return fire(desk().context, CASE, attempt.transition.name, row, values)


def page_of(attempt: Attempt, form: Form) -> dict[str, Any]:
    """Return what the page shows: the short fields, and those that stand folded."""
    names = [need.name for need in attempt.transition.needs]
    folded = [form[name] for name in names if name not in SHORT]
    return {
        "form": form,
        "label": attempt.transition.label,
        "short": [form[name] for name in SHORT if name in names],
        "folded": folded,
        "fold_open": any(field.errors or (request.method == "POST" and field.data) for field in folded),
        **alike_data(attempt),
    }


def alike_data(attempt: Attempt) -> dict[str, Any]:
    """Return the cases that may be the same as what was typed; a unit, which cannot add a source, is told so."""
    is_self = attempt.row.reporter_unit_id is not None
    alike = alike_typed(attempt.row.authority_id) if request.method == "POST" else []
    return {"is_self": is_self, "alike": alike, "can_add": not is_self}
