"""The ledger of cases, a page at a time by deadline, always through what the actor sees.

A page costs the same number of queries however long it is: one for the rows, one for the count, one for what stands beside.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.calendar import Calendar
from app.core.among import among
from app.core.errors import Invalid
from app.ledgers.cases.facts import Days, Facts, conditions, late, measures_behind, soon
from app.ledgers.cases.flags import Flag, Horizon, flags_of
from app.ledgers.cases.lanes import Lane, lane_of, order_in
from app.ledgers.cases.models import Assignment, Case, CaseSource, Listing
from app.ledgers.cases.ordering import ORDERS, USUAL, order_of
from app.ledgers.cases.scopes import each_visible
from app.ledgers.cases.searching import Marks, Search, found_among, found_by, prepare
from app.ledgers.cases.tags import CaseTag, sees_tags, tagged
from app.ledgers.cases.texts import OPEN, unit_mark
from app.ledgers.cases.words import ENDED_STATES, STATES, WORKING_STATES
from app.ledgers.cases.work import Measure, Request
from app.people import Actor, Unit, within

PAGE_ROWS = 50
MOST_COUNTED = 1000
NOTHING_ASKED = Facts()
PENDING = ("extension", "return_assignment")
COLUMNS = (
    Case.id,
    Case.version,
    Case.number,
    Case.title,
    Case.state,
    Case.source_kind,
    Case.lead_unit_id,
    Unit.short_name.label("lead"),
    Case.due_on,
    Case.order_on,
    Case.due_provisional,
    Case.returned_count,
    Case.rebound_count,
)
NAMES = {column.key for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a ledger is narrowed to. `state`: empty for what is open, `all`, `ended`, or a state; `when`: overdue or soon.

    `unit_id` means any part of the unit unless `part` says lead or assist. `facts` are counted by `calendar`.
    """

    text: str = ""
    unit_id: int | None = None
    part: str = ""
    state: str = ""
    source: str = ""
    when: str = ""
    due_from: date | None = None
    due_to: date | None = None
    facts: Facts = NOTHING_ASKED
    calendar: Calendar | None = None
    tag: str = ""


@dataclass(slots=True)
class LedgerRow:
    """One line of the ledger: columns of the case, names of its units, kinds of its further sources, its flags."""

    case: Any
    assists: Sequence[str] = ()
    sources: Sequence[str] = ()
    flags: tuple[Flag, ...] = ()
    tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the ledger. `count` is exact up to MOST_COUNTED; beyond, `is_counted` is False."""

    rows: list[LedgerRow] = field(default_factory=list)
    next_cursor: str | None = None
    count: int = 0
    is_counted: bool = True


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page: behind a place, in an order, with more columns of the case; `is_exact` counts on beyond MOST_COUNTED.

    `known_count` is how many there are where that is kept.
    """

    cursor: str | None = None
    order: str = USUAL
    more: tuple[str, ...] = ()
    is_exact: bool = False
    known_count: int | None = None


def ledger_page(
    session: Session,
    actor: Actor,
    filters: Filters,
    horizon: Horizon,
    paging: Paging = Paging(),
    contested: Select[int] | None = None,
) -> Page:
    """Return a page of the actor's cases; Invalid for a place that is none.

    `contested` selects the case ids with an objection under way, from the score ledger.
    """
    lane, search = _lane(actor, filters), prepare(session, actor, filters.text, _marks_of(filters))
    order = order_in(lane, order_of(paging.order))
    narrowed = conditions_of(actor, filters, horizon, contested)
    found = found_by(actor, search, in_order=True) if search else []
    columns = (*COLUMNS, *(getattr(Case, name) for name in {*paging.more, order.column.key} - NAMES))
    query = select(*columns).outerjoin(Unit, Unit.id == Case.lead_unit_id).where(*narrowed, *found)
    if paging.cursor:
        query = query.where(order.after(paging.cursor))
    by = order.by_apart if search and search.is_whole else order.by
    rows = session.execute(query.order_by(*by).limit(PAGE_ROWS + 1)).all()
    count, is_counted = _count(session, actor, narrowed, search, paging)
    shown = rows[:PAGE_ROWS]
    beside = _beside(session, actor, horizon, [row.id for row in shown], contested)
    return Page(
        [_row(row, beside[row.id], horizon) for row in shown],
        order.place(shown[-1]) if len(rows) > PAGE_ROWS else None,
        count,
        is_counted,
    )


def ledger_conditions(
    session: Session, actor: Actor, filters: Filters, horizon: Horizon, contested: Select[int] | None = None
) -> list[ColumnElement[bool]]:
    """Return the conditions of everything in a ledger, the words searched for among them: for all rows, not for a page."""
    search = prepare(session, actor, filters.text, _marks_of(filters))
    return [*conditions_of(actor, filters, horizon, contested), *(found_by(actor, search) if search else [])]


def conditions_of(
    actor: Actor, filters: Filters, horizon: Horizon, contested: Select[int] | None = None
) -> list[ColumnElement[bool]]:
    """Return the conditions of a ledger but for its words: what the actor sees, narrowed by the filters."""
    lane = _lane(actor, filters)
    sight = [within(Case, actor)] if lane is None else [*lane.conditions, each_visible(actor)]
    found: list[ColumnElement[bool]] = [*sight, *_of_state(filters.state), *_of_kind(actor, filters)]
    if filters.when == "overdue":
        found.append(late(horizon.today))
    if filters.when == "soon":
        found.append(soon(horizon.today, horizon.soon_until))
    order_on = order_in(lane, ORDERS[USUAL]).column
    if filters.due_from:
        found.append(order_on >= filters.due_from)
    if filters.due_to:
        found.append(and_(order_on <= filters.due_to, Case.due_on.is_not(None)))
    if filters.calendar is not None:
        found += conditions(actor, filters.facts, Days(horizon.today, filters.calendar), contested)
    return found


def _lane(actor: Actor, filters: Filters) -> Lane | None:
    facts = filters.facts if filters.calendar is not None else NOTHING_ASKED
    is_running = bool(
        filters.when in ("overdue", "soon")
        or facts.late
        or facts.soon
        or facts.still
        or facts.behind
        or facts.long_term
    )
    is_open = is_running or filters.state not in ("all", "ended", *ENDED_STATES)
    return lane_of(actor, filters.unit_id, filters.part, facts.listed, is_open)


def _of_kind(actor: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions of whose the case is, where it came from, and how the office sorted it."""
    found: list[ColumnElement[bool]] = []
    if filters.source:
        found.append(came_from(filters.source))
    return [*found, tagged(actor, filters.tag)] if filters.tag else found


def _count(
    session: Session, actor: Actor, narrowed: list[ColumnElement[bool]], search: Search | None, paging: Paging
) -> tuple[int, bool]:
    """Count what a ledger holds: as kept, all of it, or up to MOST_COUNTED; and say whether that is all.

    Of common words the cases looked up are counted first: they alone may be more than are counted.
    """
    if paging.known_count is not None:
        return paging.known_count, True
    wanted = [*narrowed, *(found_by(actor, search) if search else [])]
    if paging.is_exact:
        return session.scalar(select(func.count()).select_from(Case).where(*wanted)) or 0, True
    if search and search.cases and not search.is_whole:
        some = _counted(session, [*narrowed, found_among(search)])
        if some > MOST_COUNTED:
            return MOST_COUNTED, False
    count = _counted(session, wanted)
    return min(count, MOST_COUNTED), count <= MOST_COUNTED


def _counted(session: Session, wanted: list[ColumnElement[bool]]) -> int:
    counted = select(Case.id).where(*wanted).limit(MOST_COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(counted)) or 0


def _marks_of(filters: Filters) -> Marks:
    """Return the marks in the index of words that every case of a ledger bears."""
    is_over = filters.state in ("all", "ended", *ENDED_STATES)
    of_unit = filters.unit_id is not None and filters.part != "lead"
    marks = ((OPEN,) if not is_over else (), (unit_mark(filters.unit_id or 0),) if of_unit else ())
    return tuple(group for group in marks if group)


def _of_state(state: str) -> list[ColumnElement[bool]]:
    if state == "all":
        return []
    if state == "ended":
        return [Case.ended_on.is_not(None)]
    if state in ENDED_STATES:
        return [Case.state == state]
    return [Case.ended_on.is_(None), *([Case.state == state] if state in STATES else [])]


def came_from(kind: str) -> ColumnElement[bool]:
    """Return the condition of cases that any of their feedbacks of this kind names: each stands in each source's ledger."""
    of_kind = select(CaseSource.case_id).where(CaseSource.case_id == Case.id, CaseSource.kind == kind)
    of_kind = of_kind.where(CaseSource.authority_id == Case.authority_id, CaseSource.withdrawn_event_id.is_(None))
    return of_kind.correlate(Case).exists()


def place_of(cursor: str) -> tuple[date, int]:
    """Read where a page begins: a day and a case; Invalid for what is neither."""
    try:
        day, case_id = cursor.split(".")
        return date.fromisoformat(day), int(case_id)
    except ValueError as error:
        raise Invalid({"after": "这一页的地址不完整，请回到第一页。"}) from error


def _beside(
    session: Session, actor: Actor, horizon: Horizon, case_ids: Sequence[int], contested: Select[int] | None
) -> dict[int, list[tuple[str, str]]]:
    """Return what stands beside the cases on other records, as (kind, words), in one query."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    if not case_ids:
        return found
    assists = select(Assignment.case_id, literal("assist"), Unit.short_name).join(Unit, Unit.id == Assignment.unit_id)
    assists = assists.where(
        among(Assignment.case_id, case_ids), Assignment.role == "assist", Assignment.released_on.is_(None)
    )
    asked = select(Request.case_id, Request.kind, literal("")).where(
        among(Request.case_id, case_ids), Request.kind.in_(PENDING), Request.state.in_(("drafted", "asked"))
    )
    listed = select(Listing.case_id, literal("listed"), literal("")).where(among(Listing.case_id, case_ids))
    steps = measures_behind(actor, horizon.today).where(among(Measure.case_id, case_ids))
    late_steps = steps.with_only_columns(Measure.case_id, literal("behind"), literal(""))
    sources = select(CaseSource.case_id, literal("source"), CaseSource.kind).where(among(CaseSource.case_id, case_ids))
    beside: list[Any] = [
        sources.where(CaseSource.withdrawn_event_id.is_(None), within(CaseSource, actor)),
        assists.where(within(Assignment, actor)),
        asked.where(within(Request, actor)),
        listed.where(within(Listing, actor)),
        late_steps,
    ]
    if sees_tags(actor):
        kept = (among(CaseTag.case_id, case_ids), CaseTag.removed_event_id.is_(None), within(CaseTag, actor))
        beside.append(select(CaseTag.case_id, literal("tag"), CaseTag.words).where(*kept))
    if contested is not None:
        ids = contested.subquery()
        beside.append(select(ids.c[0], literal("contested"), literal("")).where(among(ids.c[0], case_ids)))
    for case_id, kind, words in session.execute(union_all(*beside)):
        found[case_id].append((kind, words))
    return found


def _row(case: Any, beside: list[tuple[str, str]], horizon: Horizon) -> LedgerRow:
    assists = [words for kind, words in beside if kind == "assist"]
    kinds = {words: None for kind, words in beside if kind == "source" and words != case.source_kind}
    known = {kind for kind, _ in beside if kind != "behind" or case.state in WORKING_STATES}
    tags = sorted(words for kind, words in beside if kind == "tag")
    return LedgerRow(case, assists, list(kinds), flags_of(case, horizon, known), tags)
