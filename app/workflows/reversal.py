"""Reversal by hand: one assessor asks with a reason, another carries it out; never one alone."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ledgers.scores import Reversal, ScoreEntry, Standing
from app.ledgers.scores.words import REVERSAL_STATES
from app.people import Role
from app.workflows.engine import NEW, Attempt, Transition, Workflow
from app.workflows.needs import REASON
from app.workflows.settling import reverse

ASSESSOR = (Role.ASSESSOR,)


def is_in_force(attempt: Attempt) -> str | None:
    """Only an entry of the authority that is not reversed can be reversed by hand."""
    entry = attempt.session.get(ScoreEntry, attempt.row.entry_id)
    if entry is None or entry.authority_id != attempt.row.authority_id:
        return "没有找到这条得分记录。"
    standing = attempt.session.get_one(Standing, entry.id)
    return "这条记录已经冲销，不能再次冲销。" if standing.state == "reversed" else None


def case_id_of(session: Session, row: Reversal) -> int | None:
    """Return the case of the entry: its lock keeps the daily job away."""
    return session.scalar(select(ScoreEntry.case_id).where(ScoreEntry.id == row.entry_id))


def no_other_is_asked(attempt: Attempt) -> str | None:
    """An entry has one reversal under way at most."""
    waiting = select(Reversal.id).where(Reversal.entry_id == attempt.row.entry_id, Reversal.state == "asked")
    if attempt.session.scalars(waiting.limit(1)).first() is not None:
        return "这条记录已有一件冲销待复核，请先办理那一件。"
    return None


def is_second_person(attempt: Attempt) -> str | None:
    """The one who asked does not carry it out."""
    return "手工冲销须由另一名考核人员复核。" if attempt.row.asked_by_id == attempt.actor.person_id else None


def carry_out(attempt: Attempt) -> None:
    """Post the contra entry."""
    row: Reversal = attempt.row
    entry = attempt.session.get_one(ScoreEntry, row.entry_id)
    reverse(attempt.context, [entry], attempt.event_id, attempt.context.day, f"手工冲销：{row.reason}")
    note(attempt)


def note(attempt: Attempt) -> None:
    """Write who decided."""
    row: Reversal = attempt.row
    row.decided_by_id, row.decided_on = attempt.actor.person_id, attempt.context.day
    row.decision = attempt.form.get("reason") or ""


REVERSAL = Workflow(
    "reversal",
    "手工冲销",
    Reversal,
    REVERSAL_STATES,
    [
        Transition("ask", "提出冲销", (NEW,), "asked", ASSESSOR, (is_in_force, no_other_is_asked), (), (REASON,)),
        Transition(
            "grant", "复核并冲销", ("asked",), "granted", ASSESSOR, (is_second_person, is_in_force), (carry_out,)
        ),
        Transition("refuse", "不同意冲销", ("asked",), "refused", ASSESSOR, (is_second_person,), (note,), (REASON,)),
    ],
    units_of=lambda _row: frozenset(),
    case_id_of=case_id_of,
)
