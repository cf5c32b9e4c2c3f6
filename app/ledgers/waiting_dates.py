"""Until when each queue waits: the limit of the act itself, not of the case it is about; None where none runs."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import case, func, null, select

from app.ledgers.cases import Assignment, Case, Measure, Request
from app.ledgers.queues import Queue
from app.ledgers.scores import Objection, ScoreEntry, Standing
from app.ledgers.slips import Slip
from app.ledgers.talks import Commitment, Instruction, Interview
from app.people import Actor

Dated = Callable[[Queue, Actor, date], Any]


def due_of(queue: Queue, actor: Actor, day: date) -> Any:
    """Return the date of a queue's rows as an expression."""
    return (BY_QUEUE.get(queue.key) or BY_NOUN[queue.of.noun])(queue, actor, day)


def _plain(expression: Any) -> Dated:
    return lambda _queue, _actor, _day: expression


def _receipt(queue: Queue, actor: Actor, _day: date) -> Any:
    """Return the limit of receipt of the own part."""
    own = select(func.min(Assignment.receipt_due_on)).where(
        Assignment.case_id == Case.id, Assignment.state == "waiting"
    )
    own = own.where(Assignment.unit_id.in_(actor.units(queue.role)), Assignment.released_on.is_(None))
    return own.correlate(Case).scalar_subquery()


def _objectable(queue: Queue, actor: Actor, day: date) -> Any:
    """Return the last day on which the first of the proposed entries can be objected to."""
    until = select(func.min(Standing.object_until)).join(ScoreEntry, ScoreEntry.id == Standing.entry_id)
    until = until.where(ScoreEntry.case_id == Case.id, ScoreEntry.unit_id.in_(actor.units(queue.role)))
    until = until.where(Standing.state == "proposed", Standing.object_until >= day)
    return until.correlate(Case).scalar_subquery()


def _decision(*kinds: str) -> Dated:
    """Return by when what was asked is to be decided."""
    asked = select(func.min(Request.decide_by)).where(Request.case_id == Case.id, Request.state == "asked")
    return _plain(asked.where(Request.kind.in_(kinds)).correlate(Case).scalar_subquery())


JUDGED = select(func.min(Objection.decide_by)).where(Objection.case_id == Case.id, Objection.state == "asked")
OPEN_END = _plain(null())
CHECKED = _plain(Case.check_due_on)
BY_QUEUE: dict[str, Dated] = {
    "sign": _decision("terminate", "void"),
    "extension": _decision("extension"),
    "return": _decision("return_assignment"),
    "long_term": _decision("long_term"),
    "rebound": _decision("rebound"),
    "late_objections": _plain(JUDGED.correlate(Case).scalar_subquery()),
    "objections": _plain(JUDGED.correlate(Case).scalar_subquery()),
    "late_checks": CHECKED,
    "verify": CHECKED,
    "accept": CHECKED,
    "receive": _receipt,
    "receive_head": _receipt,
    "object": _objectable,
    "object_head": _objectable,
    "approve_objection": OPEN_END,
    "pass_plan": OPEN_END,
    "admit": OPEN_END,
    "assign": OPEN_END,
    "close": OPEN_END,
    "unassigned": OPEN_END,
}
BY_NOUN: dict[str, Dated] = {
    "cases": _plain(Case.due_on),
    "slips": _plain(
        case(
            (Slip.state == "draft", Slip.sign_due_on),
            (Slip.state == "issued", Slip.receipt_due_on),
            (Slip.state == "acknowledged", Slip.reply_due_on),
            else_=None,
        )
    ),
    "interviews": _plain(case((Interview.state == "noticed", Interview.planned_on), else_=None)),
    "commitments": _plain(case((Commitment.state == "open", Commitment.due_on), else_=None)),
    "instructions": _plain(case((Instruction.state == "written", Instruction.due_on), else_=None)),
    "measures": _plain(Measure.due_on),
    "reversals": OPEN_END,
    "rule-sets": OPEN_END,
}
