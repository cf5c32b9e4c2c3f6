"""What a page tells of a run: the cases chosen as they are now, and what became of each, as far as the actor sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, load_only

from app.ledgers.bulk.models import BulkItem, BulkRun
from app.ledgers.cases import Case
from app.people import Actor, visible, within

LINES = 100
# what a transition table asks of a case, and what it brings to a form; the long texts stay where they are
ASKED = (
    Case.id,
    Case.authority_id,
    Case.number,
    Case.title,
    Case.state,
    Case.version,
    Case.lead_unit_id,
    Case.reporter_unit_id,
    Case.source_kind,
    Case.rect_class,
    Case.ended_from,
    Case.ended_on,
    Case.merged_into_id,
    Case.due_on,
    Case.handed_due_on,
    Case.standard,
    Case.proposed_lead_id,
    Case.proposed_assist,
    Case.proposed_class,
    Case.proposed_due_on,
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One case chosen: with which version it was seen, and the case itself; None where it is no longer seen."""

    version: int
    case: Case | None


def chosen_cases(session: Session, actor: Actor, run_id: int) -> list[Chosen]:
    """Return the cases of a run in their order; one query for the run, one for the cases."""
    items = session.execute(
        select(BulkItem.case_id, BulkItem.version).where(BulkItem.run_id == run_id).order_by(BulkItem.id)
    ).all()
    mine = select(BulkItem.case_id).where(BulkItem.run_id == run_id)
    seen = visible(Case, actor).where(Case.id.in_(mine)).options(load_only(*ASKED))
    cases = {case.id: case for case in session.scalars(seen)}
    return [Chosen(version, cases.get(case_id)) for case_id, version in items]


def outcome_lines(session: Session, actor: Actor, run_id: int, outcome: str | None, after: int = 0) -> Sequence[Any]:
    """Return (item, outcome, said, case, number, title, state) of the items with an outcome; one more than LINES.

    Of a case that is no longer seen only that it was chosen.
    """
    seen = and_(Case.id == BulkItem.case_id, within(Case, actor))
    query = select(BulkItem.id, BulkItem.outcome, BulkItem.said, Case.id, Case.number, Case.title, Case.state)
    query = query.outerjoin(Case, seen).where(BulkItem.run_id == run_id, BulkItem.id > after)
    wanted = BulkItem.outcome.is_(None) if outcome is None else BulkItem.outcome == outcome
    return session.execute(query.where(wanted).order_by(BulkItem.id).limit(LINES + 1)).all()


def done_cases(session: Session, actor: Actor, run_id: int) -> dict[int, int]:
    """Return the cases that a run moved, the last first, with their versions as they are now, as far as they are seen."""
    query = select(Case.id, Case.version).join(BulkItem, BulkItem.case_id == Case.id)
    query = query.where(BulkItem.run_id == run_id, BulkItem.outcome == "done", within(Case, actor))
    return {row.id: row.version for row in session.execute(query.order_by(BulkItem.id.desc()))}


def reasons_of(session: Session, run_id: int) -> Sequence[Any]:
    """Return (reason, how many) of what was refused, the commonest first."""
    count = func.count()
    query = select(BulkItem.said, count).where(BulkItem.run_id == run_id, BulkItem.outcome == "refused")
    return session.execute(query.group_by(BulkItem.said).order_by(count.desc(), BulkItem.said).limit(LINES)).all()


def past_runs(session: Session, actor: Actor, most: int) -> Sequence[BulkRun]:
    """Return the actor's newest runs that were confirmed."""
    query = visible(BulkRun, actor).where(BulkRun.state != "chosen").order_by(BulkRun.id.desc()).limit(most)
    return session.scalars(query).all()
