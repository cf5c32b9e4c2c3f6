"""Reminders: before the deadline each unit with an open part is told once; who may sign is told what waits."""

from datetime import date

from sqlalchemy import select

from app.ledgers.cases import Assignment, Case
from app.ledgers.cases.words import WORKING_STATES
from app.workflows.context import Context
from app.workflows.posting import tell
from app.workflows.telling import call_signers


def remind(context: Context, day: date) -> None:
    """Tell the units whose open parts fall due within the parameter's number of working days, and the signers of drafts."""
    authorities = context.session.scalars(
        select(Case.authority_id).where(Case.state.in_(WORKING_STATES), Case.due_on >= day).distinct()
    )
    for authority_id in list(authorities):
        soon = context.limit(authority_id, "due_soon_days", day).on
        query = (
            select(Assignment.unit_id, Case.id, Case.due_on)
            .join(Case, Case.id == Assignment.case_id)
            .where(Case.authority_id == authority_id, Case.state.in_(WORKING_STATES))
            .where(Case.due_on >= day, Case.due_on <= soon)
            .where(Assignment.released_on.is_(None), Assignment.state != "done")
        )
        notices = [
            (authority_id, unit_id, "due_soon", f"case:{case_id}:{due_on}", case_id)
            for unit_id, case_id, due_on in context.session.execute(query)
        ]
        tell(context, notices)
    call_signers(context, day)
