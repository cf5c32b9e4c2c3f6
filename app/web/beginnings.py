"""Pages that begin a row of an office's own: the form of its first move, filled with what is given, and its keeping."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from wtforms import Form

from app.core.errors import Absent, Invalid
from app.people import Role
from app.web.fields import form_class
from app.web.moves import choices, put_errors, read_form
from app.web.saying import say_done
from app.web.shell import desk
from app.workflows import Attempt, Workflow, attempts, fire


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is begun: by which move, on which page, what is said when it is done, and where it stands then."""

    workflow: Workflow
    move: str
    template: str
    done: str
    endpoint: str
    new: Callable[[int], Any]


def begin(beginning: Beginning, given: Callable[[], Mapping[str, Any]]) -> Any:
    """Show the form, or keep what was typed in it; Absent for who has no office that begins such a row."""
    attempt = _attempt(beginning)
    blank = form_class(attempt, choices)
    if request.method == "GET":
        return render_template(beginning.template, form=blank(data=dict(given())))
    form: Form = blank(request.form)
    try:
        values = read_form(form, attempt.transition.needs)
        made = fire(desk().context, beginning.workflow, beginning.move, attempt.row, values)
    except Invalid as error:
        put_errors(form, error)
        desk().session.rollback()
        return render_template(beginning.template, form=form, failed=True), 422
    say_done(made, beginning.done)
    return redirect(url_for(beginning.endpoint, ref=attempt.row.id), 303)


def _attempt(beginning: Beginning) -> Attempt:
    grant = desk().actor.grant(Role.SUPERVISOR, Role.INSPECTOR)
    if grant is None or grant.authority_id is None:
        raise Absent
    return attempts(desk().context, beginning.workflow, beginning.new(grant.authority_id))[0]
