"""What tests of pages share: a county ready to work in, and the application over it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.client import make_app
from tests.databases import Databases
from tests.stock import ready_story
from tests.story import Story


@pytest.fixture
def story(databases: Databases) -> Iterator[Story]:
    """A county with its cast and rules on Monday 2026-03-02."""
    made = ready_story(databases)
    yield made
    made.cast.database.dispose()


@pytest.fixture
def app(story: Story, instance: Path) -> Flask:
    """The application over the story."""
    return make_app(story, instance)
