"""What waits for a person: the queues of the workbench by role, each one scoped query and one bounded count."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app.ledgers.cases import Assignment, Case, Listing, Plan, Request, in_hands_of, unfinished_children
from app.ledgers.cases.facts import check_late, late
from app.ledgers.queues import Kind, Queue, Wanted
from app.ledgers.scores import Objection, ScoreEntry, Standing
from app.ledgers.waiting_scores import SCORE_QUEUES
from app.ledgers.waiting_slips import SLIP_QUEUES
from app.ledgers.waiting_talks import TALK_QUEUES
from app.people import Actor, Role, within

SHOWN = 6
MOST = 1000


@dataclass(frozen=True, slots=True)
class Waiting:
    """One queue as found: its first rows with the columns of its kind, and how many there are."""

    queue: Queue
    rows: list[Any]
    count: int


def waiting_for(session: Session, actor: Actor, day: date) -> Iterator[Waiting]:
    """Yield the queues of the actor's roles that are not empty, in order."""
    for queue in QUEUES:
        if queue.role not in actor.roles:
            continue
        wanted = and_(queue.wanted(actor, day), within(queue.of.model, actor))
        rows = session.execute(_first_rows(actor, wanted, queue)).all()
        if rows:
            yield Waiting(queue, list(rows), _count(session, wanted, queue) if len(rows) == SHOWN else len(rows))


def whole_queue(session: Session, actor: Actor, day: date, key: str, most: int = 200) -> Waiting | None:
    """Return one queue of the actor's roles with up to `most` rows, or None for a key that is not theirs."""
    for queue in QUEUES:
        if queue.key == key and queue.role in actor.roles:
            wanted = and_(queue.wanted(actor, day), within(queue.of.model, actor))
            rows = session.execute(_first_rows(actor, wanted, queue, most)).all()
            return Waiting(queue, list(rows), _count(session, wanted, queue))
    return None


def count_late(session: Session, actor: Actor, day: date, kinds: Iterable[Kind]) -> int:
    """Count what waits for the actor and whose date has passed: each row once, in however many queues it stands.

    Of each kind at most `MOST` + 1 are counted.
    """
    return sum(_count_late(session, actor, day, kind) for kind in kinds)


def _count_late(session: Session, actor: Actor, day: date, kind: Kind) -> int:
    mine = [queue for queue in QUEUES if queue.role in actor.roles and queue.of is kind]
    wanted = or_(*[queue.wanted(actor, day) for queue in mine])
    return _count(session, and_(kind.is_late(day), wanted, within(kind.model, actor)), mine[0])


def _first_rows(actor: Actor, wanted: ColumnElement[bool], queue: Queue, most: int = SHOWN) -> Select[Any]:
    return queue.of.rows(actor).where(wanted).order_by(queue.oldest_first, queue.of.model.id).limit(most)


def _count(session: Session, wanted: ColumnElement[bool], queue: Queue) -> int:
    bounded = select(queue.of.model.id).where(wanted).limit(MOST + 1).subquery()
    return session.scalar(select(func.count()).select_from(bounded)) or 0


def _state(role: Role, *states: str) -> Wanted:
    return lambda actor, _day: and_(Case.authority_id.in_(actor.authorities(role)), Case.state.in_(states))


def _asked(kind: str, state: str = "asked") -> Wanted:
    def wanted(actor: Actor, _day: date) -> ColumnElement[bool]:
        request = and_(Request.case_id == Case.id, Request.kind == kind, Request.state == state)
        if state == "drafted":
            request = and_(request, Request.unit_id.in_(actor.units(Role.HEAD)))
        else:
            request = and_(request, Request.authority_id.in_(actor.authorities(Role.SUPERVISOR)))
        return exists().where(request)

    return wanted


def _plan(role: Role, state: str) -> Wanted:
    def wanted(actor: Actor, _day: date) -> ColumnElement[bool]:
        is_head = role is Role.HEAD  # of the lead: an assisting unit has no plan to approve
        mine = Case.lead_unit_id.in_(actor.units(role)) if is_head else Case.authority_id.in_(actor.authorities(role))
        plan = exists().where(Plan.case_id == Case.id, Plan.cycle == Case.cycle, Plan.state == state)
        return and_(mine, Case.state == "planning", plan)

    return wanted


def _part(role: Role, *states: str) -> Wanted:
    def wanted(actor: Actor, _day: date) -> ColumnElement[bool]:
        mine = Assignment.unit_id.in_(actor.units(role))
        part = and_(Assignment.case_id == Case.id, mine, Assignment.released_on.is_(None), Assignment.state.in_(states))
        return and_(Case.ended_on.is_(None), exists().where(part))

    return wanted


def _lead(role: Role, *states: str) -> Wanted:
    return lambda actor, _day: and_(Case.lead_unit_id.in_(actor.units(role)), Case.state.in_(states))


def _to_plan(actor: Actor, _day: date) -> ColumnElement[bool]:
    plan = exists().where(
        Plan.case_id == Case.id, Plan.cycle == Case.cycle, Plan.state.in_(("drafted", "approved", "passed"))
    )
    return and_(Case.state == "planning", Case.lead_unit_id.in_(actor.units(Role.LIAISON)), ~plan)


def _to_finish(actor: Actor, _day: date) -> ColumnElement[bool]:
    """Select what nothing holds up: each part is in, what was handed down is closed, and nothing is asked for."""
    missing = exists().where(
        Assignment.case_id == Case.id,
        Assignment.role == "assist",
        Assignment.released_on.is_(None),
        Assignment.state != "done",
    )
    asked = exists().where(
        Request.case_id == Case.id,
        Request.kind.in_(("extension", "return_assignment")),
        Request.state.in_(("drafted", "asked")),
    )
    return and_(_led(actor), ~missing, ~asked, ~_waits_for_children(actor))


def _held_up(actor: Actor, _day: date) -> ColumnElement[bool]:
    return and_(_led(actor), _waits_for_children(actor))


def _led(actor: Actor) -> ColumnElement[bool]:
    return and_(Case.state == "rectifying", Case.lead_unit_id.in_(actor.units(Role.HEAD)))


def _waits_for_children(actor: Actor) -> ColumnElement[bool]:
    return Case.id.in_(select(unfinished_children(_led(actor)).c.top_id))


def _objectable(role: Role) -> Wanted:
    def wanted(actor: Actor, day: date) -> ColumnElement[bool]:
        entry = and_(ScoreEntry.case_id == Case.id, ScoreEntry.unit_id.in_(actor.units(role)))
        open_ones = and_(Standing.state == "proposed", Standing.object_until >= day)
        return Case.id.in_(
            select(ScoreEntry.case_id).join(Standing, Standing.entry_id == ScoreEntry.id).where(entry, open_ones)
        )

    return wanted


def _objected(state: str, role: Role) -> Wanted:
    def wanted(actor: Actor, day: date) -> ColumnElement[bool]:
        objection = and_(Objection.case_id == Case.id, Objection.state == state)
        if role is Role.HEAD:
            return exists().where(objection, Objection.unit_id.in_(actor.units(Role.HEAD)))
        mine: ColumnElement[bool] = Objection.authority_id.in_(actor.authorities(role))
        if role is Role.LEADER:
            mine = and_(mine, Objection.decide_by < day)
        return exists().where(objection, mine)

    return wanted


def _to_sign(actor: Actor, _day: date) -> ColumnElement[bool]:
    named = and_(Request.decider_id.in_(actor.stands_for), Request.state == "asked")
    return exists().where(Request.case_id == Case.id, Request.kind.in_(("terminate", "void")), named)


def _overdue(actor: Actor, day: date) -> ColumnElement[bool]:
    return and_(late(day), Case.lead_unit_id.in_(actor.portfolio))


def _late_checks(actor: Actor, day: date) -> ColumnElement[bool]:
    return and_(check_late(day), Case.lead_unit_id.in_(actor.portfolio))


def _unassigned(actor: Actor, _day: date) -> ColumnElement[bool]:
    """Select what the inspector logged or took over from who did, and nobody gave to a unit yet."""
    mine = Case.authority_id.in_(actor.authorities(Role.INSPECTOR))
    own = in_hands_of(Case, Case.reporter_id, actor.person_id)
    return and_(mine, Case.state.in_(("reported", "ledgered")), own)


def _reviews(actor: Actor, day: date) -> ColumnElement[bool]:
    mine = Case.authority_id.in_(actor.authorities(Role.INSPECTOR))
    return and_(mine, Case.state == "long_term", Case.due_on <= day)


def _listed(actor: Actor, day: date) -> ColumnElement[bool]:
    mine = Case.authority_id.in_(actor.authorities(Role.DISCIPLINE))
    return and_(mine, or_(*[exists().where(Listing.case_id == Case.id)]), Case.ended_on.is_(None))


HEAD, LIAISON, SUPERVISOR = Role.HEAD, Role.LIAISON, Role.SUPERVISOR
QUEUES = (
    *SLIP_QUEUES,
    *TALK_QUEUES,
    *SCORE_QUEUES,
    Queue("sign", "终止、作废待签批", "由您签批后生效", Role.LEADER, _to_sign),
    Queue("late_objections", "申辩裁定已超期", "考核办未在期限内裁定", Role.LEADER, _objected("asked", Role.LEADER)),
    Queue("overdue", "分管单位逾期未整改", "按逾期先后排列", Role.LEADER, _overdue),
    Queue(
        "late_checks",
        "核查、验收已超期",
        "督查室未在期限内办理",
        Role.LEADER,
        _late_checks,
        Case.check_due_on,
    ),
    Queue("admit", "待受理", "核实后受理或不予受理", SUPERVISOR, _state(SUPERVISOR, "reported"), Case.saved_at),
    Queue(
        "assign", "待交办", "明确牵头单位、期限和验收标准", SUPERVISOR, _state(SUPERVISOR, "ledgered"), Case.saved_at
    ),
    Queue("pass_plan", "整改方案待审核", "通过或退回修改", SUPERVISOR, _plan(SUPERVISOR, "approved")),
    Queue("extension", "延期申请待审批", "3 个工作日内审批", SUPERVISOR, _asked("extension")),
    Queue("return", "退回交办待决定", "改派或维持", SUPERVISOR, _asked("return_assignment")),
    Queue("long_term", "长期坚持申请待决定", "同意或不同意", SUPERVISOR, _asked("long_term")),
    Queue("rebound", "反弹认定待决定", "认定后重新整改", SUPERVISOR, _asked("rebound")),
    Queue("accept", "待验收", "核查人以外的负责人验收", SUPERVISOR, _state(SUPERVISOR, "verified"), Case.check_due_on),
    Queue("close", "待销号", "公示期满后销号", SUPERVISOR, _state(SUPERVISOR, "accepted")),
    Queue(
        "verify",
        "待核查",
        "到现场核查，两人参加；本人报结或本单位承办的由他人核查",
        Role.INSPECTOR,
        _state(Role.INSPECTOR, "submitted"),
        Case.check_due_on,
    ),
    Queue("unassigned", "我登记、尚未交办的", "督促督查室受理、交办", Role.INSPECTOR, _unassigned, Case.saved_at),
    Queue("review", "长期坚持到期复核", "继续坚持或转入整改", Role.INSPECTOR, _reviews),
    Queue("objections", "申辩待裁定", "5 个工作日内裁定", Role.ASSESSOR, _objected("asked", Role.ASSESSOR)),
    Queue("receive_head", "待签收", "2 个工作日内签收或申请退回", HEAD, _part(HEAD, "waiting")),
    Queue("approve_plan", "整改方案待审定", "审定后报督查室", HEAD, _plan(HEAD, "drafted")),
    Queue("approve_extension", "延期申请待审定", "期限当日前提交", HEAD, _asked("extension", "drafted")),
    Queue("finish", "可以报结", "对照验收标准确认后报结", HEAD, _to_finish),
    Queue("held_up", "等下级办结", "下级转办的全部销号后才能报结，还差哪几件在问题页列明", HEAD, _held_up),
    Queue("approve_objection", "申辩待审定", "申辩期内提交", HEAD, _objected("drafted", HEAD)),
    Queue("object_head", "拟扣可申辩", "申辩期满自动确认", HEAD, _objectable(HEAD)),
    Queue("receive", "待签收", "2 个工作日内签收", LIAISON, _part(LIAISON, "waiting")),
    Queue("plan", "整改方案待编制", "5 个工作日内编制", LIAISON, _to_plan),
    Queue("work", "整改中", "按期限先后排列，及时填报进展", LIAISON, _part(LIAISON, "received", "working")),
    Queue("object", "拟扣可申辩", "申辩期满自动确认", LIAISON, _objectable(LIAISON)),
    Queue("listed", "已列入纪检视图、尚未办结", "逾期、退回、反弹等", Role.DISCIPLINE, _listed),
)
