"""What is said before a bulk run is confirmed is what the very guards of the single move say."""

from datetime import date
from typing import Any

import pytest

from app.core.errors import Refused
from app.ledgers.cases import Case
from app.workflows import Context
from app.workflows.bulk import choose, foresee
from tests.story import Story
from tests.web.test_cases_queries import counted
from tests.workflows.paths import brought_to

LATER = date(2026, 4, 20)
EXTENSION: dict[str, Any] = {"reason": "汛期", "progress": "过半", "wanted_on": LATER}
LEAD_DOES_IT = "须由牵头单位的单位负责人、联络员办理。您的单位不是这一件的牵头单位：请与牵头单位联系"


def foreseen(story: Story, who: str, act: str, case_ids: list[int]) -> tuple[int, dict[str, list[int]]]:
    """Return how many may be moved, and the cases that may not by reason."""
    seen = {case_id: story.get(Case, case_id).version for case_id in case_ids}
    with story.cast.begin(who) as (session, actor):
        context = Context(session, actor, story.cast.clock.now())
        found = foresee(context, choose(context, act, seen))
        return found.ready, {said: [case.id for case in cases if case] for said, cases in found.hindered.items()}


def said_of(story: Story, who: str, name: str, case_id: int, **form: Any) -> str:
    """Return the reason for which the single move is refused."""
    with pytest.raises(Refused) as caught:
        story.case(who, case_id, name, **form)
    return str(caught.value)


def test_extension_asked_too_late_or_twice_is_foreseen(ready: Story) -> None:
    late, open_one, asked = (brought_to(ready, "rectifying") for _ in range(3))
    ready.case("head_a", asked, "ask_extension", **EXTENSION)
    with ready.cast.database.begin() as session:
        session.get_one(Case, late).due_on = date(2026, 3, 1)
    count, found = foreseen(ready, "head_a", "ask_extension", [late, open_one, asked])
    assert count == 1
    assert found == {
        said_of(ready, "head_a", "ask_extension", late, **EXTENSION): [late],
        said_of(ready, "head_a", "ask_extension", asked, **EXTENSION): [asked],
    }
    assert "整改期限 2026-03-01 已过，逾期后不再受理延期申请。" in found


def test_who_assists_is_told_that_the_lead_does_it(ready: Story) -> None:
    case_id = ready.log()
    ready.assign(case_id, "A", "B")
    ready.to_work(case_id)
    single = said_of(ready, "head_b", "ask_extension", case_id, **EXTENSION)
    assert f"“申请延期”{LEAD_DOES_IT}" in single
    assert foreseen(ready, "head_b", "ask_extension", [case_id]) == (0, {single: [case_id]})
    assert "须由牵头单位的单位负责人办理" in said_of(ready, "head_b", "report_finished", case_id)
    assert "牵头单位" not in said_of(ready, "liaison_a", "report_finished", case_id)
    assert "牵头单位" not in said_of(ready, "inspector", "ask_extension", case_id, **EXTENSION)


def test_decision_on_an_extension_is_foreseen_by_its_own_guards(ready: Story) -> None:
    none, asked, drafted = (brought_to(ready, "rectifying") for _ in range(3))
    ready.case("head_a", asked, "ask_extension", **EXTENSION)
    ready.case("liaison_a", drafted, "ask_extension", **EXTENSION)
    assert foreseen(ready, "supervisor", "extend", [none, asked, drafted]) == (
        1,
        {"没有待决定的延期申请。": [none, drafted]},
    )


def test_merge_that_is_undone_later_is_foreseen(ready: Story) -> None:
    first, second, third = (brought_to(ready, "assigned") for _ in range(3))
    ready.case("supervisor", first, "merge", case=second, reason="同一问题")
    assert foreseen(ready, "supervisor", "unmerge", [first, second])[0] == 1
    ready.case("supervisor", second, "merge", case=third, reason="同一问题")
    count, found = foreseen(ready, "supervisor", "unmerge", [first, second])
    assert (count, found) == (1, {said_of(ready, "supervisor", "unmerge", first, reason="误"): [first]})


def test_who_was_pressed_today_or_is_done_is_foreseen(ready: Story) -> None:
    pressed, other = brought_to(ready, "rectifying"), brought_to(ready, "rectifying")
    ready.case("supervisor", pressed, "remind")
    count, found = foreseen(ready, "inspector", "remind", [pressed, other])
    assert (count, found) == (1, {said_of(ready, "inspector", "remind", pressed): [pressed]})
    assert foreseen(ready, "inspector", "ask_progress", [pressed, other])[0] == 2


@pytest.mark.parametrize(
    ("who", "act", "state"),
    [
        ("head_a", "ask_extension", "rectifying"),
        ("head_b", "ask_extension", "rectifying"),
        ("supervisor", "assign", "ledgered"),
        ("supervisor", "extend", "rectifying"),
        ("supervisor", "accept", "verified"),
        ("supervisor", "merge", "assigned"),
        ("supervisor", "unmerge", "assigned"),
    ],
)
def test_as_much_is_asked_for_many_cases_as_for_few(ready: Story, who: str, act: str, state: str) -> None:
    ids, asked = [brought_to(ready, state) for _ in range(5)], []
    for case_id in ids if act == "unmerge" else ():
        ready.case("supervisor", case_id, "merge", case=brought_to(ready, "ledgered"), reason="同一问题")
    for some in (ids[:2], ids):
        seen = {case_id: ready.get(Case, case_id).version for case_id in some}
        with ready.cast.begin(who) as (session, actor):
            context = Context(session, actor, ready.cast.clock.now())
            run = choose(context, act, seen)
            session.flush()
            with counted(ready) as sent:
                foresee(context, run)
        asked.append(len(sent))
    assert asked[0] == asked[1]
