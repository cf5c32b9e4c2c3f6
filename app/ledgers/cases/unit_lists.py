"""The three lists of one unit (问题清单, 任务清单, 责任清单): views of cases, measures and mandates, through an actor."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session

from app.ledgers.cases.finders import COLUMNS, MOST_COUNTED, PAGE_ROWS, place_of
from app.ledgers.cases.models import Assignment, Case
from app.ledgers.cases.work import Measure
from app.people import Actor, Mandate, Person, Portfolio, Role, Unit, in_force, within

MOST_PRINTED = 500
ANSWERING = (Role.LEADER, Role.HEAD, Role.LIAISON)


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of one list. `count` is exact up to MOST_COUNTED; beyond, `is_counted` is False."""

    rows: Sequence[Any]
    next_cursor: str | None = None
    count: int = 0
    is_counted: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a list: the unit (None: every one in reach), only what is open, from where on, up to how many rows."""

    unit_id: int | None
    is_open: bool = True
    cursor: str | None = None
    most: int = PAGE_ROWS


@dataclass(slots=True)
class Duty:
    """One case the unit answers for: its columns, and who does how much of it (person, steps, steps done)."""

    case: Any
    persons: list[tuple[str, int, int]] = field(default_factory=list)


def list_problems(session: Session, actor: Actor, asked: Asked) -> ListPage:
    """Return the cases in which the unit has a part, by deadline."""
    query: Any = select(*COLUMNS, Assignment.role, Assignment.state.label("part_state"), Assignment.duty)
    query = _of_unit(query, actor, asked).outerjoin(Unit, Unit.id == Case.lead_unit_id)
    return page_of(session, query, asked, Case.order_on, Case.id, "order_on")


def list_tasks(session: Session, actor: Actor, asked: Asked) -> ListPage:
    """Return the measures of the unit's plans by their date, each with its person and whether it is done."""
    columns = (Measure.id, Measure.position, Measure.text, Measure.person, Measure.due_on, Measure.done_on)
    query: Any = select(*columns, Case.id.label("case_id"), Case.number, Case.title, Case.state)
    query = _of_unit(query, actor, asked).join(Measure, Measure.case_id == Case.id)
    query = query.where(
        Measure.unit_id == asked.unit_id, Measure.dropped_on.is_(None), within(Measure, actor), *_undone(asked)
    )
    return page_of(session, query, asked, Measure.due_on, Measure.id, "due_on")


def list_duties(session: Session, actor: Actor, asked: Asked) -> ListPage:
    """Return the unit's cases with the persons who do their measures, in two queries and the count."""
    page = list_problems(session, actor, asked)
    duties = {row.id: Duty(row) for row in page.rows}
    persons = select(Measure.case_id, Measure.person, func.count(), func.count(Measure.done_on))
    persons = persons.where(Measure.case_id.in_(duties), Measure.unit_id == asked.unit_id, Measure.dropped_on.is_(None))
    persons = persons.where(within(Measure, actor)).group_by(Measure.case_id, Measure.person)
    for case_id, name, steps, done in session.execute(persons.order_by(Measure.case_id, func.min(Measure.position))):
        duties[case_id].persons.append((name, steps, done))
    return ListPage(list(duties.values()), page.next_cursor, page.count, page.is_counted)


def who_answers(session: Session, unit_id: int, day: date) -> dict[Role, list[str]]:
    """Return who answers for a unit on a day: the leaders in charge, its heads and its liaisons, by name."""
    in_charge = select(Portfolio.mandate_id).where(Portfolio.unit_id == unit_id)
    query = select(Mandate.role, Person.name).join(Person, Person.id == Mandate.person_id)
    query = query.where(Mandate.role.in_(ANSWERING), in_force(day), Person.disabled_at.is_(None))
    query = query.where(or_(Mandate.unit_id == unit_id, Mandate.id.in_(in_charge)))
    found: dict[Role, list[str]] = defaultdict(list)
    for role, name in session.execute(query.order_by(Mandate.id)):
        found[Role(role)].append(name)
    return found


def _of_unit(query: Select[Any], actor: Actor, asked: Asked) -> Select[Any]:
    part = (Assignment.case_id == Case.id) & (Assignment.unit_id == asked.unit_id) & Assignment.released_on.is_(None)
    query = query.select_from(Case).join(Assignment, part).where(within(Case, actor))
    return query.where(Case.ended_on.is_(None)) if asked.is_open else query


def _undone(asked: Asked) -> list[ColumnElement[bool]]:
    return [Measure.done_on.is_(None)] if asked.is_open else []


def page_of(session: Session, query: Select[Any], asked: Asked, day: Any, key: Any, name: str) -> ListPage:
    """Read one page by (day, key) and count, boundedly."""
    counted = query.with_only_columns(key).order_by(None).limit(MOST_COUNTED + 1).subquery()
    count = session.scalar(select(func.count()).select_from(counted)) or 0
    if asked.cursor:
        query = query.where(tuple_(day, key) > tuple_(*place_of(asked.cursor)))
    rows = session.execute(query.order_by(day, key).limit(asked.most + 1)).all()
    shown = rows[: asked.most]
    following = f"{getattr(shown[-1], name)}.{shown[-1].id}" if len(rows) > asked.most else None
    return ListPage(shown, following, min(count, MOST_COUNTED), count <= MOST_COUNTED)
