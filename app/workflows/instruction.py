"""The instruction workflow (批示): written by a leader on a case, answered by the unit asked, settled or asked again."""

from datetime import date

from sqlalchemy import select

from app.ledgers.cases import Assignment
from app.ledgers.talks import Instruction
from app.ledgers.talks.words import INSTRUCTION_STATES
from app.people import Role
from app.workflows.case_guards import case_of
from app.workflows.engine import Attempt, Need, Transition, Workflow
from app.workflows.needs import NOTE, REASON
from app.workflows.posting import tell
from app.workflows.telling import tell_persons

LEADER = (Role.LEADER,)
REPLY_BY = Need("due_on", "回复期限", "date", required=False, hint="不填则按规定的工作日计算")
WRITTEN = (
    Need("reason", "批示内容", "text"),
    Need("part", "请哪个单位回复", "part", required=False, hint="不选则由牵头单位回复；尚未交办的由督查室回复"),
    REPLY_BY,
)


def instruction_is_sound(attempt: Attempt) -> dict[str, str]:
    """The unit asked has a part in the case; the date is not past."""
    unit_id = attempt.form.get("part")
    if unit_id:
        part = select(Assignment.id).where(Assignment.case_id == case_of(attempt).id, Assignment.unit_id == unit_id)
        if attempt.session.scalars(part.where(Assignment.released_on.is_(None))).first() is None:
            return {"part": "该单位没有承办这一件问题，请从列出的单位中选择。"}
    return reply_is_ahead(attempt)


def reply_is_ahead(attempt: Attempt) -> dict[str, str]:
    """A reply is asked for by today or later."""
    due_on = attempt.form.get("due_on")
    return {"due_on": "回复期限不能早于今天。"} if due_on is not None and due_on < attempt.context.day else {}


def write_instruction(attempt: Attempt) -> None:
    """Put the instruction on record as an item with a date, and tell the unit asked."""
    case = case_of(attempt)
    row = Instruction(
        authority_id=case.authority_id,
        case_id=case.id,
        unit_id=attempt.form.get("part") or case.lead_unit_id,
        leader_id=attempt.actor.person_id,
        text=attempt.form["reason"],
        written_on=attempt.context.day,
        due_on=_reply_by(attempt, case.authority_id),
        state="written",
    )
    attempt.session.add(row)
    attempt.session.flush()
    _tell(attempt, row)


def _reply_by(attempt: Attempt, authority_id: int) -> date:
    stated: date | None = attempt.form.get("due_on")
    return stated or attempt.context.limit(authority_id, "instruction_days").on


def _tell(attempt: Attempt, row: Instruction) -> None:
    if row.unit_id is not None:
        subject = f"instruction:{row.id}:{attempt.event_id}"
        tell(attempt.context, [(row.authority_id, row.unit_id, "instructed", subject, row.case_id)])


def is_for_the_office(attempt: Attempt) -> str | None:
    """The office answers what no unit was asked."""
    asks_office = attempt.row.unit_id is None
    return None if asks_office or attempt.grant is None or attempt.grant.role is Role.HEAD else "请由被批示单位回复。"


def is_his_to_judge(attempt: Attempt) -> str | None:
    """The leader who wrote it judges the reply, or who is in charge of the unit now."""
    row, actor = attempt.row, attempt.actor
    if row.leader_id in actor.stands_for or row.unit_id in actor.portfolio:
        return None
    return "这件批示由另一位领导作出，请由其办理。"


def keep_reply(attempt: Attempt) -> None:
    """Put down the reply."""
    row, day = attempt.row, attempt.context.day
    row.reply, row.replied_on, row.replied_by_id = attempt.form["text"], day, attempt.actor.person_id
    subject = f"instruction:{row.id}:{attempt.event_id}"
    tell_persons(attempt.context, [(row.authority_id, row.leader_id, "instruction_replied", subject, row.case_id)])


def settle_instruction(attempt: Attempt) -> None:
    """The leader has read the reply and is content."""
    attempt.row.settled_on, attempt.row.answer = attempt.context.day, attempt.form.get("reason") or ""


def keep_earlier(attempt: Attempt) -> None:
    """Keep the reply that was not enough in the event."""
    attempt.data["before"] = {"reply": attempt.row.reply}


def ask_again(attempt: Attempt) -> None:
    """The leader asks again, with a new date; the earlier reply stays in the event."""
    row = attempt.row
    row.answer, row.due_on = attempt.form["reason"], _reply_by(attempt, row.authority_id)
    row.replied_on = row.replied_by_id = None
    _tell(attempt, row)


def keep_withdrawal(attempt: Attempt) -> None:
    """Put down why it is taken back."""
    attempt.row.withdrawn_on, attempt.row.withdrawn_reason = attempt.context.day, attempt.form["reason"]


JUDGED = (is_his_to_judge,)
INSTRUCTION = Workflow(
    "instruction",
    "批示",
    Instruction,
    INSTRUCTION_STATES,
    [
        Transition(
            "reply",
            "回复批示",
            ("written",),
            "replied",
            (Role.HEAD, Role.SUPERVISOR),
            (is_for_the_office,),
            (keep_reply,),
            (Need("text", "回复内容", "text"),),
        ),
        Transition("settle", "阅知并办结", ("replied",), "settled", LEADER, JUDGED, (settle_instruction,), (NOTE,)),
        Transition(
            "ask_again",
            "再次批示",
            ("replied",),
            "written",
            LEADER,
            JUDGED,
            (ask_again,),
            (REASON, REPLY_BY),
            (reply_is_ahead,),
            before=(keep_earlier,),
        ),
        Transition(
            "withdraw",
            "撤回批示",
            ("written", "replied"),
            "withdrawn",
            LEADER,
            JUDGED,
            (keep_withdrawal,),
            (REASON,),
            is_grave=True,
        ),
    ],
    units_of=lambda instruction: frozenset({instruction.unit_id}) if instruction.unit_id else frozenset(),
)
