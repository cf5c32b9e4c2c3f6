"""What the tests of workflows start from."""

from collections.abc import Iterator

import pytest

from tests.databases import Databases
from tests.stock import ready_story
from tests.story import Story


@pytest.fixture
def ready(databases: Databases) -> Iterator[Story]:
    """A county at work on 2 March 2026, with the rules of the year."""
    story = ready_story(databases)
    yield story
    story.cast.database.dispose()
