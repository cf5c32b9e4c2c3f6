"""What is due on which day, of everything the actor sees: one union of what runs, for a month and for a day.

Only what still runs is due: what is done, decided or ended is not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, Date, Select, func, literal, select, tuple_, union_all
from sqlalchemy import case as choice
from sqlalchemy.orm import Session

from app.core.errors import Invalid
from app.ledgers.cases import Assignment, Case, Measure, Request, own_parts
from app.ledgers.scores import Objection
from app.ledgers.slips import Slip
from app.ledgers.talks import Commitment, Instruction, Interview
from app.people import Actor, Unit, within

FEW = 2
PAGE_ROWS = 50
AT_WORK = ("assigned", "planning", "rectifying")


@dataclass(frozen=True, slots=True)
class Span:
    """The days asked for, both included; `plans` maps a day of receipt to the last day for the plan."""

    first: date
    last: date
    plans: Mapping[date, date]


@dataclass(frozen=True, slots=True)
class DueKind:
    """One kind of date: its key, its word on the screen, what its rows lead to, and the select of them."""

    key: str
    label: str
    noun: str
    rows: Callable[[Actor, Span], tuple[Any, Select[Any]]]


@dataclass(frozen=True, slots=True)
class DayPage:
    """The items of one day from a cursor on, how many there are by kind, and where the next page begins."""

    rows: Sequence[Any]
    counts: Mapping[str, int]
    next_cursor: str | None


def due_in(session: Session, actor: Actor, span: Span, key: str = "") -> Sequence[Any]:
    """Return for each day and kind of the span how many are due (`count`) and the first few of them; one query."""
    due = _due(actor, span, key).subquery()
    same = (due.c.on, due.c.rank)
    place = func.row_number().over(partition_by=same, order_by=due.c.ref).label("place")
    placed = select(*due.c, place, func.count().over(partition_by=same).label("count")).subquery()
    return session.execute(select(*placed.c).where(placed.c.place <= FEW).order_by(*_order(placed.c))).all()


def due_on(session: Session, actor: Actor, span: Span, key: str = "", cursor: str | None = None) -> DayPage:
    """Return a page of what is due on the first day of the span, by kind; Invalid for a cursor that is none."""
    due = _due(actor, span, key).subquery()
    query = select(*due.c)
    if cursor:
        query = query.where(tuple_(due.c.rank, due.c.ref) > tuple_(*_place(cursor)))
    rows = session.execute(query.order_by(due.c.rank, due.c.ref).limit(PAGE_ROWS + 1)).all()
    counts = session.execute(select(due.c.rank, func.count()).group_by(due.c.rank).order_by(due.c.rank))
    shown = rows[:PAGE_ROWS]
    following = f"{shown[-1].rank}.{shown[-1].ref}" if len(rows) > PAGE_ROWS else None
    return DayPage(shown, {KINDS[rank].key: count for rank, count in counts}, following)


def _order(columns: Any) -> tuple[Any, ...]:
    return columns.on, columns.rank, columns.ref


def _place(cursor: str) -> tuple[int, int]:
    rank, _, ref = cursor.partition(".")
    if not (rank.isdecimal() and ref.isdecimal() and len(cursor) <= len("99.999999999999999999")):
        raise Invalid({"after": "这一页的地址不完整，请回到第一页。"})
    return int(rank), int(ref)


def _due(actor: Actor, span: Span, key: str) -> CompoundSelect[Any]:
    asked = [(rank, kind) for rank, kind in enumerate(KINDS) if not key or kind.key == key]
    return union_all(*[_select(rank, kind, actor, span) for rank, kind in asked])


def _select(rank: int, kind: DueKind, actor: Actor, span: Span) -> Select[Any]:
    on, rows = kind.rows(actor, span)
    return rows.add_columns(on.label("on"), literal(rank).label("rank")).where(on.between(span.first, span.last))


def _columns(row_id: Any, target: Any, number: Any, title: Any) -> tuple[Any, ...]:
    return (
        row_id.label("ref"),
        target.label("target"),
        func.coalesce(number, "").label("number"),
        title.label("title"),
        func.coalesce(Unit.short_name, "").label("unit"),
    )


def _cases(on: Any, *states: str) -> Callable[[Actor, Span], tuple[Any, Select[Any]]]:
    """Cases in the states by one of their own dates."""

    def rows(actor: Actor, _span: Span) -> tuple[Any, Select[Any]]:
        query: Select[Any] = select(*_columns(Case.id, Case.id, Case.number, Case.title))
        query = query.outerjoin(Unit, Unit.id == Case.lead_unit_id)
        return on, query.where(Case.state.in_(states), within(Case, actor))

    return rows


def _of_case(model: Any, on: Any, *conditions: Any) -> Callable[[Actor, Span], tuple[Any, Select[Any]]]:
    """Rows that hang on a case and belong to a unit, read as their own scope allows."""

    def rows(actor: Actor, _span: Span) -> tuple[Any, Select[Any]]:
        title = model.text if model is Measure else Case.title
        query: Select[Any] = select(*_columns(model.id, Case.id, Case.number, title)).select_from(model)
        query = query.join(Case, Case.id == model.case_id).outerjoin(Unit, Unit.id == model.unit_id)
        return on, query.where(Case.ended_on.is_(None), within(model, actor), *conditions)

    return rows


def _parts(actor: Actor, *conditions: Any) -> Select[Any]:
    query: Select[Any] = select(*_columns(Assignment.id, Case.id, Case.number, Case.title)).select_from(Assignment)
    query = query.join(Case, Case.id == Assignment.case_id).join(Unit, Unit.id == Assignment.unit_id)
    running = Assignment.released_on.is_(None), Case.ended_on.is_(None)
    return query.where(*running, own_parts(actor), *conditions)


def _receipts(actor: Actor, _span: Span) -> tuple[Any, Select[Any]]:
    return Assignment.receipt_due_on, _parts(actor, Assignment.state == "waiting")


def _plans(actor: Actor, span: Span) -> tuple[Any, Select[Any]]:
    """Count the plan's last day from its receipt by the lead, for the days of receipt that matter."""
    planning = Case.state == "planning", Assignment.unit_id == Case.lead_unit_id
    rows = _parts(actor, *planning, Assignment.received_on.in_(list(span.plans)))
    if not span.plans:
        return Assignment.received_on, rows
    days = {received: literal(due, Date()) for received, due in span.plans.items()}
    return choice(days, value=Assignment.received_on), rows


def _slips(on: Any, state: str) -> Callable[[Actor, Span], tuple[Any, Select[Any]]]:
    def rows(actor: Actor, _span: Span) -> tuple[Any, Select[Any]]:
        query: Select[Any] = select(*_columns(Slip.id, Slip.id, Slip.number, Slip.name))
        query = query.join(Unit, Unit.id == Slip.unit_id)
        return on, query.where(Slip.state == state, within(Slip, actor))

    return rows


def _talks(model: Any, on: Any, state: str) -> Callable[[Actor, Span], tuple[Any, Select[Any]]]:
    """Interviews, what was promised there (which leads to the interview) and instructions."""

    def rows(actor: Actor, _span: Span) -> tuple[Any, Select[Any]]:
        target = Commitment.interview_id if model is Commitment else model.id
        number = Interview.number if model is Interview else literal("")
        title = Interview.reason if model is Interview else model.text
        query: Select[Any] = select(*_columns(model.id, target, number, title))
        query = query.outerjoin(Unit, Unit.id == model.unit_id)
        return on, query.where(model.state == state, within(model, actor))

    return rows


KINDS = (
    DueKind("deadline", "整改期限", "cases", _cases(Case.due_on, *AT_WORK)),
    DueKind("review", "长期坚持复核", "cases", _cases(Case.due_on, "long_term")),
    DueKind("receipt", "签收期限", "cases", _receipts),
    DueKind("plan", "方案期限", "cases", _plans),
    DueKind(
        "measure",
        "整改措施",
        "cases",
        _of_case(Measure, Measure.due_on, Measure.done_on.is_(None), Measure.dropped_on.is_(None)),
    ),
    DueKind("verify", "核查期限", "cases", _cases(Case.check_due_on, "submitted")),
    DueKind("accept", "验收期限", "cases", _cases(Case.check_due_on, "verified")),
    DueKind("request", "申请应决定", "cases", _of_case(Request, Request.decide_by, Request.state == "asked")),
    DueKind("objection", "申辩应裁定", "cases", _of_case(Objection, Objection.decide_by, Objection.state == "asked")),
    DueKind("slip_sign", "三单应签发", "slips", _slips(Slip.sign_due_on, "draft")),
    DueKind("slip_receipt", "三单应签收", "slips", _slips(Slip.receipt_due_on, "issued")),
    DueKind("slip_reply", "三单应回复", "slips", _slips(Slip.reply_due_on, "acknowledged")),
    DueKind("interview", "约谈", "interviews", _talks(Interview, Interview.planned_on, "noticed")),
    DueKind("commitment", "约谈承诺", "interviews", _talks(Commitment, Commitment.due_on, "open")),
    DueKind("instruction", "批示应回复", "instructions", _talks(Instruction, Instruction.due_on, "written")),
)
