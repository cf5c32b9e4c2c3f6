"""A file that says something else than the last time: an unassigned case takes it over, a later one only notes it."""

from datetime import date

import pytest

from app.ledgers.cases import CaseSource
from tests.databases import Databases
from tests.people import Cast
from tests.stock import ready_cast
from tests.story import Story
from tests.workflows.imports import (
    GOOD,
    cases,
    changed,
    events,
    hand_in,
    ledger,
    messages,
    rows_of,
    take_over,
    verdicts,
)


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


def test_number_that_stands_in_any_cell_is_kept_with_the_contact_and_nowhere_else(cast: Cast) -> None:
    row = ("A-1", "赵铁柱", "路灯不亮", "2026/2/1 08:00:00", "来电13700000000反映路灯不亮", "城乡建设", 0, 5)
    take_over(cast, hand_in(cast, messages(row)))
    story = Story(cast)
    assert story.one(CaseSource).contact == "赵铁柱；13700000000"
    again = changed(row, c4="来电13700000000、13800000000反映路灯仍不亮")
    assert take_over(cast, hand_in(cast, messages(again))) == {"updated": 1}
    assert story.one(CaseSource).contact == "赵铁柱；13700000000；13800000000"
    assert cases(cast)[0].text == "来电［电话已隐去］、［电话已隐去］反映路灯仍不亮"
    assert "13800000000" not in str(events(cast, "case.source_changed")[0].data)
    crowd = changed(row, c0="A-2", c4="，".join(f"139{number:08d}" for number in range(30)))
    batch_id = hand_in(cast, messages(row, crowd))
    assert [one.verdict for one in rows_of(cast, batch_id)][1] == "wrong"
    assert "连同各格里的电话、证件号最多 200 字" in str(rows_of(cast, batch_id)[1].problems)
