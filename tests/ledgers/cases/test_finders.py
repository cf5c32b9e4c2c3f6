"""The ledger's filters, and the flags that stand beside a state."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pytest

from app.core.errors import Absent
from app.ledgers.cases import Filters, Flag, Horizon, find_case, flags_of, ledger_page
from tests.databases import Databases
from tests.stock import ready_story
from tests.story import Story

TODAY = date(2026, 3, 18)
DAYS = Horizon(TODAY, date(2026, 3, 23))


@dataclass(frozen=True)
class Plain:
    """A case as far as flags look at it."""

    state: str = "rectifying"
    due_on: date | None = date(2026, 3, 30)
    due_provisional: bool = False
    returned_count: int = 0
    rebound_count: int = 0


def test_flags_say_what_is_late_and_what_is_soon() -> None:
    case = Plain()
    assert flags_of(case, DAYS, ()) == ()
    assert flags_of(replace(case, due_on=date(2026, 3, 17)), DAYS, ()) == (Flag("overdue"),)
    assert flags_of(replace(case, due_on=TODAY), DAYS, ()) == (Flag("soon"),)
    assert flags_of(replace(case, due_on=date(2026, 3, 23)), DAYS, ()) == (Flag("soon"),)
    assert flags_of(replace(case, due_on=None), DAYS, ()) == ()


def test_nothing_is_late_once_the_clock_stands() -> None:
    for state in ("reported", "ledgered", "submitted", "verified", "accepted", "closed", "merged"):
        assert flags_of(Plain(state=state, due_on=date(2026, 1, 1)), DAYS, ()) == ()


def test_flags_count_returns_and_rebounds() -> None:
    words = [flag.word for flag in flags_of(Plain(returned_count=2, rebound_count=1), DAYS, ("listed", "extension"))]
    assert words == ["延期待批", "退回 2 次", "反弹 1 次", "已列入纪检"]


@pytest.fixture
def story(databases: Databases) -> Iterator[Story]:
    """A county ready to work in."""
    made = ready_story(databases)
    yield made
    made.cast.database.dispose()


def titles(story: Story, who: str, filters: Filters) -> list[str]:
    with story.cast.begin(who) as (session, actor):
        return [row.case.title for row in ledger_page(session, actor, filters, DAYS).rows]


def test_ledger_is_narrowed_by_each_filter(story: Story) -> None:
    story.assign(story.log(title="甲", source_kind="hotline"), "A", "B", due_on="2026-03-16")
    story.assign(story.log(title="乙"), "B", due_on="2026-03-20")
    story.assign(story.log(title="丙", text="100% 的_河道"), "T", "A", due_on="2026-04-20")
    rejected = story.log(title="丁")
    story.case("supervisor", rejected, "reject", reason="不属实")
    story.log(title="戊")
    a, b = story.cast.units["A"], story.cast.units["B"]
    wanted = {
        Filters(): ["甲", "乙", "丙", "戊"],
        Filters(state="all"): ["甲", "乙", "丙", "丁", "戊"],
        Filters(state="ended"): ["丁"],
        Filters(state="rejected"): ["丁"],
        Filters(state="assigned"): ["甲", "乙", "丙"],
        Filters(unit_id=a): ["甲", "丙"],
        Filters(unit_id=a, part="lead"): ["甲"],
        Filters(unit_id=b, part="assist"): ["甲"],
        Filters(source="hotline"): ["甲"],
        Filters(when="overdue"): ["甲"],
        Filters(when="soon"): ["乙"],
        Filters(due_from=date(2026, 3, 20), due_to=date(2026, 4, 1)): ["乙"],
        Filters(unit_id=b, due_from=date(2026, 3, 20), due_to=date(2026, 4, 1)): ["乙"],
        Filters(unit_id=b, due_to=date(2026, 3, 19)): ["甲"],
        Filters(due_to=date(9999, 12, 31)): ["甲", "乙", "丙"],
        Filters(text="100%"): ["丙"],
        Filters(text="_河"): ["丙"],
        Filters(text="%"): ["丙"],
        Filters(text="2026-0002"): ["乙"],
    }
    found = {filters: titles(story, "inspector", filters) for filters in wanted}
    assert found == wanted
    assert titles(story, "liaison_b", Filters(state="all")) == ["甲", "乙"]
    assert titles(story, "outsider", Filters(state="all")) == []


def test_case_of_another_county_is_absent(story: Story) -> None:
    case_id = story.log()
    with story.cast.begin("outsider") as (session, actor), pytest.raises(Absent):
        find_case(session, actor, case_id)
