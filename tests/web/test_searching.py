"""One person's searches at one time: the next is refused with why and what to do, nobody else waits, and nothing stays."""

from contextlib import ExitStack

from flask import Flask

from app.audit import Event
from app.core.places import a_place
from tests.client import visit
from tests.story import Story

AT_ONCE = 3
PATHS = ("/cases?q=垃圾", "/sheets?q=垃圾")


def test_who_searches_too_often_at_one_time_is_told_so_and_nobody_else(story: Story, app: Flask) -> None:
    story.log()
    name = f"search {story.cast.persons['supervisor']}"
    supervisor, database = visit(app, story, "supervisor"), story.cast.database
    with ExitStack() as others:
        for _ in range(AT_ONCE):
            session = others.enter_context(database.session(read_only=True))
            assert others.enter_context(a_place(session, name, AT_ONCE))
        for path in PATHS:
            answer = supervisor.get(path)
            assert answer.status_code == 429
            assert "您同时发出的查询太多" in answer.text
            assert "请等它们查完再查" in answer.text
            assert visit(app, story, "inspector").get(path).status_code == 200
        assert supervisor.post("/cases/new/alike", {"title": "垃圾"}).status_code == 429
        assert supervisor.get("/cases").status_code == 200
    for path in PATHS * AT_ONCE:
        assert supervisor.get(path).status_code == 200
    with database.session(read_only=True) as session:
        assert session.query(Event).filter_by(kind="refusal").count() == 0


def test_place_is_free_again_when_its_holder_failed(story: Story) -> None:
    for _ in range(2):
        try:
            with story.cast.database.session(read_only=True) as session, a_place(session, "one", 1) as is_mine:
                assert is_mine
                raise ValueError
        except ValueError:
            continue
