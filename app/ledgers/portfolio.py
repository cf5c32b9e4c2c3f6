"""What a leader answers for: the units of the portfolio with their counts, and the month's pack, read from one snapshot."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from app.ledgers.cases import Case, Horizon
from app.ledgers.cases.facts import late, soon
from app.ledgers.scores import ScoreEntry
from app.ledgers.slips import Slip
from app.ledgers.talks import Commitment, Instruction, Interview
from app.ledgers.talks.words import UNDER_WAY
from app.people import Actor, Unit, within

ZERO = Decimal("0.00")


@dataclass(slots=True)
class UnitLine:
    """One unit of a portfolio and what there is of it now; cases are those it leads."""

    unit_id: int
    unit: str
    counts: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> int:
        """Return a count by its name; 0 for what there is none of."""
        return self.counts.get(name, 0)


@dataclass(frozen=True, slots=True)
class Pack:
    """A month of a portfolio: rows as lists of what came in, was closed, is overdue, was issued, waits, was promised."""

    lines: Sequence[UnitLine]
    came_in: Sequence[Any]
    closed: Sequence[Any]
    overdue: Sequence[Any]
    slips: Sequence[Any]
    instructions: Sequence[Any]
    interviews: Sequence[Any]
    commitments: Sequence[Any]
    points: dict[int, tuple[Decimal, int]]


def portfolio_lines(session: Session, actor: Actor, units: Collection[int], days: Horizon) -> list[UnitLine]:
    """Return the units with their counts as of today; a constant number of queries."""
    query = select(Unit.id, Unit.short_name).where(Unit.id.in_(units), within(Unit, actor))
    lines = {
        unit_id: UnitLine(unit_id, name) for unit_id, name in session.execute(query.order_by(Unit.position, Unit.id))
    }
    kinds: dict[str, tuple[Any, Any, ColumnElement[bool]]] = {
        "open": (Case, Case.lead_unit_id, Case.ended_on.is_(None)),
        "soon": (Case, Case.lead_unit_id, soon(days.today, days.soon_until)),
        "overdue": (Case, Case.lead_unit_id, late(days.today)),
        "to_sign": (Slip, Slip.unit_id, Slip.state == "draft"),
        "instructions": (Instruction, Instruction.unit_id, Instruction.state.in_(("written", "replied"))),
        "interviews": (Interview, Interview.unit_id, Interview.state.in_(UNDER_WAY)),
        "promised": (Commitment, Commitment.unit_id, Commitment.state != "done"),
        "late": (Commitment, Commitment.unit_id, and_(Commitment.state == "open", Commitment.due_on < days.today)),
    }
    for model in (Case, Slip, Instruction, Interview, Commitment):
        names = [name for name, kind in kinds.items() if kind[0] is model]
        unit_of = kinds[names[0]][1]
        sums = [func.sum(case((kinds[name][2], 1), else_=0)) for name in names]
        counted = select(unit_of, *sums).where(unit_of.in_(units), within(model, actor)).group_by(unit_of)
        counted = counted.where(Case.ended_on.is_(None)) if model is Case else counted
        for unit_id, *values in session.execute(counted):
            if unit_id in lines:
                lines[unit_id].counts |= {name: int(value) for name, value in zip(names, values, strict=True)}
    return list(lines.values())


def month_pack(
    session: Session, actor: Actor, units: Collection[int], period: tuple[date, date], days: Horizon
) -> Pack:
    """Return the pack of a month; the session must see one moment throughout."""
    first, last = period
    mine = and_(Case.lead_unit_id.in_(units), within(Case, actor))
    return Pack(
        lines=portfolio_lines(session, actor, units, days),
        came_in=_cases(session, and_(mine, Case.assigned_on.between(first, last)), Case.assigned_on),
        closed=_cases(session, and_(mine, Case.state == "closed", Case.ended_on.between(first, last)), Case.ended_on),
        overdue=_cases(session, and_(mine, late(days.today)), Case.due_on),
        slips=_slips(session, actor, units, period),
        instructions=_instructions(session, actor, units),
        interviews=_interviews(session, actor, units, period),
        commitments=_commitments(session, actor, units),
        points=_points(session, actor, units, period),
    )


def _cases(session: Session, wanted: ColumnElement[bool], on: Any) -> Sequence[Any]:
    query = select(Case.id, Case.number, Case.title, Unit.short_name.label("unit"), Case.due_on, on.label("on"))
    return session.execute(query.join(Unit, Unit.id == Case.lead_unit_id).where(wanted).order_by(on, Case.id)).all()


def _slips(session: Session, actor: Actor, units: Collection[int], period: tuple[date, date]) -> Sequence[Any]:
    columns = (Slip.id, Slip.number, Slip.name, Slip.state, Unit.short_name.label("unit"), Slip.issued_on.label("on"))
    query = select(*columns).join(Unit, Unit.id == Slip.unit_id).where(within(Slip, actor), Slip.unit_id.in_(units))
    return session.execute(query.where(Slip.issued_on.between(*period)).order_by(Slip.issued_on, Slip.id)).all()


def _instructions(session: Session, actor: Actor, units: Collection[int]) -> Sequence[Any]:
    columns = (Instruction.id, Instruction.text, Instruction.due_on, Unit.short_name.label("unit"))
    query = select(*columns).join(Unit, Unit.id == Instruction.unit_id).where(within(Instruction, actor))
    query = query.where(Instruction.unit_id.in_(units), Instruction.state == "written")
    return session.execute(query.order_by(Instruction.due_on, Instruction.id)).all()


def _interviews(session: Session, actor: Actor, units: Collection[int], period: tuple[date, date]) -> Sequence[Any]:
    """Return the interviews under way, and those that were noticed or held in the month."""
    columns = (Interview.id, Interview.number, Interview.kind, Interview.state, Interview.held_on)
    query = select(*columns, Interview.planned_on, Unit.short_name.label("unit"))
    query = query.join(Unit, Unit.id == Interview.unit_id).where(within(Interview, actor), Interview.unit_id.in_(units))
    in_month = Interview.noticed_on.between(*period) | Interview.held_on.between(*period)
    return session.execute(query.where(Interview.state.in_(UNDER_WAY) | in_month).order_by(Interview.id)).all()


def _commitments(session: Session, actor: Actor, units: Collection[int]) -> Sequence[Any]:
    columns = (Commitment.interview_id, Commitment.text, Commitment.person, Commitment.due_on, Commitment.state)
    query = select(*columns, Unit.short_name.label("unit")).join(Unit, Unit.id == Commitment.unit_id)
    query = query.where(within(Commitment, actor), Commitment.unit_id.in_(units), Commitment.state != "done")
    return session.execute(query.order_by(Commitment.due_on, Commitment.id)).all()


def _points(
    session: Session, actor: Actor, units: Collection[int], period: tuple[date, date]
) -> dict[int, tuple[Decimal, int]]:
    """Return what the lines of the month add up to for each unit, contra entries among them, and how many there are."""
    query = select(ScoreEntry.unit_id, func.sum(ScoreEntry.points), func.count())
    query = query.where(within(ScoreEntry, actor), ScoreEntry.unit_id.in_(units), ScoreEntry.day.between(*period))
    rows = session.execute(query.group_by(ScoreEntry.unit_id))
    return {unit_id: (Decimal(points or ZERO), count) for unit_id, points, count in rows}
