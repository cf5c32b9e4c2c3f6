"""For the machines that watch: alive always, ready only while every condition holds."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from app.ledgers.messages import Contact, Delivery
from tests.client import visit
from tests.databases import as_owner
from tests.story import Story


def test_process_says_that_it_is_alive(story: Story, app: Flask) -> None:
    assert visit(app, story, None).get("/healthz").text == "ok\n"


def test_house_is_ready_when_the_job_is_done(story: Story, app: Flask) -> None:
    story.daily("2026-03-03")
    answer = visit(app, story, None).get("/readyz")
    assert answer.status_code == 200
    assert all((answer.json or {}).values())


@pytest.mark.parametrize(("hours", "status"), [(-1, 503), (1, 200)])
def test_outbox_that_stands_still_makes_it_not_ready(story: Story, app: Flask, hours: int, status: int) -> None:
    story.daily("2026-03-03")
    now = story.cast.clock.now()
    with story.cast.database.begin() as session:
        person_id, at = story.cast.persons["head_a"], now.at
        contact = Contact(person_id=person_id, channel="email", address="a@b.test", told_until=at, urgent_until=at)
        session.add(contact)
        session.flush()
        due = {
            "state": "waiting",
            "next_try_at": at + timedelta(hours=hours),
            "message_id": "dukao-1",
            "kind": "digest",
        }
        county = story.cast.units["C"]
        session.add(Delivery(authority_id=county, contact_id=contact.id, channel="email", day=now.day, **due))
    answer = visit(app, story, None).get("/readyz")
    assert (answer.status_code, (answer.json or {})["outbox"]) == (status, status == 200)


def test_missing_protection_makes_it_not_ready(story: Story, app: Flask) -> None:
    story.daily("2026-03-03")
    database = story.cast.database
    on = "" if database.url.startswith("sqlite") else " ON score_entries"
    with as_owner(database) as owner, owner.begin() as connection:
        connection.execute(text(f"DROP TRIGGER protect_score_entries_update{on}"))
    answer = visit(app, story, None).get("/readyz")
    assert answer.status_code == 503
    assert (answer.json or {})["protections"] is False
