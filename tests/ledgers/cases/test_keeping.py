"""Words of very many cases written anew: one statement for all, since each is a flush of SQLite's index."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event, select, update

from app.ledgers.cases import Case, CaseText, faults
from app.ledgers.cases.keeping import keep_texts
from tests.databases import Databases
from tests.stock import ready_story
from tests.story import Story
from tests.workflows.paths import brought_to


@pytest.fixture
def story(databases: Databases) -> Iterator[Story]:
    """A county ready to work in."""
    made = ready_story(databases)
    yield made
    made.cast.database.dispose()


def test_words_of_many_cases_are_written_anew_in_one_statement(story: Story) -> None:
    for _ in range(3):
        brought_to(story, "rectifying")
    said: list[str] = []
    with story.cast.database.session() as session:
        ids = session.scalars(select(Case.id)).all()
        session.execute(update(CaseText).values(text="旧"))
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda *given: said.append(given[2]))
        keep_texts(session, sorted(ids))
        session.commit()
    with story.cast.database.session(read_only=True) as session:
        assert faults(session)[2] is None
    written = [one for one in said if "case_texts" in one and not one.lstrip().startswith(("SELECT", "(", "WITH"))]
    assert len(ids) >= 3
    assert len(written) == 1, written


def test_words_beside_marks_of_arrays_are_kept_as_they_are(story: Story) -> None:
    with story.cast.database.session() as session:
        case = session.get_one(Case, brought_to(story, "ledgered"))
        case.text = "他说\"好\\吧\"，{甲乙,丙丁}'戊己' NULL，_x"
        session.commit()
    with story.cast.database.session(read_only=True) as session:
        kept = session.scalars(select(CaseText.text).where(CaseText.case_id == case.id)).one()
        assert "null" in kept
        assert faults(session)[2] is None
