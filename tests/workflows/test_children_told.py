"""上级件有变化: whoever works on what was handed down is told what became of the case above."""

import pytest
from sqlalchemy import select

from app.ledgers.messages import Message
from tests.handing import assigned, closed, handed_down, parent
from tests.story import Story


def told_below(story: Story) -> list[tuple[str, int]]:
    """Return who was told that a parent moved, and of which case: persons by name, a unit by its code."""
    codes = {unit_id: code for code, unit_id in story.cast.units.items()}
    names = {person_id: name for name, person_id in story.cast.persons.items()}
    with story.cast.database.session(read_only=True) as session:
        query = select(Message).where(Message.kind == "parent_moved").order_by(Message.id)
        rows = list(session.scalars(query))
    return [(names[row.person_id] if row.person_id else codes[row.unit_id], row.case_id or 0) for row in rows]


def test_office_below_and_the_unit_are_told_that_the_parent_was_merged_or_lives_again(ready: Story) -> None:
    case_id, other = parent(ready, rect_class="immediate"), parent(ready, rect_class="immediate")
    child_id, done = handed_down(ready, case_id), handed_down(ready, case_id)
    assigned(ready, child_id)
    assigned(ready, done)
    closed(ready, done)
    ready.case("supervisor", case_id, "merge", case=other, reason="同一问题")
    once = [("supervisor_t", child_id), ("supervisor2_t", child_id), ("T", case_id)]
    assert sorted(told_below(ready)) == sorted(once)
    ready.case("supervisor", case_id, "unmerge", reason="不是同一问题")
    assert sorted(told_below(ready)) == sorted(once * 2)


@pytest.mark.parametrize(("kind", "said"), [("terminate", "无法整改"), ("void", "误登")])
def test_office_below_is_told_that_the_parent_ended(ready: Story, kind: str, said: str) -> None:
    case_id = parent(ready, rect_class="immediate")
    child_id = handed_down(ready, case_id)
    assigned(ready, child_id)
    ready.case("supervisor", case_id, f"propose_{kind}", reason=said, leader=ready.cast.persons["leader"])
    ready.case("leader", case_id, kind)
    assert ("supervisor_t", child_id) in told_below(ready)
    assert ("T", case_id) in told_below(ready)


def test_office_is_told_of_the_case_its_child_was_merged_into(ready: Story) -> None:
    case_id, other = parent(ready, rect_class="immediate"), parent(ready, rect_class="immediate")
    child_id, own = handed_down(ready, case_id), ready.log("inspector_t", title="镇里自己的")
    assigned(ready, child_id)
    assigned(ready, own, "2026-03-17")
    ready.case("supervisor_t", child_id, "merge", case=own, reason="同一问题")
    ready.case("supervisor", case_id, "merge", case=other, reason="同一问题")
    assert ("supervisor_t", own) in told_below(ready)
