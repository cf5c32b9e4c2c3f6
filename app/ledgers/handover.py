"""What names a person and is still open: listed when the person leaves, passed on by those whose business it is.

One list of kinds says what names whom, who sees it, who passes it on, and what stays with the name for good.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, union_all
from sqlalchemy import case as choice
from sqlalchemy.orm import Session

from app.core.aliases import shared_alias
from app.ledgers.cases import Case, Measure, Request, Verification, in_hands_of
from app.ledgers.slips import Slip
from app.ledgers.slips.words import LIVE_SLIPS
from app.ledgers.talks import Commitment, Instruction, Interview
from app.people import Absence, Actor, Mandate, Person, Portfolio, Role, Unit, nothing, within

MOST_ROWS = 200
UNIT_ROLES = (Role.HEAD, Role.LIAISON)
NO_CASE: Any = literal(None)


@dataclass(frozen=True, slots=True)
class OpenKind:
    """One kind of open item. `named` joins it to the person; `passers` hand it on, and `kept` says why nobody can.

    `facts`: case, number, title and date of a row (a limit, unless `is_limit` is false). `successors`: the roles of which
    one must be held, at the unit of the item where `at_unit`, else at its authority; `in_charge`: by who is in charge of
    the unit.
    """

    key: str
    label: str
    model: Any
    named: Callable[[date], ColumnElement[bool]]
    facts: tuple[Any, Any, Any, Any]
    authority: Any
    unit: Any
    successors: tuple[Role, ...] = ()
    at_unit: bool = False
    passers: tuple[Role, ...] = (Role.SUPERVISOR,)
    kept: str = ""
    is_limit: bool = True
    in_charge: bool = False


def seen_by(kind: OpenKind, actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the rows of a kind that the actor hands on: by the own office, or of the own unit as head."""
    reached = []
    if Role.SUPERVISOR in kind.passers and (offices := actor.authorities(Role.SUPERVISOR)):
        reached.append(kind.authority.in_(offices))
    if Role.HEAD in kind.passers and (units := actor.units(Role.HEAD)):
        reached.append(kind.unit.in_(units))
    if Role.SECURITY in kind.passers and (offices := actor.authorities(Role.SECURITY)):
        reached.append(kind.authority.in_(offices))
    if not reached:
        return nothing()
    return or_(*reached) if kind.model is Portfolio else and_(or_(*reached), within(kind.model, actor))


def open_items(session: Session, actor: Actor, day: date, kind: OpenKind, person_id: int) -> Sequence[Any]:
    """Return what names a person and the actor may hand on, the nearest date first, up to MOST_ROWS."""
    case_id, number, title, due_on = kind.facts
    columns = (case_id.label("case_id"), number.label("number"), title.label("title"), due_on.label("due_on"))
    query = _rows(kind, day, kind.model.id, *columns, Unit.short_name.label("unit"), kind.unit.label("unit_id"))
    query = (
        query.add_columns(kind.authority.label("authority_id"))
        .outerjoin(Unit, Unit.id == kind.unit)
        .where(Person.id == person_id, seen_by(kind, actor))
    )
    return session.execute(query.order_by(due_on, kind.model.id).limit(MOST_ROWS)).all()


def still_names(actor: Actor, day: date, kind: OpenKind, person_id: int) -> Select[Any]:
    """Select the rows of a kind that name the person and that the actor may hand on: row, case, authority, unit."""
    mandate: Any = Mandate.id if kind.model is Portfolio else literal(0)
    case_id, authority_id = kind.facts[0].label("case_id"), kind.authority.label("authority_id")
    columns = (case_id, authority_id, kind.unit.label("unit_id"), mandate.label("mandate_id"))
    return _rows(kind, day, kind.model, *columns).where(Person.id == person_id, seen_by(kind, actor))


def count_open(
    session: Session, day: date, person_ids: Collection[int], actor: Actor | None = None
) -> dict[int, dict[str, int]]:
    """Count what names each person, by kind: all of it, or what the actor may hand on; one query."""
    counts = []
    for rank, kind in enumerate(KINDS):
        query = _rows(kind, day, literal(rank).label("rank"), Person.id.label("person_id"), func.count().label("count"))
        query = query.where(Person.id.in_(person_ids))
        if actor is not None:
            query = query.where(seen_by(kind, actor))
        counts.append(query.group_by(Person.id))
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for rank, person_id, count in session.execute(union_all(*counts)):
        found[person_id][KINDS[rank].key] = count
    return found


def _rows(kind: OpenKind, day: date, *columns: Any) -> Select[Any]:
    """Select rows of a kind joined to the persons they name, with the case or the mandate that says more of them."""
    query: Select[Any] = select(*columns).select_from(kind.model)
    if kind.model in (Measure, Instruction, Request, Slip, Verification):
        query = query.join(Case, Case.id == kind.model.case_id)
    if kind.model is Portfolio:
        query = query.join(Mandate, Mandate.id == Portfolio.mandate_id).join(SEAT, SEAT.id == Mandate.unit_id)
    return query.join(Person, kind.named(day))


def _belongs(unit: Any) -> ColumnElement[bool]:
    """Say that the person works at the unit, or holds or held a mandate there."""
    held = select(Mandate.id).where(
        Mandate.person_id == Person.id, Mandate.unit_id == unit, Mandate.role.in_(UNIT_ROLES)
    )
    return or_(Person.unit_id == unit, held.correlate_except(Mandate).exists())


def _measures(_day: date) -> ColumnElement[bool]:
    undone = and_(Measure.done_on.is_(None), Measure.dropped_on.is_(None), Case.ended_on.is_(None))
    return and_(undone, Measure.person == Person.name, _belongs(Measure.unit_id))


def _commitments(_day: date) -> ColumnElement[bool]:
    return and_(Commitment.state == "open", Commitment.person == Person.name, _belongs(Commitment.unit_id))


def _of_authority(authority: Any) -> ColumnElement[bool]:
    """Say that the person holds or held a mandate in the business of the authority: names are not looked for elsewhere."""
    held = select(Mandate.id).join(SEAT, SEAT.id == Mandate.unit_id).where(Mandate.person_id == Person.id)
    held = held.where(or_(SEAT.authority_id == authority, SEAT.id == authority))
    return held.correlate_except(Mandate, SEAT).exists()


def _interviews(_day: date) -> ColumnElement[bool]:
    hosts = and_(Interview.state == "noticed", Interview.host.contains(Person.name))
    return and_(hosts, _of_authority(Interview.authority_id))


def _verifications(_day: date) -> ColumnElement[bool]:
    first = and_(Verification.level == 1, Verification.passed.is_(True), Verification.cycle == Case.cycle)
    second = and_(Case.state == "verified", Verification.names.contains(Person.name))
    return and_(first, second, Verification.person_id != Person.id, _of_authority(Case.authority_id))


def valid_on(mandate: Any, day: date) -> ColumnElement[bool]:
    """Return the condition that a mandate (of an alias too) is valid on the day."""
    return and_(mandate.begins_on <= day, or_(mandate.ends_on.is_(None), mandate.ends_on >= day))


def _portfolios(day: date) -> ColumnElement[bool]:
    """Join units of a leader's mandate that is in force, or of one that ended and of which no other leader is in charge."""
    after = select(HELD.id).join(OTHER, OTHER.mandate_id == HELD.id).where(OTHER.unit_id == Portfolio.unit_id)
    after = after.where(HELD.person_id != Person.id, HELD.role == Role.LEADER, valid_on(HELD, day))
    taken = after.correlate_except(HELD, OTHER).exists()
    mine = and_(Mandate.person_id == Person.id, Mandate.role == Role.LEADER)
    return and_(mine, or_(valid_on(Mandate, day), ~taken))


SEAT, HELD, OTHER = shared_alias(Unit), shared_alias(Mandate), shared_alias(Portfolio)
# whose business a mandate of an office or a leader is: who holds one at an authority works for it, not for the one above
SEAT_HOME: Any = choice((SEAT.is_authority, SEAT.id), else_=SEAT.authority_id)
BY_HEAD = (Role.HEAD, Role.SUPERVISOR)
OFFICE = (Role.INSPECTOR, Role.SUPERVISOR)
LEADER = (Role.LEADER,)
KINDS = (
    OpenKind(
        "measures",
        "整改措施责任人",
        Measure,
        _measures,
        (Case.id, Case.number, Measure.text, Measure.due_on),
        Case.authority_id,
        Measure.unit_id,
        UNIT_ROLES,
        True,
        BY_HEAD,
    ),
    OpenKind(
        "commitments",
        "约谈承诺责任人",
        Commitment,
        _commitments,
        (NO_CASE, literal(""), Commitment.text, Commitment.due_on),
        Commitment.authority_id,
        Commitment.unit_id,
        UNIT_ROLES,
        True,
        BY_HEAD,
    ),
    OpenKind(
        "instructions",
        "待回复、待阅知的批示",
        Instruction,
        lambda _day: and_(Instruction.leader_id == Person.id, Instruction.state.in_(("written", "replied"))),
        (Case.id, Case.number, Instruction.text, Instruction.due_on),
        Instruction.authority_id,
        Instruction.unit_id,
        LEADER,
        in_charge=True,
    ),
    OpenKind(
        "requests",
        "待其签批的终止、作废",
        Request,
        lambda _day: and_(Request.decider_id == Person.id, Request.state == "asked"),
        (Case.id, Case.number, Case.title, Request.decide_by),
        Request.authority_id,
        Case.lead_unit_id,
        LEADER,
    ),
    OpenKind(
        "cases",
        "登记后尚未交办的问题",
        Case,
        lambda _day: and_(
            Case.state.in_(("reported", "ledgered")),
            Case.reporter_unit_id.is_(None),
            in_hands_of(Case, Case.reporter_id, Person.id),
        ),
        (Case.id, Case.number, Case.title, Case.found_on),
        Case.authority_id,
        Case.lead_unit_id,
        OFFICE,
        is_limit=False,
    ),
    OpenKind(
        "slips",
        "经办的三单（拟稿和在办）",
        Slip,
        lambda _day: and_(Slip.state.in_(LIVE_SLIPS), in_hands_of(Slip, Slip.drafted_by_id, Person.id)),
        (Case.id, Slip.number, Slip.name, Slip.sign_due_on),
        Slip.authority_id,
        Slip.unit_id,
        OFFICE,
    ),
    OpenKind(
        "absences",
        "代理他人签发",
        Absence,
        lambda day: and_(Absence.substitute_id == Person.id, Absence.cancelled_on.is_(None), Absence.ends_on >= day),
        (NO_CASE, literal(""), Absence.reason, Absence.ends_on),
        Absence.authority_id,
        Absence.authority_id,
        (Role.SUPERVISOR, Role.LEADER),
    ),
    OpenKind(
        "portfolios",
        "分管单位",
        Portfolio,
        _portfolios,
        (NO_CASE, literal(""), literal("分管单位"), Mandate.ends_on),
        SEAT_HOME,
        Portfolio.unit_id,
        LEADER,
        passers=(Role.SECURITY,),
    ),
    OpenKind(
        "interviews",
        "主持的约谈",
        Interview,
        _interviews,
        (Interview.case_id, Interview.number, Interview.reason, Interview.planned_on),
        Interview.authority_id,
        Interview.unit_id,
        kept="通知已经签发，主持人写在通知上：由他人主持时，在约谈记录里写明实际主持人；要改通知请撤回后重发。",
    ),
    OpenKind(
        "verifications",
        "作为第二核查人的核查（待验收）",
        Verification,
        _verifications,
        (Case.id, Case.number, Case.title, Verification.on),
        Case.authority_id,
        Case.lead_unit_id,
        kept="核查记录是当日的事实，不能改人；如退回整改，由新的两名核查人重新核查。",
        is_limit=False,
    ),
)
BY_KEY = {kind.key: kind for kind in KINDS}
