"""Cases that are worked on, one or many: the many are made once for each engine and copied."""

from app.core.db import Database
from tests.databases import Databases
from tests.people import make_cast
from tests.stock import FIRST_DAY, story_in
from tests.story import Story

MANY = 53  # more than a page of 50


def worked(story: Story, title: str = "老街河道垃圾", due_on: str = "2026-03-20") -> int:
    """Return a case that the lead A works on with B."""
    case_id = story.log(title=title)
    story.assign(case_id, "A", "B", due_on)
    story.to_work(case_id)
    return case_id


def many_worked(databases: Databases) -> Story:
    """Return a county in which A works on many cases with B."""
    return story_in(databases.fresh("many_worked", _fill))


def _fill(database: Database) -> None:
    story = Story(make_cast(database, FIRST_DAY))
    story.rules()
    for number in range(MANY):
        worked(story, f"问题 {number}")
