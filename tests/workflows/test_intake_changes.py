"""A file that says something else than the last time: an unassigned case takes it over, a later one only notes it."""

from datetime import date

import pytest

from tests.databases import Databases
from tests.people import Cast
from tests.stock import ready_cast
from tests.story import Story
from tests.workflows.imports import GOOD, cases, changed, events, hand_in, ledger, take_over, verdicts


@pytest.fixture
def cast(databases: Databases) -> Cast:
    return ready_cast(databases)


def test_changed_row_of_an_unassigned_case_updates_it_with_old_and_new(cast: Cast) -> None:
    take_over(cast, hand_in(cast, ledger(GOOD)))
    batch_id = hand_in(cast, ledger(changed(GOOD, c3="河道两岸无垃圾", c7="2026年7月31日", c9="是")))
    assert verdicts(cast, batch_id) == ["changed"]
    assert take_over(cast, batch_id) == {"updated": 1}
    case = cases(cast)[0]
    assert (case.standard, case.proposed_due_on, case.proposed_state) == ("河道两岸无垃圾", date(2026, 7, 31), "已完成")
    assert case.version == 2
    noted = events(cast, "case.source_changed")[0]
    assert noted.case_id == case.id
    assert noted.data["changes"]["整改时限"] == ["2026-06-30", "2026-07-31"]
    assert verdicts(cast, hand_in(cast, ledger(changed(GOOD, c3="河道两岸无垃圾", c7="2026年7月31日", c9="是")))) == [
        "unchanged"
    ]


def test_changed_row_of_an_assigned_case_is_only_noted(cast: Cast) -> None:
    take_over(cast, hand_in(cast, ledger(GOOD)))
    case_id = cases(cast)[0].id
    Story(cast).assign(case_id, "A")
    before = cases(cast)[0]
    assert take_over(cast, hand_in(cast, ledger(changed(GOOD, c3="另一个目标", c7="2026年7月31日")))) == {"noted": 1}
    case = cases(cast)[0]
    assert (case.standard, case.due_on, case.version) == (before.standard, before.due_on, before.version)
    assert events(cast, "case.source_changed")[0].data["is_updated"] is False


def test_corrected_case_is_not_changed_by_the_same_file(cast: Cast) -> None:
    take_over(cast, hand_in(cast, ledger(GOOD)))
    case_id = cases(cast)[0].id
    Story(cast).case("supervisor", case_id, "correct", title="更正后的标题", reason="核对")
    assert take_over(cast, hand_in(cast, ledger(GOOD))) == {"known": 1}
    assert cases(cast)[0].title == "更正后的标题"
