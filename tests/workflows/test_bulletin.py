"""The bulletin: figures from one snapshot, not issued while they do not add up, numbered without gaps, never changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import delete, event, update
from sqlalchemy.exc import DBAPIError

from app.calendar import load_calendar
from app.core.db import one_snapshot
from app.core.errors import Absent, Invalid, Refused
from app.ledgers.bulletins import Bulletin, snapshot_faults, take_snapshot
from app.ledgers.cases import Case
from app.people import visible
from app.workflows import BULLETIN
from app.workflows.bulletin import snapshot_hash
from tests import slips, talking
from tests.story import Story
from tests.workflows.paths import brought_to


def plant(story: Story, bulletin_id: int, snapshot: dict[str, Any], digest: str | None = None) -> None:
    """Put another snapshot into a draft, as a mistake in the program would."""
    values = {"snapshot": snapshot, "hash": digest or snapshot_hash(snapshot)}
    with story.cast.database.begin() as session:
        session.execute(update(Bulletin).where(Bulletin.id == bulletin_id).values(**values))


def test_figures_are_those_of_the_ledger(ready: Story) -> None:
    brought_to(ready, "closed", discovery="county")
    brought_to(ready, "submitted")
    ready.assign(ready.log(), "B", due_on="2026-03-05")
    ready.log()
    ready.cast.at("2026-03-09")
    row = ready.get(Bulletin, talking.drafted(ready, last_on=talking.today(ready)))
    stages = {part["name"]: part["count"] for part in row.snapshot["partitions"][0]["parts"]}
    assert stages == {"整改中（未逾期）": 0, "整改中（已逾期）": 1, "待核查验收": 1, "已销号": 1, "终止、并案等": 0}
    assert [(u["unit"], u["total"], u["closed"], u["overdue"], u["rate"]) for u in row.snapshot["units"]] == [
        ("县住建局", 2, 1, 0, "50.0"),
        ("县水利局", 1, 0, 1, "0.0"),
    ]
    assert [part["count"] for part in row.snapshot["partitions"][2]["parts"]] == [2, 1]
    assert row.snapshot["overdue"] == [{"number": "2026-0003", "unit": "县水利局", "due_on": "2026-03-05", "days": 2}]
    assert (row.snapshot["total"], snapshot_faults(row.snapshot)) == (3, [])
    shares = [part["share"] for part in row.snapshot["partitions"][1]["parts"]]
    assert shares == ["66.7", "33.3"]


def test_slip_that_was_taken_back_keeps_its_number_and_says_so(ready: Story) -> None:
    case_id = brought_to(ready, "assigned")
    slips.brought_to(ready, case_id, "issued")
    slips.move(ready, "supervisor", "withdraw", reason="误发")
    slips.brought_to(ready, case_id, "issued")
    row = ready.get(Bulletin, talking.drafted(ready, last_on=talking.today(ready)))
    assert [(line["number"], line["name"]) for line in row.snapshot["slips"]] == [
        ("督办〔2026〕1号", "督办单（已撤回）"),
        ("督办〔2026〕2号", "督办单"),
    ]


def test_bulletin_with_a_planted_fault_is_not_issued(ready: Story) -> None:
    brought_to(ready, "assigned")
    bulletin_id = talking.drafted(ready)
    good = ready.get(Bulletin, bulletin_id).snapshot
    first = good["partitions"][0]["parts"]
    wrong_count = [{**first[0], "count": first[0]["count"] + 1}, *first[1:]]
    wrong_share = [{**first[0], "share": "99.9"}, *first[1:]]
    planted = [
        good | {"partitions": [{**good["partitions"][0], "parts": parts}, *good["partitions"][1:]]}
        for parts in (wrong_count, wrong_share)
    ]
    planted += [
        good | {"overdue": [{"number": "2026-0001", "unit": "县住建局", "due_on": "2026-03-01", "days": 1}]},
        good | {"units": []},
    ]
    for snapshot in planted:
        plant(ready, bulletin_id, snapshot)
        with pytest.raises(Refused, match="数字核对不上，不能印发"):
            ready.move("supervisor", BULLETIN, bulletin_id, "issue")
    plant(ready, bulletin_id, good | {"total": 1, "as_of": "2026-03-01"}, snapshot_hash(good))
    with pytest.raises(Refused, match="哈希不符"):
        ready.move("supervisor", BULLETIN, bulletin_id, "issue")
    ready.move("inspector", BULLETIN, bulletin_id, "compute")
    ready.move("leader", BULLETIN, bulletin_id, "issue")
    assert ready.get(Bulletin, bulletin_id).issue == 1


def test_issues_are_numbered_without_gaps_and_never_changed(ready: Story) -> None:
    dropped = talking.drafted(ready)
    first, second = talking.issued(ready), talking.drafted(ready)
    ready.move("inspector", BULLETIN, dropped, "drop", reason="不用")
    ready.cast.at("2026-03-03")
    with pytest.raises(Refused, match="请先重新计算"):
        ready.move("supervisor", BULLETIN, second, "issue")
    ready.move("inspector", BULLETIN, second, "compute")
    ready.move("supervisor", BULLETIN, second, "issue")
    assert [ready.get(Bulletin, row).issue for row in (first, second)] == [1, 2]
    for change in (update(Bulletin).values(title="改"), delete(Bulletin)):
        with pytest.raises(DBAPIError, match="append-only"), ready.cast.database.begin() as session:
            session.execute(change.where(Bulletin.id == first))


def test_everybody_of_the_authority_sees_what_is_issued_and_only_the_office_drafts(ready: Story) -> None:
    draft, issued = talking.drafted(ready), talking.issued(ready)
    for who, wanted in {
        "inspector": [draft, issued],
        "leader": [draft, issued],
        "head_t": [issued],
        "organisation": [issued],
        "auditor": [issued],
        "outsider": [],
        "outsider_head": [],
    }.items():
        with ready.cast.begin(who) as (session, actor):
            assert [row.id for row in session.scalars(visible(Bulletin, actor).order_by(Bulletin.id))] == wanted, who
    with pytest.raises(Absent):
        ready.move("outsider", BULLETIN, issued, "issue")


def test_period_is_a_time_that_has_been(ready: Story) -> None:
    for form, field in (
        ({"last_on": "2026-03-03"}, "last_on"),
        ({"first_on": "2026-03-03"}, "first_on"),
        ({"first_on": "2024-01-01"}, "first_on"),
    ):
        values = {name: talking.DAY.fromisoformat(day) for name, day in form.items()}
        with pytest.raises(Invalid) as invalid:
            talking.drafted(ready, "inspector", **values)
        assert list(invalid.value.errors) == [field]


@contextmanager
def a_case_closed_between(story: Story, case_id: int) -> Iterator[list[str]]:
    """Let somebody commit a change after the first figures were read, before the others are."""
    done: list[str] = []

    def intrude(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "cases" in statement and "count(" in statement and not done:
            done.append(statement)
            with story.cast.database.begin() as session:
                session.execute(update(Case).where(Case.id == case_id).values(state="closed", ended_on=talking.DAY))

    event.listen(story.cast.database.engine, "after_cursor_execute", intrude)
    yield done
    event.remove(story.cast.database.engine, "after_cursor_execute", intrude)


def test_figures_come_from_one_moment_whatever_is_committed_meanwhile(ready: Story) -> None:
    ready.assign(ready.log(), "B", due_on="2026-03-05")
    case_id = int(ready.newest(Case).id)
    ready.cast.at("2026-03-09")
    bulletin_id = talking.drafted(ready)
    with (
        ready.cast.database.session(read_only=True) as session,
        one_snapshot(session) as reader,
        a_case_closed_between(ready, case_id) as done,
    ):
        county, today, calendar = (
            ready.cast.units["C"],
            talking.today(ready),
            load_calendar(session, ready.cast.units["C"]),
        )
        snapshot = take_snapshot(reader, county, (talking.DAY, talking.DAY), today, calendar)
    assert done
    assert ready.get(Case, case_id).state == "closed"
    assert snapshot["overdue"] == [{"number": "2026-0001", "unit": "县水利局", "due_on": "2026-03-05", "days": 2}]
    assert snapshot_faults(snapshot) == []
    ready.move("inspector", BULLETIN, bulletin_id, "compute")
    assert ready.get(Bulletin, bulletin_id).snapshot["overdue"] == []
