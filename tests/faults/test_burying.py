"""P24: nobody buries a case: whatever somebody tries is refused and changes nothing, or stays visible to others."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from app.core.clock import Moment
from app.ledgers import waiting
from app.workflows import case_effects, request_effects
from tests.client import make_app
from tests.databases import Databases, as_owner
from tests.faults import burying_checks, burying_clock, burying_desks, burying_ends, burying_people, burying_points
from tests.faults.burying import DAY, STOCK, Scene, Script, fill, snapshot
from tests.faults.test_append_only import unprotect
from tests.stock import story_in

MODULES = (burying_ends, burying_checks, burying_clock, burying_points, burying_people, burying_desks)
SCRIPTS = tuple(script for module in MODULES for script in module.SCRIPTS)


@dataclass
class Stage:
    """One database of an engine, put back to the stock for each script; the application over it is made once."""

    databases: Databases
    scene: Scene
    stock: dict[str, int]

    def scene_again(self) -> Scene:
        """Put everything back, if anything was changed."""
        story = self.scene.story
        if snapshot(story.cast.database) != self.stock:
            self.databases.renew(story.cast.database, STOCK)
        story.cast.clock.moment = Moment.on(date.fromisoformat(DAY))
        return Scene(story, self.scene.app)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The stage of an engine."""
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    story = story_in(databases.fresh(STOCK, fill), DAY)
    scene = Scene(story, make_app(story, tmp_path_factory.mktemp("burying")))
    yield Stage(databases, scene, snapshot(story.cast.database))
    story.cast.database.dispose()


@pytest.fixture
def scene(stage: Stage) -> Scene:
    """The county as the stock has it."""
    return stage.scene_again()


def test_there_are_scripts_enough_and_none_twice() -> None:
    assert len({script.__name__ for script in SCRIPTS}) == len(SCRIPTS) >= 60


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.__name__)
def test_nobody_buries_a_case(scene: Scene, script: Script) -> None:
    script(scene)
    assert scene.refusals + scene.sights


ENDS = (
    burying_ends.reject_what_was_logged,
    burying_ends.merge_the_overdue_into_a_new_one,
    burying_ends.void_together_with_a_leader,
    burying_ends.terminate_together_with_a_leader,
)


@pytest.mark.parametrize("script", ENDS, ids=lambda script: script.__name__)
def test_case_that_is_not_listed_is_found_out(scene: Scene, monkeypatch: pytest.MonkeyPatch, script: Script) -> None:
    monkeypatch.setattr(case_effects, "insert_or_ignore", lambda *_: None)
    with pytest.raises(AssertionError):
        script(scene)


LYING = (burying_clock.leave_a_report_lying, burying_desks.leave_it_lying_as_it_was_logged)


@pytest.mark.parametrize("script", LYING, ids=lambda script: script.__name__)
def test_case_that_waits_on_no_desk_is_found_out(scene: Scene, monkeypatch: pytest.MonkeyPatch, script: Script) -> None:
    monkeypatch.setattr(waiting, "QUEUES", ())
    with pytest.raises(AssertionError):
        script(scene)


def test_date_beyond_all_sight_that_goes_through_is_found_out(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_effects, "FARTHEST", timedelta(days=36_600))
    with pytest.raises(AssertionError, match="went through"):
        burying_clock.extend_beyond_all_sight(scene)


def test_event_that_an_owner_deletes_is_missed(scene: Scene) -> None:
    burying_ends.reject_what_was_logged(scene)
    with as_owner(scene.story.cast.database) as owner, owner.begin() as connection:
        unprotect(connection, "events")
        connection.exec_driver_sql("DELETE FROM events WHERE kind = 'case.reject'")
    with pytest.raises(AssertionError, match=r"case\.reject"):
        scene.told("case.reject", "supervisor")


def test_line_that_an_owner_deletes_is_missed(scene: Scene) -> None:
    scene.stands(scene["overdue"], "overdue", count=5)
    with as_owner(scene.story.cast.database) as owner, owner.begin() as connection:
        unprotect(connection, "score_entries")
        unprotect(connection, "standings")
        last = scene.lines(scene["overdue"], "overdue")[-1][0].id
        connection.exec_driver_sql(f"DELETE FROM standings WHERE entry_id = {last}")
        connection.exec_driver_sql(f"DELETE FROM score_entries WHERE id = {last}")
    with pytest.raises(AssertionError):
        scene.stands(scene["overdue"], "overdue", count=5)
