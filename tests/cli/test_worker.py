"""The worker does the daily job when it is due, says why when it does not, and ends cleanly when told to."""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.audit import broken_chains
from app.cli.worker import DailyDuty
from app.core.db import Database
from app.core.logs import FIELDS, JsonLine, log_event, write_logs
from app.workflows import last_done
from config import ROOT
from tests.cli.conftest import DAY
from tests.databases import as_owner
from tests.story import Story


@pytest.fixture
def duty(lived: Story) -> DailyDuty:
    """The worker's question over the story's clock; the database's clock agrees with it."""
    return DailyDuty(lived.cast.database, lived.cast.clock, lambda _session: lived.cast.clock.now().at)


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Callable[[], list[tuple[str, Any]]]:
    """Return the events logged so far with their dates."""
    caplog.set_level(logging.INFO, "worker")

    def events() -> list[tuple[str, Any]]:
        return [(r.getMessage(), getattr(r, FIELDS).get("day")) for r in caplog.records if r.name == "worker"]

    return events


def done(story: Story) -> date | None:
    """Return the last date done."""
    with story.cast.database.session(read_only=True) as session:
        return last_done(session)


def at(story: Story, day: str, hour: int, minute: int = 0) -> None:
    """Put the story's clock to a time of day."""
    story.cast.at(day, hour)
    moment = story.cast.clock.moment
    story.cast.clock.moment = type(moment)(moment.at + timedelta(minutes=minute), moment.day)


def test_day_is_done_shortly_after_midnight(lived: Story, duty: DailyDuty, said: Callable[[], Any]) -> None:
    at(lived, DAY, 23, 59)
    duty()
    at(lived, "2026-03-17", 0)
    duty()
    assert (done(lived), said()) == (date(2026, 3, 16), [])
    at(lived, "2026-03-17", 0, 1)
    duty()
    duty()
    assert (done(lived), said()) == (date(2026, 3, 17), [("day_done", date(2026, 3, 17))])


def test_worker_that_was_away_catches_up(lived: Story, duty: DailyDuty, said: Callable[[], Any]) -> None:
    at(lived, "2026-03-20", 14)
    duty()
    assert [day for _, day in said()] == [date(2026, 3, number) for number in (17, 18, 19, 20)]


def test_long_gap_is_refused_and_said_once_a_day(lived: Story, duty: DailyDuty, said: Callable[[], Any]) -> None:
    for day in ("2026-03-30", "2026-03-31"):
        for hour in (1, 2, 3):
            at(lived, day, hour)
            duty()
    assert done(lived) == date(2026, 3, 16)
    assert said() == [("refused", date(2026, 3, 30)), ("refused", date(2026, 3, 31))]


def test_suspicious_clock_is_refused(lived: Story, said: Callable[[], Any]) -> None:
    def theirs(_session: Session) -> datetime:
        return lived.cast.clock.now().at - timedelta(hours=1)

    at(lived, "2026-03-17", 8)
    DailyDuty(lived.cast.database, lived.cast.clock, theirs)()
    assert (done(lived), said()) == (date(2026, 3, 16), [("refused", date(2026, 3, 17))])


def test_date_done_ahead_is_waited_for(lived: Story, duty: DailyDuty, said: Callable[[], Any]) -> None:
    at(lived, "2026-03-14", 8)
    duty()
    assert said() == [("ahead", None)]


def test_worker_outlives_a_database_that_is_away(lived: Story, said: Callable[[], Any], tmp_path: Path) -> None:
    away = Database(f"sqlite:///{tmp_path / 'no' / 'such.db'}")
    duty = DailyDuty(away, lived.cast.clock)
    duty()
    duty()
    assert said() == [("failed", None)]


def test_worker_told_to_end_stops_after_the_date_at_hand(lived: Story, duty: DailyDuty) -> None:
    at(lived, "2026-03-20", 14)
    duty.is_ending = lambda: True
    duty()
    assert done(lived) == date(2026, 3, 17)


def test_several_workers_leave_what_one_leaves(lived: Story) -> None:
    at(lived, "2026-03-20", 14)
    duties = [
        DailyDuty(lived.cast.database, lived.cast.clock, lambda _session: lived.cast.clock.now().at) for _ in range(4)
    ]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda duty: duty(), duties))
    overdue = [(unit, day) for rule, unit, day, _, _ in lived.entries("T") if rule == "overdue" and day > DAY]
    assert overdue == [("T", f"2026-03-{number}") for number in (17, 18, 19, 20)]
    with lived.cast.database.session(read_only=True) as session:
        assert list(broken_chains(session)) == []


def test_log_is_one_line_of_json_for_each_event() -> None:
    stream, root = StringIO(), logging.getLogger()
    kept = root.handlers, root.level
    try:
        write_logs(stream)
        log_event("worker", "day_done", day=date(2026, 3, 17), proposed=2)
        try:
            raise ValueError("第一行\n第二行")
        except ValueError:
            logging.getLogger("other").exception("failed")
    finally:
        root.handlers, root.level = kept
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (first["event"], first["day"], first["proposed"], first["level"]) == ("day_done", "2026-03-17", 2, "info")
    assert "第二行" in second["error"]
    assert isinstance(root.handlers, list)
    assert isinstance(JsonLine(), logging.Formatter)


@contextmanager
def worker(database: Database, instance: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a real worker process over a database, and make sure that it is gone afterwards."""
    url = database.engine.url.render_as_string(hide_password=False)
    environment = {**os.environ, "DUKAO_DATABASE_URL": url, "DUKAO_INSTANCE": str(instance), "FLASK_APP": "wsgi"}
    command = [sys.executable, "-m", "flask", "worker"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def lines_until(process: subprocess.Popen[str], event: str) -> list[dict[str, Any]]:
    """Read the worker's log up to an event."""
    assert process.stderr is not None
    found = []
    for line in process.stderr:
        found.append(json.loads(line))
        if found[-1]["event"] == event:
            return found
    pytest.fail(f"the worker ended before {event}: {found}")


def test_two_processes_work_beside_each_other_and_end_when_told(database: Database, instance: Path) -> None:
    with worker(database, instance) as one, worker(database, instance) as other:
        assert lines_until(one, "started")
        assert lines_until(other, "started")
        with database.session(read_only=True) as session:
            while last_done(session) is None:  # the first tick comes at start, and does the day in either of them
                with suppress(subprocess.TimeoutExpired):
                    assert one.wait(0.05) is None, "the worker ended by itself"
                session.rollback()
        for process in (one, other):
            process.send_signal(signal.SIGTERM)
        assert lines_until(one, "ended")
        assert lines_until(other, "ended")
        assert (one.wait(20), other.wait(20)) == (0, 0)
    with database.session(read_only=True) as session:
        assert last_done(session) is not None
    assert (instance / "queue.db").exists()


def test_worker_does_not_begin_without_the_protections(database: Database, instance: Path) -> None:
    with as_owner(database) as owner, owner.begin() as connection:
        on = "" if connection.dialect.name == "sqlite" else " ON score_entries"
        connection.execute(text(f"DROP TRIGGER protect_score_entries_update{on}"))
    with worker(database, instance) as process:
        assert process.stderr is not None
        assert "请先执行 flask db upgrade" in process.stderr.read()
        assert process.wait(20) == 1
