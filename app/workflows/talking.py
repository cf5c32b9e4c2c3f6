"""What the daily job does for talks: proposes interviews for slips, reminds of what was promised and of instructions."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import literal, select

from app.audit import Fact, record_many
from app.core.db import insertion
from app.ledgers.talks import Commitment, Instruction, Interview
from app.workflows.context import Context
from app.workflows.posting import tell

INTERVIEWS: Any = Interview.__table__
NO_CASE = literal(None)
SAID = "督办已升到最高一级，按规定建议约谈单位负责人。"


class SlipNamed(NamedTuple):
    """A slip for which an interview is proposed: its id, case, authority and unit."""

    slip_id: int
    case_id: int
    authority_id: int
    unit_id: int


def propose_for_slips(context: Context, rows: Sequence[SlipNamed], kind: str = "admonish", reason: str = SAID) -> int:
    """Propose an interview for each slip named that has none yet; once for each slip, whatever is repeated. Return how many.

    The callers hold the locks of the cases, so that two runs never propose for one slip.
    """
    if not rows:
        return 0
    session, day = context.session, context.day
    had = set(session.scalars(select(Interview.slip_id).where(Interview.slip_id.in_([row.slip_id for row in rows]))))
    new = [row for row in dict.fromkeys(rows) if row.slip_id not in had]
    values = [
        {
            "authority_id": row.authority_id,
            "unit_id": row.unit_id,
            "kind": kind,
            "basis": "slip",
            "slip_id": row.slip_id,
            "case_id": row.case_id,
            "reason": reason,
            "state": "proposed",
            "version": 1,
            "proposed_on": day,
        }
        for row in new
    ]
    if not values:
        return 0
    session.execute(insertion(session, INTERVIEWS).on_conflict_do_nothing(), values)
    wanted = [row.slip_id for row in new]
    made = session.execute(select(Interview.id, Interview.slip_id).where(Interview.slip_id.in_(wanted)))
    ids = {slip_id: interview_id for interview_id, slip_id in made}
    record_many(session, [_fact(ids[row.slip_id], row, kind) for row in new], context.actor, context.moment)
    return len(new)


def _fact(interview_id: int, row: SlipNamed, kind: str) -> Fact:
    return Fact(
        kind="interview.propose",
        subject=f"interview:{interview_id}",
        chain_id=row.authority_id,
        unit_id=row.unit_id,
        source="new",
        dest="proposed",
        data={"basis": "slip", "slip": row.slip_id, "case": row.case_id, "kind": kind},
    )


def remind_of_talks(context: Context, day: date) -> None:
    """Tell units once of commitments and instructions that fall due soon, and once more when they are overdue."""
    _remind(context, day, "commitment", Commitment, "open", NO_CASE)
    _remind(context, day, "instruction", Instruction, "written", Instruction.case_id)


def _remind(context: Context, day: date, kind: str, model: Any, state: str, case_id: Any) -> None:
    waits = (model.state == state) & model.unit_id.is_not(None)
    for authority_id in context.session.scalars(select(model.authority_id).where(waits).distinct()).all():
        soon = context.limit(authority_id, "due_soon_days", day).on
        query = select(model.id, model.unit_id, model.due_on, case_id).where(waits, model.due_on <= soon)
        notices = [
            (authority_id, unit_id, f"{kind}_{'late' if due_on < day else 'soon'}", f"{kind}:{row_id}:{due_on}", of)
            for row_id, unit_id, due_on, of in context.session.execute(query.where(model.authority_id == authority_id))
        ]
        tell(context, notices)
