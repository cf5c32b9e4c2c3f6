"""Slips as pages show them: the ledger, the signer's desk, the queues of the workbench, what stands beside a case.

Each costs the same number of queries however long it is, and reads nothing but what the actor sees.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union_all
from sqlalchemy.orm import Session

from app.audit import Event
from app.core.aliases import shared_alias
from app.core.errors import Invalid
from app.ledgers.cases import Case
from app.ledgers.slips.finders import waits_for
from app.ledgers.slips.models import Slip
from app.ledgers.slips.words import LIVE_SLIPS, OPEN_SLIPS, SLIP_STATES
from app.people import Actor, Mandate, Person, Unit, within

PAGE_ROWS = 50
MOST_COUNTED = 1000
MOST_TO_SIGN = 200
HOLDER = shared_alias(Person)
COLUMNS = (
    Slip.id,
    Slip.authority_id,
    Slip.number,
    Slip.name,
    Slip.colour,
    Slip.tone,
    Slip.level,
    Slip.state,
    Slip.version,
    Slip.origin,
    Slip.why,
    Slip.case_id,
    Slip.unit_id,
    Unit.short_name.label("unit"),
    Case.id.label("seen_case_id"),
    Case.number.label("case_number"),
    Case.title,
    Slip.drafted_on,
    Slip.sign_due_on,
    Slip.issued_on,
    Slip.receipt_due_on,
    Slip.acknowledged_on,
    Slip.reply_due_on,
    Slip.replied_on,
    Slip.first_replied_on,
    Slip.is_provisional,
)


@dataclass(frozen=True, slots=True)
class SlipFilters:
    """What the ledger is narrowed to. `state`: empty for what is under way, `all`, or a state; `when`: late or empty."""

    text: str = ""
    unit_id: int | None = None
    type_code: str = ""
    state: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class SlipPage:
    """A page of slips. `count` is exact up to MOST_COUNTED; beyond, `is_counted` is False."""

    rows: Sequence[Any] = field(default_factory=list)
    next_cursor: str | None = None
    count: int = 0
    is_counted: bool = True


def slip_page(session: Session, actor: Actor, filters: SlipFilters, day: date, cursor: str | None = None) -> SlipPage:
    """Return a page of the actor's slips, newest first; Invalid for a cursor that is none."""
    conditions = [within(Slip, actor), *_conditions(filters, day)]
    query = slip_rows(actor).where(*conditions)
    if cursor:
        if not cursor.isdecimal():
            raise Invalid({"after": "这一页的地址不完整，请回到第一页。"})
        query = query.where(Slip.id < int(cursor))
    rows = session.execute(query.order_by(Slip.id.desc()).limit(PAGE_ROWS + 1)).all()
    shown = rows[:PAGE_ROWS]
    count = count_slips(session, actor, _conditions(filters, day))
    following = str(shown[-1].id) if len(rows) > PAGE_ROWS else None
    return SlipPage(shown, following, min(count, MOST_COUNTED), count <= MOST_COUNTED)


def types_met(session: Session, actor: Actor, codes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return those of some types of which the actor sees slips, each with name and colour of the newest; one query."""
    seen = [
        select(Slip.type_code, Slip.name, Slip.colour)
        .where(within(Slip, actor), Slip.type_code == code)
        .order_by(Slip.id.desc())
        .limit(1)
        .subquery()
        for code in codes
    ]
    if not seen:
        return {}
    rows = session.execute(union_all(*(select(one) for one in seen)))
    return {code: (name, colour) for code, name, colour in rows}


def slips_waiting(session: Session, actor: Actor, day: date, most: int = MOST_TO_SIGN) -> tuple[Sequence[Any], int]:
    """Return what waits for the actor's signature, the nearest limit first, and how many there are in all."""
    query = slip_rows(actor).where(within(Slip, actor), waits_for(actor))
    rows = session.execute(query.order_by(Slip.sign_due_on, Slip.level.desc(), Slip.id).limit(most)).all()
    return rows, len(rows) if len(rows) < most else count_slips(session, actor, [waits_for(actor)])


def slip_rows(actor: Actor) -> Select[Any]:
    """Return the select of slips with their unit and, where the actor sees it, their case."""
    seen = and_(Case.id == Slip.case_id, within(Case, actor))
    rows: Any = select(*COLUMNS)
    found: Select[Any] = rows.join(Unit, Unit.id == Slip.unit_id).outerjoin(Case, seen)
    return found


def count_slips(session: Session, actor: Actor, conditions: Iterable[ColumnElement[bool]]) -> int:
    """Count slips up to one more than MOST_COUNTED."""
    bounded = select(Slip.id).where(within(Slip, actor), *conditions).limit(MOST_COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(bounded)) or 0


def slips_beside(
    session: Session, actor: Actor, case_ids: Iterable[int], unit_id: int | None = None
) -> dict[int, list[Any]]:
    """Return the slips of some cases that the actor sees, by case, oldest first; one query."""
    columns = (Slip.id, Slip.case_id, Slip.number, Slip.name, Slip.colour, Slip.state)
    query = select(*columns).where(Slip.case_id.in_(list(case_ids)), within(Slip, actor))
    if unit_id is not None:
        query = query.where(Slip.unit_id == unit_id)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(query.order_by(Slip.id)):
        found[row.case_id].append(row)
    return found


def slip_events(session: Session, actor: Actor, slip: Slip) -> Sequence[Any]:
    """Return the events of a slip, newest first, with who acted and for whom; a unit reads them from the signature on."""
    columns = (Event, Person.name.label("person"), Mandate.role, HOLDER.name.label("absent"))
    query = select(*columns).outerjoin(Person, Person.id == Event.actor_id)
    query = query.outerjoin(Mandate, Mandate.id == Event.mandate_id)
    query = query.outerjoin(HOLDER, and_(HOLDER.id == Mandate.person_id, HOLDER.id != Event.actor_id))
    query = query.where(within(Event, actor), Event.case_id == slip.case_id, Event.subject == f"slip:{slip.id}")
    if slip.unit_id in actor.own_units and slip.issued_event_id is not None:
        query = query.where(Event.id >= slip.issued_event_id)
    return session.execute(query.order_by(Event.id.desc())).all()


def is_late(day: date) -> ColumnElement[bool]:
    """Return the condition of slips the clock of which (signature, receipt or reply) has run out before the day."""
    return or_(
        and_(Slip.state == "draft", Slip.sign_due_on < day),
        and_(Slip.state == "issued", Slip.receipt_due_on < day),
        and_(Slip.state == "acknowledged", Slip.reply_due_on < day),
    )


def _conditions(filters: SlipFilters, day: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.state in SLIP_STATES:
        found.append(Slip.state == filters.state)
    elif filters.state == "open":
        found.append(Slip.state.in_(OPEN_SLIPS))
    elif filters.state != "all":
        found.append(Slip.state.in_(LIVE_SLIPS))
    if filters.unit_id is not None:
        found.append(Slip.unit_id == filters.unit_id)
    if filters.type_code:
        found.append(Slip.type_code == filters.type_code)
    if filters.when == "late":
        found.append(is_late(day))
    if filters.text:
        named = select(Case.id).where(Case.id == Slip.case_id, _naming(filters.text)).correlate(Slip)
        found.append(or_(Slip.number.icontains(filters.text, autoescape=True), named.exists()))
    return found


def _naming(text: str) -> ColumnElement[bool]:
    return or_(Case.number.icontains(text, autoescape=True), Case.title.icontains(text, autoescape=True))
