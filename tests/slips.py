"""Slips in tests: what stands on record, and the moves that a story makes with them."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.ledgers.cases import Case
from app.ledgers.slips import Slip
from app.workflows import SLIP, Attempt, Context, fire, new_slip
from tests.story import Story

REPLY = {"text": "已组织清理，月底前完成。"}


def overdue_case(story: Story, due_on: str = "2026-03-20", lead: str = "A", assist: str = "") -> int:
    """Bring in a case that is worked on, with a deadline."""
    case_id = story.log()
    story.assign(case_id, lead, assist, due_on)
    story.to_work(case_id, lead)
    return case_id


def slips(story: Story, case_id: int | None = None) -> list[Slip]:
    """Return the slips on record, oldest first."""
    query = select(Slip).order_by(Slip.id)
    with story.cast.database.session(read_only=True) as session:
        return list(session.scalars(query if case_id is None else query.where(Slip.case_id == case_id)))


def drafted(story: Story, case_id: int | None = None) -> list[tuple[str, str]]:
    """Return when which type of slip was drafted, in order."""
    return [(str(slip.drafted_on), slip.type_code) for slip in slips(story, case_id)]


def newest(story: Story, **same: Any) -> Slip:
    """Return the newest slip with the values."""
    found: Slip = story.newest(Slip, **same)
    return found


def move(story: Story, who: str, name: str, slip: Slip | None = None, **form: Any) -> Attempt:
    """Make a move on a slip: the newest unless told."""
    return story.move(who, SLIP, (slip or newest(story)).id, name, **form)


def answer(story: Story, slip: Slip | None = None, unit: str = "a") -> None:
    """Let the unit sign for the slip and answer it."""
    move(story, f"liaison_{unit}", "acknowledge", slip)
    move(story, f"head_{unit}", "reply", slip, **REPLY)


def draft(story: Story, case_id: int, kind: str = "supervise", who: str = "inspector", **form: Any) -> int:
    """Draft a slip by hand and return its id; to unit A for grave reasons unless told."""
    with story.cast.begin(who) as (session, actor):
        context = Context(session, actor, story.cast.clock.now())
        unit_id = story.cast.units[form.pop("unit", "A")]
        values = {"type": kind, "unit": unit_id, "entry_reason": "grave", **form}
        row = new_slip(context, session.get_one(Case, case_id), unit_id, kind, values)
        slip_id: int = fire(context, SLIP, "draft", row, values).row.id
        return slip_id


STAGES = ("draft", "issued", "acknowledged", "replied")


def brought_to(story: Story, case_id: int, stage: str, kind: str = "supervise") -> int:
    """Draft a slip to A by hand, bring it as far as the stage and return its id."""
    slip_id = draft(story, case_id, kind)
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("leader" if kind == "accountability" else "supervisor", "sign", {}),
        ("liaison_a", "acknowledge", {}),
        ("head_a", "reply", REPLY),
    ]
    for who, name, form in steps[: STAGES.index(stage)]:
        story.move(who, SLIP, slip_id, name, **form)
    return slip_id


def run(story: Story, first: str, last: str) -> None:
    """Run the daily job for each day of the span."""
    day = date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        story.daily(day)
        day += timedelta(days=1)
