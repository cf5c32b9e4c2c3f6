"""The queues of talks: notices to sign, interviews to record and settle, what was promised, instructions and replies."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, select

from app.ledgers.cases import Case
from app.ledgers.queues import Kind, Queue, Wanted
from app.ledgers.talks import Commitment, Instruction, Interview
from app.ledgers.talks.words import LIGHT_KINDS
from app.people import Actor, Role, Unit, within


def _interview_rows(actor: Actor) -> Select[Any]:
    columns: tuple[Any, ...] = (
        Interview.id,
        Interview.number,
        Interview.kind,
        Unit.short_name,
        Interview.planned_on,
        Interview.state,
        Interview.proposed_on,
        Case.number.label("case_number"),
        Case.title.label("case_title"),
    )
    query = select(*columns).join(Unit, Unit.id == Interview.unit_id)
    return query.outerjoin(Case, and_(Case.id == Interview.case_id, within(Case, actor)))


def _commitment_rows(_actor: Actor) -> Select[Any]:
    columns: tuple[Any, ...] = (
        Interview.id,
        Interview.number,
        Commitment.text,
        Unit.short_name,
        Commitment.due_on,
        Commitment.state,
    )
    query = select(*columns)
    query = query.join(Interview, Interview.id == Commitment.interview_id)
    return query.join(Unit, Unit.id == Commitment.unit_id)


def _instruction_rows(_actor: Actor) -> Select[Any]:
    columns: tuple[Any, ...] = (
        Instruction.id,
        Case.number,
        Instruction.text,
        Unit.short_name,
        Instruction.due_on,
        Instruction.state,
    )
    query = select(*columns)
    query = query.join(Case, Case.id == Instruction.case_id)
    return query.outerjoin(Unit, Unit.id == Instruction.unit_id)


def _past(model: type[Any], state: str, due_on: Any) -> Callable[[date], ColumnElement[bool]]:
    """Rows in the state in which their date runs, when it has passed."""
    return lambda day: and_(model.state == state, due_on < day)


INTERVIEWS = Kind("interviews", Interview, _interview_rows, _past(Interview, "noticed", Interview.planned_on))
COMMITMENTS = Kind("commitments", Commitment, _commitment_rows, _past(Commitment, "open", Commitment.due_on))
INSTRUCTIONS = Kind("instructions", Instruction, _instruction_rows, _past(Instruction, "written", Instruction.due_on))


def _of(model: type[Any], role: Role, *states: str) -> Wanted:
    """Rows of the role's authority in one of the states."""
    return lambda actor, _day: and_(model.authority_id.in_(actor.authorities(role)), model.state.in_(states))


def _of_unit(model: type[Any], role: Role, *states: str) -> Wanted:
    """Rows of the role's own units in one of the states."""
    return lambda actor, _day: and_(model.unit_id.in_(actor.units(role)), model.state.in_(states))


def _light(actor: Actor, day: date) -> ColumnElement[bool]:
    return and_(_of(Interview, SUPERVISOR, "proposed")(actor, day), Interview.kind.in_(LIGHT_KINDS))


def _grave(actor: Actor, _day: date) -> ColumnElement[bool]:
    mine = Interview.unit_id.in_(actor.portfolio)
    return and_(mine, Interview.state == "proposed", Interview.kind.not_in(LIGHT_KINDS))


def _to_record(actor: Actor, day: date) -> ColumnElement[bool]:
    return and_(_of(Interview, INSPECTOR, "noticed")(actor, day), Interview.planned_on <= day)


def _to_settle(actor: Actor, day: date) -> ColumnElement[bool]:
    left = exists().where(Commitment.interview_id == Interview.id, Commitment.state != "done")
    return and_(_of(Interview, SUPERVISOR, "recorded")(actor, day), ~left)


def _late(actor: Actor, day: date) -> ColumnElement[bool]:
    return and_(_of(Commitment, SUPERVISOR, "open")(actor, day), Commitment.due_on < day)


def _instructed(actor: Actor, day: date) -> ColumnElement[bool]:
    mine = _of(Instruction, SUPERVISOR, "written")(actor, day)
    return and_(mine, Instruction.unit_id.is_(None) | (Instruction.due_on <= day))


def _replied(actor: Actor, _day: date) -> ColumnElement[bool]:
    return and_(Instruction.leader_id.in_(actor.stands_for), Instruction.state == "replied")


HEAD, LIAISON, SUPERVISOR, INSPECTOR, LEADER = Role.HEAD, Role.LIAISON, Role.SUPERVISOR, Role.INSPECTOR, Role.LEADER
CALLED, BY, WRITTEN = Interview.planned_on, Commitment.due_on, Instruction.due_on
PROPOSED = Interview.proposed_on
KEPT = "完成后报督查室确认"
TALK_QUEUES = (
    Queue("call_leader", "待签约谈通知", "告诫约谈由分管领导签发通知", LEADER, _grave, PROPOSED, INTERVIEWS),
    Queue("read_replies", "批示回复待阅", "阅知办结，或者再次批示", LEADER, _replied, WRITTEN, INSTRUCTIONS),
    Queue("call", "拟约谈", "签发通知，或者撤回", SUPERVISOR, _light, PROPOSED, INTERVIEWS),
    Queue("settle_interviews", "约谈可以办结", "承诺均已完成", SUPERVISOR, _to_settle, Interview.held_on, INTERVIEWS),
    Queue("late_commitments", "约谈承诺逾期", "督促单位尽快完成", SUPERVISOR, _late, BY, COMMITMENTS),
    Queue("instructed", "批示待回复", "到期未回复的，或由督查室回复的", SUPERVISOR, _instructed, WRITTEN, INSTRUCTIONS),
    Queue("record_interviews", "约谈待记录", "约谈日期已到", INSPECTOR, _to_record, CALLED, INTERVIEWS),
    Queue(
        "confirm_commitments",
        "约谈承诺待确认",
        "单位已报完成",
        INSPECTOR,
        _of(Commitment, INSPECTOR, "reported"),
        BY,
        COMMITMENTS,
    ),
    Queue(
        "answer",
        "批示待回复",
        "在期限内回复领导批示",
        HEAD,
        _of_unit(Instruction, HEAD, "written"),
        WRITTEN,
        INSTRUCTIONS,
    ),
    Queue("called", "约谈通知", "按时参加并准备材料", HEAD, _of_unit(Interview, HEAD, "noticed"), CALLED, INTERVIEWS),
    Queue("promised", "约谈承诺", KEPT, HEAD, _of_unit(Commitment, HEAD, "open"), BY, COMMITMENTS),
    Queue("promised_liaison", "约谈承诺", KEPT, LIAISON, _of_unit(Commitment, LIAISON, "open"), BY, COMMITMENTS),
)
