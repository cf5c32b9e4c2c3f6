"""A county ready to work in, copied for each test: the cast, the calendar and the rules of the year."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import select

from app.core.clock import Moment, SetClock
from app.core.db import Database
from app.people import Person, Unit
from tests.databases import Databases
from tests.people import Cast, make_cast
from tests.story import Story

FIRST_DAY = "2026-03-02"
_ENDS: dict[str, Moment] = {}  # when a telling ended


def ready_cast(databases: Databases, day: str = FIRST_DAY) -> Cast:
    """Return the cast and the calendar in a database of its own, without rules."""
    return story_in(databases.fresh("cast", _fill_cast), day).cast


def ready_story(databases: Databases, day: str = FIRST_DAY) -> Story:
    """Return a story in a database of its own: cast, calendar and the rules of 2026 are there."""
    return story_in(databases.fresh("county", _fill), day)


def renewed_story(databases: Databases, story: Story) -> Story:
    """Return a ready story once more in the same database: quicker than one of its own where there are very many."""
    databases.renew(story.cast.database, "county")
    return story_in(story.cast.database)


def retold(databases: Databases, story: Story, stock: str, tell: Callable[[Story], object]) -> Story:
    """Bring a ready story to the end of a telling, which is told once for each worker and copied for every test."""

    def fill(database: Database) -> None:
        _fill(database)
        told = story_in(database)
        tell(told)
        _ENDS[stock] = told.cast.clock.now()

    databases.renew(story.cast.database, stock, fill)
    story.cast.clock.moment = _ENDS[stock]
    return story


def story_in(database: Database, day: str = FIRST_DAY) -> Story:
    """Return the story of a database that holds the cast."""
    cast = Cast(database, SetClock(Moment.on(date.fromisoformat(day))))
    with database.session(read_only=True) as session:
        cast.units = {code: unit_id for code, unit_id in session.execute(select(Unit.code, Unit.id))}
        cast.persons = {name: person_id for name, person_id in session.execute(select(Person.username, Person.id))}
    return Story(cast)


def _fill_cast(database: Database) -> None:
    make_cast(database, FIRST_DAY)


def _fill(database: Database) -> None:
    Story(make_cast(database, FIRST_DAY)).rules()
