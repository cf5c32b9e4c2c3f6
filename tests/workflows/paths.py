"""Ways to bring a case to where a move starts: each is a sequence of real moves by the cast."""

from datetime import date
from typing import Any

from sqlalchemy import select

from app.ledgers.cases import Assignment, Case, Plan, Request
from app.ledgers.scores import Reversal, ScoreEntry
from app.workflows import PLAN, REVERSAL, Context, fire
from tests.story import MEASURE, Story, a_file

STATES: tuple[str, ...] = ("reported", "ledgered", "assigned", "planning", "planned", "approved", "rectifying", "ready")
STATES += ("submitted", "verified", "accepted", "closed")
LATER = date(2026, 4, 17)


def assignment(story: Story, **form: Any) -> dict[str, Any]:
    """Return the form of an assignment to A, assisted by B, until 20 March."""
    units = story.cast.units
    values = {"lead": units["A"], "assist": [units["B"]], "rect_class": "limited", "due_on": date(2026, 3, 20)}
    return {**values, "standard": "河道无垃圾", **form}


def plan_form(_story: Story) -> dict[str, Any]:
    """Return a plan of one measure."""
    return {"measures": [{**MEASURE, "due_on": date(2026, 3, 20)}]}


def plan_until(story: Story, case_id: int) -> dict[str, Any]:
    """Return a plan of one measure that ends with the deadline."""
    return {"measures": [{**MEASURE, "due_on": story.get(Case, case_id).due_on}]}


def brought_to(story: Story, state: str, discovery: str = "city", **form: Any) -> int:
    """Log a case and bring it to the stage named."""
    case_id = story.log(discovery=discovery)
    for step in STATES[1 : STATES.index(state) + 1]:
        _STEPS[step](story, case_id, form)
    return case_id


def _approve(story: Story, case_id: int, _form: Any) -> None:
    story.move("head_a", PLAN, story.newest(Plan, case_id=case_id).id, "approve")


def _rectify(story: Story, case_id: int, _form: Any) -> None:
    story.case("supervisor", case_id, "pass_plan")
    story.part("liaison_b", case_id, "B", "acknowledge")


def _prepare(story: Story, case_id: int, _form: Any) -> None:
    story.do_measure(case_id)
    story.part("head_b", case_id, "B", "finish", result="完成")


_STEPS: dict[str, Any] = {
    "ledgered": lambda story, case_id, form: story.case("supervisor", case_id, "admit"),
    "assigned": lambda story, case_id, form: story.case("supervisor", case_id, "assign", **assignment(story, **form)),
    "planning": lambda story, case_id, form: story.case("liaison_a", case_id, "acknowledge"),
    "planned": lambda story, case_id, form: story.case(
        "liaison_a", case_id, "draft_plan", **plan_until(story, case_id)
    ),
    "approved": _approve,
    "rectifying": _rectify,
    "ready": _prepare,
    "submitted": lambda story, case_id, form: story.finish(case_id),
    "verified": lambda story, case_id, form: story.verify(case_id),
    "accepted": lambda story, case_id, form: story.case("supervisor", case_id, "accept"),
    "closed": lambda story, case_id, form: story.case("supervisor", case_id, "close"),
}


def extension_form(_story: Story) -> dict[str, Any]:
    """Return what an extension asks for."""
    return {"reason": "汛期", "progress": "过半", "wanted_on": LATER}


def extension(story: Story, who: str = "head_a") -> int:
    """Ask for an extension of a case in work, and return the case."""
    case_id = brought_to(story, "rectifying")
    story.case(who, case_id, "ask_extension", **extension_form(story))
    return case_id


def long_term(story: Story) -> int:
    """Bring a case to 长期坚持, its review on 17 April."""
    case_id = asked_long_term(story)
    story.case("supervisor", case_id, "make_long_term", due_on=LATER)
    return case_id


def long_term_form(_story: Story) -> dict[str, Any]:
    """Return what asking for the long-term class needs."""
    return {"reason": "需多年", "stage_goal": "一期", "wanted_on": LATER, "expected_end": date(2026, 12, 1)}


def asked_long_term(story: Story) -> int:
    """Ask for the long-term class."""
    case_id = brought_to(story, "rectifying")
    story.case("head_a", case_id, "ask_long_term", **long_term_form(story))
    return case_id


def asked_rebound(story: Story) -> int:
    """Close a case and ask for its rebound."""
    case_id = brought_to(story, "closed")
    story.case("inspector", case_id, "ask_rebound", reason="又见垃圾", basis="回头看")
    return case_id


def disputed(story: Story, unit: str = "A") -> int:
    """Assign a case and let a unit ask to return its part."""
    case_id = brought_to(story, "assigned")
    story.part(f"head_{unit.lower()}", case_id, unit, "dispute", reason="不是本单位职责")
    return case_id


def proposed(story: Story, kind: str) -> int:
    """Propose the end of a case to the leader."""
    case_id = brought_to(story, "assigned")
    story.case("supervisor", case_id, f"propose_{kind}", reason="理由", leader=story.cast.persons["leader"])
    return case_id


def merged(story: Story) -> int:
    """Merge an assigned case into another one."""
    case_id, other = brought_to(story, "assigned"), brought_to(story, "reported")
    story.case("supervisor", case_id, "merge", case=other, reason="同一问题")
    return case_id


def entry_ids(story: Story, case_id: int, unit: str) -> list[int]:
    """Return the ids of a unit's entries of a case."""
    query = select(ScoreEntry.id).where(ScoreEntry.case_id == case_id, ScoreEntry.unit_id == story.cast.units[unit])
    with story.cast.database.session(read_only=True) as session:
        return list(session.scalars(query.order_by(ScoreEntry.id)))


def objection(story: Story, who: str = "head_a") -> int:
    """Object to the found entry of A and return the objection."""
    case_id = brought_to(story, "assigned")
    return story.object(who, case_id, "A", entry_ids(story, case_id, "A"))


def reversal_row(story: Story, entry_id: int) -> Reversal:
    """Make the row of a reversal by hand."""
    cast = story.cast
    asked_by, day = cast.persons["assessor"], cast.clock.now().day
    return Reversal(
        authority_id=cast.units["C"], entry_id=entry_id, reason="录入有误", asked_by_id=asked_by, asked_on=day
    )


def asked_reversal(story: Story) -> int:
    """Ask for a reversal by hand and return it."""
    case_id = brought_to(story, "assigned")
    return ask_reversal(story, reversal_row(story, entry_ids(story, case_id, "A")[0]))


def part_of(story: Story, case_id: int, unit: str) -> int:
    """Return the id of a unit's part."""
    return int(story.one(Assignment, case_id=case_id, unit_id=story.cast.units[unit]).id)


def request_of(story: Story, case_id: int, kind: str) -> int:
    """Return the id of the newest request of a kind."""
    return int(story.newest(Request, case_id=case_id, kind=kind).id)


def files() -> list[Any]:
    """Return one file."""
    return [a_file()]


def ask_reversal(story: Story, row: Reversal) -> int:
    """Ask for a reversal by hand and return it."""
    with story.cast.begin("assessor") as (session, actor):
        context = Context(session, actor, story.cast.clock.now())
        return int(fire(context, REVERSAL, "ask", row, {"reason": row.reason}).row.id)
