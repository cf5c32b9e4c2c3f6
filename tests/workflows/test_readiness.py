"""Readiness says which condition does not hold, and never raises."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.clock import Moment
from app.core.db import Database
from app.workflows import is_ready, readiness
from tests.databases import Databases, as_owner
from tests.stock import ready_story
from tests.story import Story


@pytest.fixture
def new_house(databases: Databases) -> Iterator[Story]:
    """A county whose job has never run."""
    story = ready_story(databases)
    yield story
    story.cast.database.dispose()


@pytest.fixture
def story(new_house: Story) -> Story:
    """A county whose job has run today, and where something happened after it."""
    new_house.daily("2026-03-03")
    new_house.log()
    return new_house


def unmet(story: Story, folder: Path, later: timedelta = timedelta(0), skew: timedelta = timedelta(0)) -> list[str]:
    """Return the names of the conditions that do not hold at the story's time, or a while later."""
    now = Moment.of(story.cast.clock.now().at + later)
    with story.cast.database.session(read_only=True) as session:
        found = readiness(session, folder, now, lambda _session: now.at + skew)
    assert is_ready(found) == all(condition.is_met for condition in found)
    return [condition.name for condition in found if not condition.is_met]


def test_house_in_order_is_ready(story: Story, tmp_path: Path) -> None:
    assert unmet(story, tmp_path) == []


def test_new_house_without_any_date_done_is_ready(new_house: Story, tmp_path: Path) -> None:
    assert unmet(new_house, tmp_path) == []


def test_job_that_is_two_days_behind_is_told(story: Story, tmp_path: Path) -> None:
    assert unmet(story, tmp_path, timedelta(days=1)) == []
    assert unmet(story, tmp_path, timedelta(days=2)) == ["daily_job"]


def test_clock_in_doubt_is_told(story: Story, tmp_path: Path) -> None:
    assert unmet(story, tmp_path, skew=timedelta(minutes=-11)) == ["clock"]
    assert unmet(story, tmp_path, timedelta(hours=-1)) == ["clock"]


def test_lost_protection_is_told(story: Story, tmp_path: Path) -> None:
    with as_owner(story.cast.database) as owner, owner.begin() as connection:
        on = "" if connection.dialect.name == "sqlite" else " ON events"
        connection.execute(text(f"DROP TRIGGER protect_events_update{on}"))
    assert unmet(story, tmp_path) == ["protections"]


def test_folder_that_cannot_be_written_is_told(story: Story, tmp_path: Path) -> None:
    assert unmet(story, tmp_path / "nowhere") == ["disk"]


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "postgresql://nobody@127.0.0.1:1/none"])
def test_database_that_is_away_is_told(url: str, tmp_path: Path) -> None:
    database = Database(url)
    with database.session(read_only=True) as session:
        found = readiness(session, tmp_path, Moment.on(date(2026, 3, 2)))
    assert [(condition.name, condition.is_met) for condition in found] == [("disk", True), ("database", False)]
    database.dispose()
