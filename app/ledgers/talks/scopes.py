"""Who sees which talks: offices and reviewers those of their authority, leaders their portfolio, a unit its own once told."""

from sqlalchemy import ColumnElement, and_, or_, select

from app.ledgers.cases import Case
from app.ledgers.talks.models import Commitment, CommitmentFile, Instruction, Interview
from app.people import Actor, Role, scope, within

OFFICES = (Role.INSPECTOR, Role.SUPERVISOR, Role.ASSESSOR)


@scope(Interview)
def _interviews(actor: Actor) -> ColumnElement[bool]:
    """Show a unit an interview from its notice on, discipline those about no case and about cases it sees."""
    told = and_(Interview.unit_id.in_(actor.own_units), Interview.noticed_on.is_not(None))
    reached = [Interview.authority_id.in_(actor.authorities(*OFFICES)), Interview.unit_id.in_(actor.portfolio), told]
    if reviewed := actor.authorities(Role.DISCIPLINE):
        seen = select(Case.id).where(Case.id == Interview.case_id, within(Case, actor)).correlate(Interview).exists()
        reached.append(and_(Interview.authority_id.in_(reviewed), or_(Interview.case_id.is_(None), seen)))
    return or_(*reached)


@scope(Commitment)
def _commitments(actor: Actor) -> ColumnElement[bool]:
    """Show what was promised to who sees the interview."""
    seen = select(Interview.id).where(Interview.id == Commitment.interview_id, _interviews(actor))
    return seen.correlate(Commitment).exists()


@scope(CommitmentFile)
def _files(actor: Actor) -> ColumnElement[bool]:
    """Show what proves that a promise was kept to who sees the promise."""
    seen = select(Commitment.id).where(Commitment.id == CommitmentFile.commitment_id, _commitments(actor))
    return seen.correlate(CommitmentFile).exists()


@scope(Instruction)
def _instructions(actor: Actor) -> ColumnElement[bool]:
    """Show what leaders wrote to those who see the case whole, and of the units only to the one that is asked."""
    reached: list[ColumnElement[bool]] = [
        Instruction.authority_id.in_(actor.authorities(*OFFICES)),
        Instruction.unit_id.in_(actor.own_units | actor.portfolio),
        Instruction.leader_id.in_(actor.stands_for),
    ]
    whole = actor.authorities(Role.LEADER, Role.DISCIPLINE)
    if whole:
        seen = select(Case.id).where(Case.id == Instruction.case_id, within(Case, actor)).correlate(Instruction)
        reached.append(and_(Instruction.authority_id.in_(whole), seen.exists()))
    return or_(*reached)
