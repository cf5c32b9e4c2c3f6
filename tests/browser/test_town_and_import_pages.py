"""Pages that need a story of their own: those of a town that is an authority, and an import at each of its steps."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.ledgers.cases import Case
from app.workflows import Context
from app.workflows.intake import begin_reading
from app.workflows.intake_tasks import ask_task, claim_task, say_progress
from tests.browser.acting import PATIENCE
from tests.browser.looking import look
from tests.browser.serving import served
from tests.browser.windows import window
from tests.client import plant_session
from tests.handing import assigned, handed_down, parent, rules_of_town
from tests.story import Story
from tests.workflows.imports import choose, hand_in, ledger, take_over

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
OFFICE = (
    "/desk",
    "/cases?state=all",
    "/cases/{child}",
    "/ranking",
    "/books/times",
    "/due",
    "/slips?state=all",
    "/lists",
)
TOWN = {
    "supervisor_t": (*OFFICE, "/cases/new", "/imports", "/handover", "/units/{section}/lists/duties", "/absences"),
    "inspector_t": OFFICE,
    "assessor_t": (
        "/desk",
        "/ranking",
        "/rules",
        "/scores/units/{section}",
        "/objections",
        "/calendar",
        "/cases/{child}",
    ),
    "leader_t": ("/desk", "/portfolio", "/cases/{child}", "/slips", "/instructions", "/desk/signing"),
    "liaison_s": ("/desk", "/cases/{child}", "/units/{section}/lists/problems", "/scores/units/{section}"),
    "head_s": ("/desk", "/desk/list", "/cases/{child}", "/units/{section}/books/progress", "/due"),
    "head_t": ("/desk", "/desk/held_up", "/cases/{parent}", "/units/{town}/books/times"),
    "liaison_t": ("/desk", "/cases/{parent}", "/units/{town}/lists/tasks"),
}


def walk(browser: Browser, story: Story, instance: Path, who: str, width: int, paths: Sequence[str]) -> None:
    """Open each page as somebody: it is there, axe finds nothing, nothing scrolls sideways, no script fails."""
    faults: list[str] = []
    with served(story, instance) as address, window(browser, width) as page:
        page.context.add_cookies([{"name": "dukao", "value": plant_session(story, who)[0], "url": address}])
        page.on("pageerror", lambda error: faults.append(str(error)))
        for path in paths:
            answer = page.goto(address + path, timeout=PATIENCE)
            assert answer is not None
            assert answer.status == 200, (who, path, answer.status)
            problems = look(page)
            assert not problems, (who, width, path, problems)
    assert not faults, (who, width, faults)


@pytest.mark.parametrize("who", sorted(TOWN))
def test_pages_of_a_town_that_is_an_authority_are_sound(
    who: str, browser: Browser, story: Story, instance: Path, width: int
) -> None:
    case_id = parent(story, rect_class="immediate")
    child_id = handed_down(story, case_id)
    assigned(story, child_id, due_on="2026-03-05")
    rules_of_town(story)
    story.daily("2026-03-10")
    units = story.cast.units
    names = {"parent": case_id, "child": child_id, "town": units["T"], "section": units["S"]}
    assert story.get(Case, child_id).number is not None
    walk(browser, story, instance, who, width, [path.format(**names) for path in TOWN[who]])


def test_pages_of_an_import_are_sound_at_each_step(browser: Browser, story: Story, instance: Path, width: int) -> None:
    done = hand_in(story.cast, ledger(), sha256="cd" * 32)
    choose(story.cast, done, 5)
    take_over(story.cast, done)
    story.case("supervisor", story.newest(Case).id, "admit")
    judged = hand_in(story.cast, ledger())
    with story.cast.begin("supervisor") as (session, actor):
        context = Context(session, actor, story.cast.clock.now())
        batch = begin_reading(context, story.cast.units["C"], ledger().layout, "很长的台账.xlsx")
        task, reading, at = ask_task(context, batch, "read"), batch.id, story.cast.clock.now().at
        assert claim_task(session, "worker", at) == task.id
        assert say_progress(session, (task.id, "worker"), at, (1200, 20000))
    paths = [f"/imports/{done}", f"/imports/{done}/reversal", f"/imports/{judged}", f"/imports/{judged}/rows/6"]
    walk(browser, story, instance, "supervisor", width, [*paths, f"/imports/{reading}", "/imports"])
