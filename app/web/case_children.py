"""What a case page tells of the levels below and above: what was handed down from it, and what became of its parent."""

from typing import Any

from app.calendar import say
from app.ledgers.cases import CaseStory, children_shown, open_children, parents_told
from app.ledgers.cases.words import ENDED_STATES, STATES
from app.web.case_looks import state_look
from app.web.case_rows import at_shown
from app.web.shell import desk

ENDED = {
    "merged": "本件已并案：没有办结的下级办件随之归并入的那一件，由它等下级销号，期限也随它。",
    "terminated": "本件已终止(未整改)：没有办结的下级办件由下级自行办理，不再受本件期限约束。",
}


def levels_of(story: CaseStory) -> dict[str, Any]:
    """Return both ways what the page tells; asked only where there is any."""
    children = _children(story)
    return {
        "children": children,
        "waits": _waits(story) if children else [],
        "children_end": ENDED.get(story.case.state, "") if any(not row["ended_on"] for row in children) else "",
        "parents": _parents(story),
    }


def _children(story: CaseStory) -> list[dict[str, Any]]:
    if not story.is_followed:
        return []
    return [
        {
            "unit": row.unit,
            "via": row.via,
            "number": row.number or "未编号",
            "state": state_look(row.state),
            "due_on": row.due_on,
            "saved_on": at_shown(row.saved_at)[:10],
            "ended_on": row.ended_on,
            "result": row.result,
        }
        for row in children_shown(desk().session, desk().actor, story.case.id, story.sees_lead)
    ]


def _waits(story: CaseStory) -> list[str]:
    """Say what of the children keeps the case from its end, for who sees the lead's part."""
    if story.case.ended_on is not None or not story.sees_lead:
        return []
    return [child.said for child in open_children(desk().session, story.case.id)]


def _parents(story: CaseStory) -> list[str]:
    if story.case.parent_id is None and not story.merged:
        return []
    return [_parent(row, story.case.ended_on is not None) for row in parents_told(desk().session, story.case.id)]


def _parent(row: Any, is_over: bool) -> str:
    """Say how the parent stands, and what that means for a case that is still worked on."""
    said = f"{row.unit} {row.number}"
    if row.merged_into:
        said += f"，已并入 {row.merged_into}"
    if row.state not in ENDED_STATES:
        until = "" if is_over else "。" + ("上级等本件销号以后才能报结" if not row.merged_into else "改由它等本件销号")
        until += f"，本件期限不能晚于 {say(row.due_on)}" if until and row.due_on else ""
        return f"{said}（在办）{until}"
    return f"{said}（{STATES[row.state]}）" + ("" if is_over else "。本件由本级继续办理，不再受上级期限约束")
