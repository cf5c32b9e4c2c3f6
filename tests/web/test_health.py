"""For the machines that watch: alive always, ready only while every condition holds."""

from flask import Flask
from sqlalchemy import text

from app.core.db import make_engine
from tests.client import visit
from tests.story import Story


def test_process_says_that_it_is_alive(story: Story, app: Flask) -> None:
    assert visit(app, story, None).get("/healthz").text == "ok\n"


def test_house_is_ready_when_the_job_is_done(story: Story, app: Flask) -> None:
    story.daily("2026-03-03")
    answer = visit(app, story, None).get("/readyz")
    assert answer.status_code == 200
    assert all((answer.json or {}).values())


def test_missing_protection_makes_it_not_ready(story: Story, app: Flask) -> None:
    story.daily("2026-03-03")
    database = story.cast.database
    owner = make_engine(database.owner_url)
    on = "" if database.url.startswith("sqlite") else " ON score_entries"
    with owner.begin() as connection:
        connection.execute(text(f"DROP TRIGGER protect_score_entries_update{on}"))
    owner.dispose()
    answer = visit(app, story, None).get("/readyz")
    assert answer.status_code == 503
    assert (answer.json or {})["protections"] is False
