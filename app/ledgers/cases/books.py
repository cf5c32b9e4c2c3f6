"""The three books (时间账, 任务账, 进度账): what is due when, who does which measure, how far each part has come.

Views of the same record as the lists: rows of parts and measures, of one unit or of all that the actor reaches.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from app.ledgers.cases.finders import place_of
from app.ledgers.cases.models import Assignment, Case
from app.ledgers.cases.scopes import own_parts
from app.ledgers.cases.unit_lists import Asked, ListPage, list_duties, list_problems, list_tasks, page_of
from app.ledgers.cases.work import Evidence, Measure, ProgressReport
from app.people import Actor, Unit, within

OF_CASE: tuple[Any, ...] = (
    Case.id.label("case_id"),
    Case.number,
    Case.title,
    Case.state,
    Unit.short_name.label("unit"),
)
OF_PART: tuple[Any, ...] = (Assignment.id, Assignment.role, Assignment.state.label("part_state"))
NEWEST = (
    select(func.max(ProgressReport.id))
    .where(ProgressReport.case_id == Assignment.case_id, ProgressReport.unit_id == Assignment.unit_id)
    .correlate(Assignment)
    .scalar_subquery()
)
LAST_ON = (
    select(func.max(ProgressReport.on))
    .where(ProgressReport.case_id == Assignment.case_id, ProgressReport.unit_id == Assignment.unit_id)
    .correlate(Assignment)
    .scalar_subquery()
)
MOVED_ON: Any = func.coalesce(LAST_ON, Assignment.received_on, Assignment.assigned_on)
PROVED = (
    select(func.count())
    .select_from(Evidence)
    .where(Evidence.case_id == Measure.case_id, Evidence.measure_id == Measure.id)
    .correlate(Measure)
)


def book_of_times(session: Session, actor: Actor, asked: Asked) -> ListPage:
    """Return the parts by the deadline in force, with every date that runs for them."""
    columns: tuple[Any, ...] = (
        *OF_PART,
        *OF_CASE,
        Case.order_on,
        Assignment.assigned_on,
        Assignment.receipt_due_on,
        Assignment.received_on,
        Case.original_due_on,
        Case.due_on,
        Case.due_provisional,
        Case.extension_count,
        Case.check_due_on,
    )
    query = _parts(columns, actor, asked)
    if asked.cursor:  # the planners see the index of cases behind this, not behind the pair
        query = query.where(Case.order_on >= place_of(asked.cursor)[0])
    return page_of(session, query, asked, Case.order_on, Assignment.id, "order_on")


def book_of_measures(session: Session, actor: Actor, asked: Asked) -> ListPage:
    """Return the measures by their date, each with its person, whether it is done, and how many files prove it."""
    proved = PROVED.where(within(Evidence, actor)).scalar_subquery().label("proofs")
    columns: tuple[Any, ...] = (
        Measure.id,
        *OF_CASE,
        Measure.position,
        Measure.text,
        Measure.person,
        Measure.due_on,
        Measure.done_on,
        proved,
    )
    query: Select[Any] = select(*columns).select_from(Measure).join(Case, Case.id == Measure.case_id)
    query = query.join(Unit, Unit.id == Measure.unit_id).where(Measure.dropped_on.is_(None), within(Measure, actor))
    if asked.unit_id is not None:
        query = query.where(Measure.unit_id == asked.unit_id)
    if asked.is_open:
        query = query.where(Measure.done_on.is_(None), Case.ended_on.is_(None))
    return page_of(session, query, asked, Measure.due_on, Measure.id, "due_on")


def book_of_progress(session: Session, actor: Actor, asked: Asked) -> ListPage:
    """Return the parts by the day they last moved, those that stood still longest first, each with its last report.

    A part moves with a report of progress; before the first, with its receipt or its assignment.
    """
    columns: tuple[Any, ...] = (
        *OF_PART,
        *OF_CASE,
        MOVED_ON.label("moved_on"),
        NEWEST.label("report_id"),
        _measures_of_part(Measure.done_on.is_not(None)).label("done"),
        _measures_of_part().label("steps"),
        Assignment.done_on,
        Case.due_on,
    )
    return page_of(session, _parts(columns, actor, asked), asked, MOVED_ON, Assignment.id, "moved_on")


def reports_by_id(session: Session, actor: Actor, ids: Sequence[int]) -> dict[int, ProgressReport]:
    """Return reports of progress that the actor sees, by id; one query."""
    query = select(ProgressReport).where(ProgressReport.id.in_(ids), within(ProgressReport, actor))
    return {row.id: row for row in session.scalars(query)}


LISTED: dict[str, Callable[[Session, Actor, Asked], ListPage]] = {
    "problems": list_problems,
    "tasks": list_tasks,
    "duties": list_duties,
    "times": book_of_times,
    "measures": book_of_measures,
    "progress": book_of_progress,
}


def _parts(columns: tuple[Any, ...], actor: Actor, asked: Asked) -> Select[Any]:
    query: Select[Any] = select(*columns).select_from(Assignment).join(Case, Case.id == Assignment.case_id)
    query = query.join(Unit, Unit.id == Assignment.unit_id).where(Assignment.released_on.is_(None), own_parts(actor))
    if asked.unit_id is not None:
        query = query.where(Assignment.unit_id == asked.unit_id)
    return query.where(Case.ended_on.is_(None)) if asked.is_open else query


def _measures_of_part(*conditions: Any) -> Any:
    mine = and_(Measure.case_id == Assignment.case_id, Measure.unit_id == Assignment.unit_id)
    query = select(func.count()).select_from(Measure).where(mine, Measure.dropped_on.is_(None), *conditions)
    return query.correlate(Assignment).scalar_subquery()
