"""Everything that waits for a person, in one list by date: each thing once, with all that it waits for.

Made of the queues of the workbench, and of the measures that name the person in the plans of the own unit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, literal, select, tuple_, union_all
from sqlalchemy.orm import Session

from app.core.errors import Invalid
from app.ledgers.cases import NO_DEADLINE, Case, Measure
from app.ledgers.queues import Kind, Queue
from app.ledgers.waiting import MOST, QUEUES
from app.ledgers.waiting_dates import due_of
from app.people import Actor, Role, Unit, within

PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits: what it is made of, its row, until when, and the words of all the queues it stands in."""

    kind: Kind
    row: Any
    due_on: date | None
    queues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkPage:
    """A page of the list, how many things there are and how many are late (each up to MOST + 1), what follows."""

    items: Sequence[Item]
    count: int
    late: int
    next_cursor: str | None


def work_page(session: Session, actor: Actor, day: date, cursor: str | None = None) -> WorkPage:
    """Return a page of what waits for the actor, the nearest date first; Invalid for a cursor that is none.

    One query for the order, one for the counts, and one for the rows of each kind on the page.
    """
    mine = _mine(actor)
    if not mine:
        return WorkPage((), 0, 0, None)
    waiting = _waiting(actor, day, mine)
    place = (waiting.c.due_on, waiting.c.rank, waiting.c.id)
    query = select(*place)
    if cursor:
        query = query.where(tuple_(*place) > tuple_(*_place(cursor)))
    found = session.execute(query.order_by(*place).limit(PAGE_ROWS + 1)).all()
    shown = found[:PAGE_ROWS]
    rows = _rows(session, actor, day, mine, shown)
    items = [_item(mine, rows, due, rank, row_id) for due, rank, row_id in shown if (rank, row_id) in rows]
    last = shown[-1] if len(found) > PAGE_ROWS else None
    following = f"{last.due_on}.{last.rank}.{last.id}" if last else None
    return WorkPage(items, *_counts(session, waiting, day), following)


def _counts(session: Session, waiting: Any, day: date) -> tuple[int, int]:
    every = select(waiting.c.id).limit(MOST + 1).subquery()
    late = select(waiting.c.id).where(waiting.c.due_on < day).limit(MOST + 1).subquery()
    counted = [select(func.count()).select_from(part).scalar_subquery() for part in (every, late)]
    found = session.execute(select(*counted)).one()
    return found[0], found[1]


def _item(mine: list[tuple[Kind, list[Queue]]], rows: Mapping[Any, Any], due: date, rank: int, row_id: int) -> Item:
    kind, queues = mine[rank]
    row = rows[rank, row_id]
    labels = dict.fromkeys(queue.label for queue in queues if getattr(row, f"in_{queue.key}"))
    return Item(kind, row, None if due == NO_DEADLINE else due, tuple(labels))


def _mine(actor: Actor) -> list[tuple[Kind, list[Queue]]]:
    """Return the kinds of things that can wait for the actor, each with the queues of the actor's roles."""
    found: dict[str, tuple[Kind, list[Queue]]] = {}
    for queue in (*QUEUES, *NAMED):
        if queue.role in actor.roles:
            found.setdefault(queue.of.noun, (queue.of, []))[1].append(queue)
    return list(found.values())


def _waiting(actor: Actor, day: date, mine: list[tuple[Kind, list[Queue]]]) -> Subquery:
    """Select (due_on, rank, id) of everything that waits, each thing once with the nearest of its dates, dateless last."""
    selects = []
    for rank, (kind, queues) in enumerate(mine):
        for queue in queues:
            due: Any = func.coalesce(due_of(queue, actor, day), NO_DEADLINE).label("due_on")
            query = select(due, literal(rank).label("rank"), kind.model.id.label("id"))
            selects.append(query.where(queue.wanted(actor, day), within(kind.model, actor)))
    every = union_all(*selects).subquery()
    nearest: Any = func.min(every.c.due_on).label("due_on")
    return select(nearest, every.c.rank, every.c.id).group_by(every.c.rank, every.c.id).subquery()


def _rows(
    session: Session, actor: Actor, day: date, mine: list[tuple[Kind, list[Queue]]], shown: Sequence[Any]
) -> dict[tuple[int, int], Any]:
    """Read the rows of a page, kind by kind, each with the queues it stands in; by rank and id of the thing itself."""
    found: dict[tuple[int, int], Any] = {}
    for rank, (kind, queues) in enumerate(mine):
        ids = [row.id for row in shown if row.rank == rank]
        if ids:
            beside = [queue.wanted(actor, day).label(f"in_{queue.key}") for queue in queues]
            query: Select[Any] = kind.rows(actor).add_columns(kind.model.id.label("own_id"), *beside)
            for row in session.execute(query.where(kind.model.id.in_(ids), within(kind.model, actor))):
                found[rank, row.own_id] = row
    return found


def _place(cursor: str) -> tuple[date, int, int]:
    try:
        day, rank, row_id = cursor.split(".")
        return date.fromisoformat(day), int(rank), int(row_id)
    except ValueError as error:
        raise Invalid({"after": "这一页的地址不完整，请回到第一页。"}) from error


def _measure_rows(_actor: Actor) -> Select[Any]:
    columns: tuple[Any, ...] = (Case.id, Case.number, Measure.text, Unit.short_name, Measure.due_on)
    query: Select[Any] = select(*columns).select_from(Measure).join(Case, Case.id == Measure.case_id)
    return query.join(Unit, Unit.id == Measure.unit_id)


def _named(role: Role) -> Any:
    """Select the measures under way that name the actor, in plans of the units at which the role is held."""

    def wanted(actor: Actor, _day: date) -> ColumnElement[bool]:
        open_case = select(Case.id).where(Case.id == Measure.case_id, Case.ended_on.is_(None)).correlate(Measure)
        mine = and_(Measure.person == actor.name, Measure.unit_id.in_(actor.units(role)))
        return and_(mine, Measure.done_on.is_(None), Measure.dropped_on.is_(None), open_case.exists())

    return wanted


MEASURES = Kind("measures", Measure, _measure_rows, lambda day: Measure.due_on < day)
NAMED = (
    Queue("measures_head", "由您负责的整改措施", "", Role.HEAD, _named(Role.HEAD), Measure.due_on, MEASURES),
    Queue("measures", "由您负责的整改措施", "", Role.LIAISON, _named(Role.LIAISON), Measure.due_on, MEASURES),
)
