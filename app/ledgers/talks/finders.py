"""Finding talks: interviews by state, what was promised in one, and the instructions on a case; each in one query."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from app.core.aliases import shared_alias
from app.ledgers.cases import Case
from app.ledgers.talks.models import Commitment, CommitmentFile, Instruction, Interview
from app.people import Actor, Person, Unit, within

REPLIER = shared_alias(Person)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of interviews or instructions is narrowed to; empty: everything."""

    states: Collection[str] = ()
    unit_id: int | None = None
    case_id: int | None = None
    row_id: int | None = None

    def conditions(self, model: Any) -> list[ColumnElement[bool]]:
        """Return the conditions on the table."""
        exact = ((model.unit_id, self.unit_id), (model.case_id, self.case_id), (model.id, self.row_id))
        found = [column == value for column, value in exact if value is not None]
        return [*found, *([model.state.in_(self.states)] if self.states else [])]


class Talk(NamedTuple):
    """One interview with its unit and how many of its commitments are done, promised, and late on the day asked for."""

    interview: Interview
    unit: str
    done: int
    promised: int
    late: int


class Promise(NamedTuple):
    """One commitment with the names of who reported and who confirmed it."""

    commitment: Commitment
    reporter: str
    confirmer: str


class Wish(NamedTuple):
    """One instruction with its leader, the unit asked, who replied, and the case as far as the actor sees it."""

    instruction: Instruction
    leader: str
    unit: str
    replier: str
    case_number: str | None
    case_title: str | None


def has_talks(session: Session, case_id: int) -> tuple[bool, bool]:
    """Say whether there is any instruction on a case, and any interview about it, whoever may see them; one query."""
    instructed = select(Instruction.id).where(Instruction.case_id == case_id).exists()
    interviewed = select(Interview.id).where(Interview.case_id == case_id).exists()
    row = session.execute(select(instructed, interviewed)).one()
    return bool(row[0]), bool(row[1])


def list_interviews(
    session: Session,
    actor: Actor,
    day: date,
    wanted: Wanted,
    most: int = 50,
    skip: int = 0,
) -> list[Talk]:
    """Return the interviews the actor may see, newest first."""
    done = func.coalesce(func.sum(case((Commitment.state == "done", 1), else_=0)), 0)
    late = func.coalesce(func.sum(case(((Commitment.state == "open") & (Commitment.due_on < day), 1), else_=0)), 0)
    sums = (
        select(Commitment.interview_id.label("id"), done.label("done"), func.count().label("all"), late.label("late"))
        .group_by(Commitment.interview_id)
        .subquery()
    )
    query = select(Interview, Unit.short_name, sums.c.done, sums.c.all, sums.c.late)
    query = query.join(Unit, Unit.id == Interview.unit_id).outerjoin(sums, sums.c.id == Interview.id)
    query = query.where(within(Interview, actor)).order_by(Interview.id.desc()).limit(most).offset(skip)
    query = query.where(*wanted.conditions(Interview))
    return [Talk(row[0], row[1], *(int(count or 0) for count in row[2:])) for row in session.execute(query)]


def count_interviews(session: Session, actor: Actor) -> dict[str, int]:
    """Return how many interviews the actor may see, by state."""
    query = select(Interview.state, func.count()).where(within(Interview, actor)).group_by(Interview.state)
    return {state: count for state, count in session.execute(query)}


def commitments_of(session: Session, actor: Actor, interview_id: int) -> list[Promise]:
    """Return what was promised in an interview, in its order."""
    query = select(Commitment, Person.name, REPLIER.name).outerjoin(Person, Person.id == Commitment.reported_by_id)
    query = query.outerjoin(REPLIER, REPLIER.id == Commitment.confirmed_by_id)
    query = query.where(Commitment.interview_id == interview_id, within(Commitment, actor))
    rows = session.execute(query.order_by(Commitment.position))
    return [Promise(row, reporter or "", confirmer or "") for row, reporter, confirmer in rows]


def commitment_files(session: Session, actor: Actor, interview_id: int) -> dict[int, list[CommitmentFile]]:
    """Return the files that prove what was promised in an interview, by commitment, oldest first; one query."""
    query = select(CommitmentFile).join(Commitment, Commitment.id == CommitmentFile.commitment_id)
    query = query.where(Commitment.interview_id == interview_id, within(CommitmentFile, actor))
    found: dict[int, list[CommitmentFile]] = {}
    for row in session.scalars(query.order_by(CommitmentFile.id)):
        found.setdefault(row.commitment_id, []).append(row)
    return found


def list_instructions(
    session: Session,
    actor: Actor,
    wanted: Wanted,
    most: int = 50,
    skip: int = 0,
) -> list[Wish]:
    """Return the instructions the actor may see: those that wait for somebody first, by their date."""
    query = _instructions(actor).where(*wanted.conditions(Instruction))
    is_over = case((Instruction.state.in_(("written", "replied")), 0), else_=1)
    return _wishes(session, query.order_by(is_over, Instruction.due_on, Instruction.id.desc()).limit(most).offset(skip))


def _instructions(actor: Actor) -> Select[Any]:
    seen = (Case.id == Instruction.case_id) & within(Case, actor)
    columns: tuple[Any, ...] = (Instruction, Person.name, Unit.short_name, REPLIER.name, Case.number, Case.title)
    query = select(*columns)
    query = query.join(Person, Person.id == Instruction.leader_id).outerjoin(Unit, Unit.id == Instruction.unit_id)
    query = query.outerjoin(REPLIER, REPLIER.id == Instruction.replied_by_id).outerjoin(Case, seen)
    return query.where(within(Instruction, actor))


def _wishes(session: Session, query: Select[Any]) -> list[Wish]:
    return [
        Wish(row, leader, unit or "督查室", replier or "", number, title)
        for row, leader, unit, replier, number, title in session.execute(query)
    ]
