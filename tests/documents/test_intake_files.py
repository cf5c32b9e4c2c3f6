"""Long imports done by the worker: read, judged, taken over and reversed, with progress, or a reason why not."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import select

from app.cli.intake_duty import IntakeDuty
from app.core.db import Database
from app.core.errors import Refused
from app.core.leases import LEASE
from app.documents import intake_files
from app.documents.intake_files import FOLDER
from app.ledgers.cases import Case
from app.ledgers.intake import ImportBatch, ImportTask, find_layout
from app.people import Mandate
from app.workflows import Context
from app.workflows.intake import begin_reading, keep_preview
from app.workflows.intake_tasks import ask_task, cancel_task, claim_task
from tests.people import Cast, make_cast
from tests.workflows.imports import HEAD, ROWS, cases, count, rows_of, verdicts

ASKED = {"stored": "1f.xlsx", "name": "台账.xlsx", "sha256": "ab" * 32, "size": 9, "sheet": None}


@pytest.fixture
def cast(database: Database) -> Cast:
    return make_cast(database, "2026-03-02")


@pytest.fixture
def duty(cast: Cast, instance: Path) -> IntakeDuty:
    """The worker's duty, which ends when nothing waits."""
    return IntakeDuty(cast.database, cast.clock, instance, watch=0)


@pytest.fixture
def batch_id(cast: Cast, instance: Path) -> int:
    """A file that was handed in and waits to be read."""
    (instance / FOLDER).mkdir()
    with xlsxwriter.Workbook(instance / FOLDER / "1f.xlsx", {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("整改台账")
        for number, row in enumerate([("填报日期：2026年2月20日",), HEAD, *ROWS]):
            sheet.write_row(number, 0, row)
    with cast.begin("supervisor") as (session, actor):
        context = Context(session, actor, cast.clock.now())
        batch = begin_reading(context, cast.units["C"], find_layout("整改台账"), "台账.xlsx")
        ask_task(context, batch, "read", **ASKED)
        return batch.id


def ask(cast: Cast, batch_id: int, kind: str, **asked: Any) -> None:
    with cast.begin("supervisor") as (session, actor):
        batch = session.get_one(ImportBatch, batch_id)
        ask_task(Context(session, actor, cast.clock.now()), batch, kind, **{"version": batch.version, **asked})


def last(cast: Cast) -> ImportTask:
    with cast.database.session(read_only=True) as session:
        return session.scalars(select(ImportTask).order_by(ImportTask.id.desc())).first() or ImportTask()


def state(cast: Cast, batch_id: int) -> str:
    with cast.database.session(read_only=True) as session:
        return session.get_one(ImportBatch, batch_id).state


def test_a_long_file_is_read_taken_over_and_reversed_by_the_worker(cast: Cast, batch_id: int, duty: IntakeDuty) -> None:
    duty()
    assert (state(cast, batch_id), last(cast).state) == ("previewed", "done")
    assert verdicts(cast, batch_id) == ["new", "new", "new", "wrong", "wrong", "duplicate"]
    ask(cast, batch_id, "apply")
    duty()
    assert (state(cast, batch_id), count(cast, Case)) == ("applied", 2)
    ask(cast, batch_id, "reverse", reason="报错了表", leave_moved=False)
    duty()
    assert state(cast, batch_id) == "reversed"
    assert [case.state for case in cases(cast)] == ["voided", "voided"]


def test_rows_that_are_put_right_are_judged_by_the_worker(cast: Cast, batch_id: int, duty: IntakeDuty) -> None:
    duty()
    with cast.database.begin() as session:
        session.get_one(ImportBatch, batch_id).counts = {}
    ask(cast, batch_id, "judge")
    duty()
    with cast.database.session(read_only=True) as session:
        assert session.get_one(ImportBatch, batch_id).counts["new"] == 3


def test_file_that_cannot_be_read_is_refused_with_its_reason(
    cast: Cast, batch_id: int, duty: IntakeDuty, instance: Path
) -> None:
    (instance / FOLDER / "1f.xlsx").write_bytes(b"<html>")
    duty()
    assert (state(cast, batch_id), last(cast).state) == ("refused", "failed")
    assert "不是Excel文件" in last(cast).note


def test_preview_that_changed_meanwhile_is_not_taken_over(cast: Cast, batch_id: int, duty: IntakeDuty) -> None:
    duty()
    ask(cast, batch_id, "apply", version=99)
    duty()
    assert (state(cast, batch_id), last(cast).state, count(cast, Case)) == ("previewed", "failed", 0)
    assert "刚刚有人先办理" in last(cast).note


def test_who_lost_the_mandate_takes_nothing_over(cast: Cast, batch_id: int, duty: IntakeDuty) -> None:
    duty()
    ask(cast, batch_id, "apply")
    with cast.database.begin() as session:
        mine = select(Mandate).where(Mandate.person_id == cast.persons["supervisor"])
        session.scalars(mine).one().ends_on = date(2026, 3, 1)
    duty()
    assert (last(cast).state, count(cast, Case)) == ("failed", 0)


def test_one_import_is_worked_on_once_at_a_time(cast: Cast, batch_id: int) -> None:
    with pytest.raises(Refused, match="后台正在处理"):
        ask(cast, batch_id, "judge")
    with cast.database.begin() as session:
        assert claim_task(session, "一", cast.clock.now().at) is not None
        assert claim_task(session, "二", cast.clock.now().at) is None
        assert claim_task(session, "二", cast.clock.now().at + LEASE * 2) is not None


def test_cancelled_work_writes_nothing(
    cast: Cast, batch_id: int, duty: IntakeDuty, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cancelled while it is at work: the worker notices when it would end, and its transaction is gone."""
    real = keep_preview

    def cancelled(*args: Any) -> None:
        real(*args)
        cancel_task(args[0].session, batch_id, cast.clock.now().at)
        args[0].session.flush()

    monkeypatch.setattr(intake_files, "keep_preview", cancelled)
    duty()
    assert rows_of(cast, batch_id) == []
    assert state(cast, batch_id) == "reading"


def test_what_goes_wrong_is_noted_and_the_worker_goes_on(
    cast: Cast, batch_id: int, duty: IntakeDuty, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_args: Any) -> None:
        raise OSError("disk")

    monkeypatch.setattr(intake_files, "read_kept_file", breaks)
    duty()
    assert (state(cast, batch_id), last(cast).state) == ("refused", "failed")
    assert "OSError" in last(cast).note
