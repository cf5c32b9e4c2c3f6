"""P10: random histories against an independent model: no illegal state, no move without its event, none too many."""

from collections import Counter
from random import Random

import pytest

from app.audit import Event
from app.workflows import engine
from tests.databases import Databases
from tests.faults.figures import dice, figures
from tests.stock import ready_story
from tests.story import Story
from tests.workflows.lives import STEPS, Life, choose
from tests.workflows.paths import brought_to


def live(story: Story, other: int, random: Random, made: Counter[str]) -> None:
    """Live one history of thirty steps, and undo it."""
    with story.cast.database.session() as session:
        life = Life(story, session, other)
        life.begin()
        recorded = 1
        for _ in range(STEPS):
            who, name = choose(life.model, random)
            may = life.model.may(who, name)
            if not life.model.sees(who):
                assert life.try_move(who, name) == "absent"
            outcome = life.try_move(who, name)
            if may:
                life.model.make(who, name)
                made[f"{name}→{life.model.state}"] += 1
            recorded = life.check(outcome, who, name, may, recorded)
        session.rollback()


def live_many(story: Story, other: int) -> None:
    """Live twenty histories."""
    for seed in range(20):
        live(story, other, Random(seed), Counter())


@figures(8, 5_000)
def test_random_life_follows_the_rules(databases: Databases, count: int) -> None:
    random, made = dice(), Counter[str]()
    story = ready_story(databases)
    other = brought_to(story, "ledgered")
    for _ in range(count):
        live(story, other, random, made)
    print(f"{count} histories, {made.total()} moves made, {len(made)} kinds of them")
    assert made.total() > 8 * count
    story.cast.database.dispose()


def test_move_without_its_event_or_its_guard_is_found(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    story = ready_story(databases)
    other = brought_to(story, "ledgered")
    newest = story.newest(Event).id
    for name, careless in (("record", lambda *_given: newest), ("refusal", lambda _attempt: None)):
        with monkeypatch.context() as spoilt:
            spoilt.setattr(engine, name, careless)
            with pytest.raises(AssertionError):
                live_many(story, other)
    story.cast.database.dispose()
