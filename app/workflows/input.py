"""What a move was given: nothing is missing or wrong in it, and it tells nobody who a citizen is."""

from typing import Any

from app.core.errors import Invalid
from app.workflows.table import Attempt
from app.workflows.withholding import withhold_contacts


def make_ready(attempt: Attempt) -> None:
    """Check the input, take citizens' contacts out of it, and write on the row what must stand there before it moves."""
    check_input(attempt)
    withhold_contacts(attempt)
    for effect in attempt.transition.before:
        effect(attempt)


def check_input(attempt: Attempt) -> None:
    """Raise Invalid, with an error for each field, where an input is missing or wrong."""
    errors = {}
    for need in attempt.transition.needs:
        value = attempt.form.get(need.name)
        if need.required and is_blank(value):
            errors[need.name] = (
                f"请填写{need.label}。" if need.kind in ("line", "text") else f"请选择或填写{need.label}。"
            )
        elif need.choices and not is_blank(value) and value not in need.choices:
            errors[need.name] = f"{need.label}请从列出的选项中选择。"
        elif need.longest and isinstance(value, str) and len(value) > need.longest:
            errors[need.name] = f"最多 {need.longest} 字，现有 {len(value)} 字。"
    for check in attempt.transition.checks:
        if not errors:
            errors.update(check(attempt))
    if errors:
        raise Invalid(errors)


def is_blank(value: Any) -> bool:
    """Say that nothing was given: no value, a list of none, a text of blanks."""
    return value is None or (isinstance(value, str | list) and not (value.strip() if isinstance(value, str) else value))
