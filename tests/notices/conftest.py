"""A county with a post, on both engines, and real servers to send to."""

from collections.abc import Iterator

import pytest

from tests.databases import Databases
from tests.notices.post import Post
from tests.notices.servers import Gateway, MailRoom, gateway, mail_room
from tests.stock import ready_story


@pytest.fixture
def room() -> Iterator[MailRoom]:
    """A mail server."""
    with mail_room() as made:
        yield made


@pytest.fixture
def http() -> Iterator[Gateway]:
    """An HTTP server."""
    with gateway() as made:
        yield made


@pytest.fixture
def post(databases: Databases, room: MailRoom) -> Iterator[Post]:
    """The county on Monday 2026-03-02 at nine; head and liaison of A can be reached by e-mail."""
    made = Post(ready_story(databases))
    made.mail(room.port)
    made.tick()  # what was written before anybody could be reached is not told
    made.reach("head_a")
    made.reach("liaison_a")
    yield made
    made.story.cast.database.dispose()
