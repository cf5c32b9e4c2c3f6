"""`flask daily` does what is due, says so, and refuses a date in doubt without the operator's word."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import app.cli.daily
from app.audit import Event
from app.ledgers.scores import Standing
from tests.cli.conftest import DAY, Command
from tests.story import Story


@pytest.fixture(autouse=True)
def trusted(lived: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the database's clock agree with the story's: a story's time is not the machine's."""

    def theirs(_session: Session) -> datetime:
        return lived.cast.clock.now().at

    monkeypatch.setattr(app.cli.daily, "database_time", theirs)


def standings(story: Story) -> dict[int, str]:
    """Return the state of every entry."""
    with story.cast.database.session(read_only=True) as session:
        return {entry_id: state for entry_id, state in session.execute(select(Standing.entry_id, Standing.state))}


def test_status_is_the_bare_date(command: Command) -> None:
    result = command("daily", "--status")
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{DAY}\n", "")


def test_each_date_is_one_line(lived: Story, command: Command) -> None:
    lived.cast.at("2026-03-18")
    result = command("daily")
    assert result.exit_code == 0
    assert [line[:10] for line in result.stdout.splitlines()] == ["2026-03-17", "2026-03-18"]
    assert "拟扣 4 条，确认 4 条，冲销 0 条" in result.stdout
    assert command("daily", "--status").stdout == "2026-03-18\n"


def test_date_done_is_not_done_again(lived: Story, command: Command) -> None:
    before = lived.entries()
    result = command("daily")
    assert (result.exit_code, lived.entries()) == (0, before)
    assert "已经结算过" in result.stdout


@pytest.mark.parametrize("word", [[], ["--confirm"]])
def test_date_before_the_last_one_is_always_refused(lived: Story, command: Command, word: list[str]) -> None:
    before = lived.entries()
    result = command("daily", "--date", "2026-03-15", *word)
    assert (result.exit_code, result.stdout, lived.entries()) == (1, "", before)
    assert "早于已结算到的 2026-03-16" in result.stderr


def test_long_gap_needs_a_word(lived: Story, command: Command) -> None:
    lived.cast.at("2026-03-27")
    before = lived.entries()
    result = command("daily")
    assert (result.exit_code, lived.entries()) == (1, before)
    assert "已有 11 天，超过 10 天" in result.stderr
    assert command("daily", "--confirm").exit_code == 0
    assert command("daily", "--status").stdout == "2026-03-27\n"
    assert "confirmed" in set(standings(lived).values()) - {""}


def test_gap_of_ten_days_needs_none(lived: Story, command: Command) -> None:
    lived.cast.at("2026-03-26")
    assert command("daily").exit_code == 0


def test_future_date_proposes_on_a_word_and_confirms_nothing(lived: Story, command: Command) -> None:
    before = standings(lived)
    assert "proposed" in before.values(), "nothing to confirm"
    assert command("daily", "--date", "2026-03-25").exit_code == 1
    assert standings(lived) == before
    result = command("daily", "--date", "2026-03-25", "--confirm")
    assert result.exit_code == 0
    after = standings(lived)
    assert len(after) > len(before)
    assert {entry_id: after[entry_id] for entry_id in before} == before
    assert set(after.values()) - set(before.values()) == set()
    lived.cast.at("2026-03-26")
    assert command("daily").exit_code == 0
    assert sum(state == "confirmed" for state in standings(lived).values()) > sum(
        state == "confirmed" for state in before.values()
    )


def test_word_is_on_record_with_every_doubt(lived: Story, command: Command) -> None:
    command("daily", "--date", "2026-03-30", "--confirm")
    with lived.cast.database.session(read_only=True) as session:
        event = session.scalars(select(Event).where(Event.kind == "daily.confirm")).one()
    assert event.data["day"] == "2026-03-30"
    assert len(event.data["doubts"]) == 2


def test_date_a_year_ahead_is_refused_whatever_is_said(command: Command) -> None:
    result = command("daily", "--date", "2027-12-31", "--confirm")
    assert result.exit_code == 1
    assert "晚一年以上" in result.stderr


def test_clock_that_disagrees_with_the_database_is_refused(
    lived: Story, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived.cast.at("2026-03-18")

    def theirs(_session: Session) -> datetime:
        return lived.cast.clock.now().at + timedelta(minutes=11)

    monkeypatch.setattr(app.cli.daily, "database_time", theirs)
    before = standings(lived)
    result = command("daily")
    assert (result.exit_code, standings(lived)) == (1, before)
    assert "与数据库时钟" in result.stderr
    assert command("daily", "--confirm").exit_code == 0
    after = standings(lived)
    assert len(after) > len(before)
    assert {entry_id: after[entry_id] for entry_id in before} == before


def test_clock_behind_the_newest_event_is_refused(lived: Story, command: Command) -> None:
    lived.log()
    lived.cast.at(DAY, hour=8)
    result = command("daily")
    assert result.exit_code == 1
    assert "早于最近一条记录" in result.stderr


@pytest.mark.parametrize("typed", ["2026-02-30", "昨天", "2026-3", ""])
def test_impossible_date_is_said_at_its_place(command: Command, typed: str) -> None:
    result = command("daily", "--date", typed)
    assert result.exit_code == 2
    assert f"“{typed}”不是有效日期" in result.stderr
