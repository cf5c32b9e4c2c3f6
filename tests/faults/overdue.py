"""A county where many cases become overdue at once and nobody acts: much to lose for a job that is killed."""

from datetime import date

from app.core.db import Database
from tests.databases import Databases
from tests.people import make_cast
from tests.stock import FIRST_DAY
from tests.story import Story

CASES = 10
LAST = date(2026, 3, 27)


def overdue_county(databases: Databases) -> Database:
    """Return a database of its own, on the eve of the first overdue day."""
    return databases.fresh("overdue", _fill)


def _fill(database: Database) -> None:
    story = Story(make_cast(database, FIRST_DAY))
    story.rules()
    for number in range(CASES):
        case_id = story.log(discovery="city" if number % 2 else "county")
        due_on = date(2026, 3, 16 + number % 5).isoformat()
        story.assign(case_id, "AT"[number % 2], "B" if number % 3 else "", due_on=due_on)
        if number % 4 == 0:
            story.case(f"liaison_{'at'[number % 2]}", case_id, "acknowledge")
    story.daily("2026-03-13", is_confirmed=True)
