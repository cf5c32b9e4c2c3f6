"""The queues of slips: what waits for a signature, a receipt, a reply, a decision on it; what nobody signed."""

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_

from app.ledgers.cases import Case, in_hands_of
from app.ledgers.queues import SLIPS, Queue, Wanted
from app.ledgers.slips import Slip, waits_for
from app.people import Actor, Role


def _to_issue(role: Role) -> Wanted:
    return lambda actor, _day: waits_for(actor, role)


def _slips_of_unit(role: Role, state: str) -> Wanted:
    return lambda actor, _day: and_(Slip.unit_id.in_(actor.units(role)), Slip.state == state)


def _slips_of_office(role: Role, state: str) -> Wanted:
    return lambda actor, _day: and_(Slip.authority_id.in_(actor.authorities(role)), Slip.state == state)


def _replies_to_own(actor: Actor, day: date) -> ColumnElement[bool]:
    """Select the replies to what the inspector drafted, took over or logged: besides, all of them wait for the supervisor."""
    logged = exists().where(Case.id == Slip.case_id, Case.reporter_id == actor.person_id).correlate(Slip)
    own = or_(in_hands_of(Slip, Slip.drafted_by_id, actor.person_id), logged)
    return and_(_slips_of_office(Role.INSPECTOR, "replied")(actor, day), own)


def _unsigned(role: Role) -> Wanted:
    """Drafts that nobody signed in time: of the leader's portfolio, or of the authority that discipline reviews."""

    def wanted(actor: Actor, day: date) -> ColumnElement[bool]:
        late = and_(Slip.state == "draft", Slip.sign_due_on < day)
        if role is Role.LEADER:
            return and_(late, Slip.unit_id.in_(actor.portfolio))
        return and_(late, Slip.authority_id.in_(actor.authorities(role)))

    return wanted


HEAD, LIAISON, SUPERVISOR = Role.HEAD, Role.LIAISON, Role.SUPERVISOR
SLIP_QUEUES = (
    Queue("issue_leader", "三单待签发", "逐张或成批签发", Role.LEADER, _to_issue(Role.LEADER), Slip.sign_due_on, SLIPS),
    Queue(
        "unsigned_leader",
        "无人签发的三单",
        "已过签发期限",
        Role.LEADER,
        _unsigned(Role.LEADER),
        Slip.sign_due_on,
        SLIPS,
    ),
    Queue("issue", "三单待签发", "逐张或成批签发", SUPERVISOR, _to_issue(SUPERVISOR), Slip.sign_due_on, SLIPS),
    Queue(
        "judge_reply",
        "三单回复待审",
        "通过办结或退回重新回复",
        SUPERVISOR,
        _slips_of_office(SUPERVISOR, "replied"),
        Slip.replied_on,
        SLIPS,
    ),
    Queue(
        "judge_reply_inspector",
        "经办的三单回复待审",
        "本人拟稿的，或本人登记的问题",
        Role.INSPECTOR,
        _replies_to_own,
        Slip.replied_on,
        SLIPS,
    ),
    Queue(
        "receive_slip_head",
        "三单待签收",
        "签收后按期回复",
        HEAD,
        _slips_of_unit(HEAD, "issued"),
        Slip.receipt_due_on,
        SLIPS,
    ),
    Queue(
        "reply", "三单待回复", "由单位负责人回复", HEAD, _slips_of_unit(HEAD, "acknowledged"), Slip.reply_due_on, SLIPS
    ),
    Queue(
        "receive_slip",
        "三单待签收",
        "签收后按期回复",
        LIAISON,
        _slips_of_unit(LIAISON, "issued"),
        Slip.receipt_due_on,
        SLIPS,
    ),
    Queue(
        "unsigned",
        "无人签发的三单",
        "已过签发期限",
        Role.DISCIPLINE,
        _unsigned(Role.DISCIPLINE),
        Slip.sign_due_on,
        SLIPS,
    ),
)
