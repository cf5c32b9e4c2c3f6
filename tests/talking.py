"""Talks in tests: bringing an interview, an instruction and a bulletin to where something starts."""

from datetime import date
from typing import Any

from app.ledgers.cases import Case
from app.ledgers.talks import Commitment, Instruction, Interview
from app.people import SYSTEM
from app.workflows import (
    BULLETIN,
    COMMITMENT,
    INSTRUCTION,
    INTERVIEW,
    Context,
    SlipNamed,
    fire,
    new_bulletin,
    propose_for_slips,
)
from tests.slips import draft
from tests.story import Story

DAY = date(2026, 3, 2)
PROPOSAL: dict[str, Any] = {"kind": "work", "basis": "manual", "reason": "整改推进缓慢"}
NOTICE: dict[str, Any] = {"planned_at": "上午 9:00", "place": "县政府三楼会议室", "host": "督查室主任"}
PROMISES = [
    {"text": "一周内完成清运", "person": "张三", "due_on": date(2026, 3, 16)},
    {"text": "建立河道巡查制度", "person": "李四", "due_on": date(2026, 3, 31)},
]
RECORD: dict[str, Any] = {
    "place": "县政府三楼会议室",
    "host": "督查室主任",
    "attendees": "县住建局负责人等",
    "minutes": "通报了问题，听取了说明。",
    "commitments": PROMISES,
}
PERIOD: dict[str, Any] = {"title": "一季度督查督办情况", "first_on": date(2026, 1, 1), "last_on": DAY}


def today(story: Story) -> date:
    """Return the story's day."""
    return story.cast.clock.now().day


def proposed(story: Story, who: str = "inspector", unit: str = "A", **form: Any) -> int:
    """Propose an interview by hand."""
    with story.cast.begin(who) as (session, actor):
        authority_id = actor.grants[0].authority_id
        row = Interview(authority_id=authority_id)
        values = {**PROPOSAL, "unit": story.cast.units[unit], **form}
        return int(fire(Context(session, actor, story.cast.clock.now()), INTERVIEW, "propose", row, values).row.id)


def noticed(story: Story, kind: str = "work", unit: str = "A", **form: Any) -> int:
    """Propose an interview and sign its notice for today."""
    interview_id = proposed(story, unit=unit, kind=kind, **form)
    who = "leader" if kind == "admonish" else "supervisor"
    story.move(who, INTERVIEW, interview_id, "notice", planned_on=today(story), **NOTICE)
    return interview_id


def recorded(story: Story, **form: Any) -> int:
    """Hold the interview and record it with two commitments."""
    interview_id = noticed(story, **form)
    story.move("inspector", INTERVIEW, interview_id, "record", held_on=today(story), **RECORD)
    return interview_id


def promised(story: Story, state: str = "open") -> int:
    """Return the first commitment of a new interview: open, or reported by the unit."""
    interview_id = recorded(story)
    row = story.one(Commitment, interview_id=interview_id, position=1)
    if state == "reported":
        report(story, row.id)
    return int(row.id)


def report(story: Story, commitment_id: int) -> None:
    """Let the unit report a commitment done."""
    story.move("liaison_a", COMMITMENT, commitment_id, "report", text="已完成清运并复垦")


def keep(story: Story, interview_id: int) -> None:
    """Let the unit do everything it promised, and the office confirm."""
    for position in range(1, len(PROMISES) + 1):
        row = story.one(Commitment, interview_id=interview_id, position=position)
        report(story, row.id)
        story.move("inspector", COMMITMENT, row.id, "confirm")


def kept(story: Story) -> int:
    """Return an interview everything promised in which is done."""
    interview_id = recorded(story)
    keep(story, interview_id)
    return interview_id


def instructed(story: Story, case_id: int, who: str = "leader", **form: Any) -> int:
    """Let a leader write an instruction on a case and return it."""
    story.case(who, case_id, "instruct", **{"reason": "请加快整改", **form})
    return int(story.newest(Instruction, case_id=case_id).id)


def replied(story: Story, case_id: int) -> int:
    """Let the head of A reply to an instruction."""
    instruction_id = instructed(story, case_id)
    story.move("head_a", INSTRUCTION, instruction_id, "reply", text="已安排专人负责")
    return instruction_id


def drafted(story: Story, who: str = "inspector", **form: Any) -> int:
    """Draft a bulletin."""
    with story.cast.begin(who) as (session, actor):
        context = Context(session, actor, story.cast.clock.now())
        authority_id = actor.grants[0].authority_id
        assert authority_id is not None
        row = new_bulletin(context, authority_id)
        return int(fire(context, BULLETIN, "draft", row, {**PERIOD, **form}).row.id)


def issued(story: Story) -> int:
    """Draft a bulletin and issue it."""
    bulletin_id = drafted(story)
    story.move("supervisor", BULLETIN, bulletin_id, "issue")
    return bulletin_id


def named_slip(story: Story, case_id: int, kind: str = "accountability") -> SlipNamed:
    """Draft a slip to A by hand and return what the daily job says of it."""
    case = story.get(Case, case_id)
    return SlipNamed(draft(story, case_id, kind), case_id, case.authority_id, story.cast.units["A"])


def propose(story: Story, *rows: SlipNamed) -> int:
    """Let the daily job propose interviews for slips."""
    with story.cast.database.begin() as session:
        return propose_for_slips(Context(session, SYSTEM, story.cast.clock.now()), rows)
