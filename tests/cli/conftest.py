"""An application over a county that has lived a little, and its commands."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app.cli.wording import speak_chinese
from app.core.db import Database
from app.ledgers.cases import Evidence, Measure, StoredFile
from app.ledgers.scores import ScoreEntry
from app.workflows import OBJECTION
from config import Settings
from tests.client import app_for
from tests.databases import Databases
from tests.people import make_cast
from tests.stock import story_in
from tests.story import Story

Command = Callable[..., Result]
DAY = "2026-03-16"


def a_real_file(stored_name: str) -> StoredFile:
    """Return a file as stored, whose content is its own stored name: what lies on the disk can be written any time."""
    content = stored_name.encode()
    return StoredFile("照片.jpg", stored_name, "image/jpeg", len(content), sha256(content).hexdigest())


def live(database: Database) -> None:
    """Fill the stock: late cases of A and B, an objection of A, entries of every standing."""
    story = Story(make_cast(database, "2026-03-02"))
    story.rules()
    for lead, assist, found_by in (("A", "B", "city"), ("A", "", "county"), ("T", "", "media_city")):
        case_id = story.log(discovery=found_by)
        story.assign(case_id, lead, assist, due_on="2026-03-06")
        story.to_work(case_id, lead)
        measure = story.newest(Measure, case_id=case_id).id
        files = [a_real_file(f"{case_id}-{number}.jpg") for number in (1, 2)]
        story.part(f"liaison_{lead.lower()}", case_id, lead, "attach", files=files, measure=measure, measure_done=True)
    story.days("2026-03-03", "2026-03-10")
    with story.cast.database.session(read_only=True) as session:
        query = select(ScoreEntry.id).where(ScoreEntry.case_id == 2, ScoreEntry.rule == "overdue")
        entry_ids = list(session.scalars(query))
    objection = story.object("head_a", 2, "A", entry_ids[:1])
    story.move("assessor", OBJECTION, objection, "uphold", reason="理由成立")
    story.object("head_a", 2, "A", entry_ids[1:2])
    story.days("2026-03-11", DAY)


@pytest.fixture(scope="session", autouse=True)
def in_chinese() -> None:
    """Let click speak before any command does, as the application does: it keeps an option that it has described once."""
    speak_chinese()


@pytest.fixture
def lived(databases: Databases) -> Iterator[Story]:
    """A county on 16 March, lived once for each engine."""
    database = databases.fresh("lived_county", live)
    yield story_in(database, DAY)
    database.dispose()


@pytest.fixture
def whole(lived: Story, instance: Path) -> list[Path]:
    """Put the county's evidence on the disk; return the files in the order of their rows."""
    folder = instance / "evidence"
    folder.mkdir()
    with lived.cast.database.session(read_only=True) as session:
        files = [folder / name for name in session.scalars(select(Evidence.stored_name).order_by(Evidence.id))]
    for file in files:
        file.write_bytes(file.name.encode())
    return files


@pytest.fixture
def application(lived: Story, instance: Path) -> Flask:
    """The application over the county."""
    database = lived.cast.database
    return app_for(Settings(instance, database.url), clock=lived.cast.clock, database=database)


@pytest.fixture
def command(application: Flask) -> Command:
    """Run a command as an operator would: arguments in, exit code and both streams out."""

    def run(*arguments: str) -> Result:
        result = application.test_cli_runner().invoke(args=list(arguments))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run
