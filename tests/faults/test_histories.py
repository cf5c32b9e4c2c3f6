"""P06 to P08: whatever is posted, opposed and reversed, the balance is the fold of the ledger; what is spoilt is found."""

from collections import Counter
from random import Random

import pytest
from sqlalchemy import select, text

from app.core.db import Database
from app.ledgers.scores import ScoreEntry
from app.workflows import settling, verifying
from tests.databases import Databases
from tests.faults.figures import dice, figures
from tests.faults.histories import History
from tests.faults.ledger import wrong_in_itself
from tests.stock import ready_story, renewed_story
from tests.story import Story

STEPS = 40


def told(story: Story, random: Random) -> History:
    """Tell one history in a county where nothing has happened."""
    history = History(story, random)
    for _ in range(STEPS):
        history.step()
    return history


def faults(database: Database) -> list[str]:
    """Return what the operator's checks and the fold of the ledger say is wrong."""
    with database.session(read_only=True) as session:
        found = [f"{done.check}：{done.wrong}" for done in (check(session) for check in verifying.CHECKS) if done.wrong]
    return [*found, *wrong_in_itself(database)]


@figures(4, 5_000)
def test_balance_is_the_fold_of_the_ledger_and_nothing_is_reversed_twice(databases: Databases, count: int) -> None:
    random, made, entries, reversed_ = dice(), Counter[str](), 0, 0
    story = ready_story(databases)
    database = story.cast.database
    for number in range(count):
        seed = random.randrange(2**32)
        history = told(renewed_story(databases, story), Random(seed))
        assert faults(database) == [], f"history {number} of seed {seed}: {history.made}"
        with database.session(read_only=True) as session:
            lines = list(session.scalars(select(ScoreEntry)))
        entries += len(lines)
        reversed_ += sum(line.reverses_id is not None for line in lines)
        made.update(history.made)
    database.dispose()
    print(f"{count} histories: {entries} lines, {reversed_} of them contra; moves: {dict(made)}")
    assert reversed_ > count // 2
    assert entries > 5 * count


def test_reversal_that_forgets_the_total_is_found(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = vars(settling)["add_to_totals"]
    found = []
    for seed in range(12):
        with monkeypatch.context() as spoilt:
            spoilt.setattr(settling, "add_to_totals", lambda _session, _moves: None)
            history = told(ready_story(databases), Random(seed))
        found.append(bool(faults(history.story.cast.database)))
        history.story.cast.database.dispose()
        if found[-1]:
            break
    assert vars(settling)["add_to_totals"] is whole
    assert any(found)


@figures(2, 20)
def test_planted_corruption_of_a_total_is_found_and_nothing_else_is_alarmed(databases: Databases, count: int) -> None:
    random = dice()
    history = told(ready_story(databases), Random(7))
    database = history.story.cast.database
    assert faults(database) == []
    spoilings = (
        "UPDATE totals SET confirmed = confirmed - {by} WHERE unit_id = {unit}",
        "UPDATE totals SET proposed = proposed + {by} WHERE unit_id = {unit}",
        "UPDATE totals SET confirmed = confirmed + {by}, proposed = proposed - {by} WHERE unit_id = {unit}",
        "UPDATE totals SET year = year + 1 WHERE unit_id = {unit}",
        "DELETE FROM totals WHERE unit_id = {unit}",
    )
    with database.session(read_only=True) as session:
        units = list(
            session.scalars(text("SELECT unit_id FROM totals WHERE proposed <> 0 OR confirmed <> 0 ORDER BY 1"))
        )
    assert units
    for number in range(count):
        unit, statement = random.choice(units), spoilings[number % len(spoilings)]
        with database.session() as session:
            session.execute(text(statement.format(by=random.randint(1, 300), unit=unit)))
            found = verifying.check_totals(session)
            assert found.wrong is not None
            assert found.wrong.startswith(f"单位 {unit} 的")
            others = [check(session).wrong for check in verifying.CHECKS if check is not verifying.check_totals]
            assert others == [None] * len(others)
            session.rollback()
    assert faults(database) == []
    database.dispose()
