"""P05: what is posted cannot be changed by the application, in 40 ways for each table; an owner's changes are reported."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.core.db import Database
from app.core.protect import missing_protections, protect, protected_tables
from app.workflows import COMMITMENT
from tests import talking
from tests.databases import as_owner
from tests.faults.ways import BOTH, POSTGRESQL, SQLITE, Target
from tests.stock import ready_story
from tests.workflows import paths
from tests.workflows.paths import brought_to

COLUMNS = {"calendar_changes": "kind", "calendar_days": "kind", "calendar_years": "notice"}
COLUMNS |= {
    "commitment_files": "name",
    "deadlines": "due_on",
    "events": "day",
    "evidence": "name",
    "listings": "reason",
}
COLUMNS |= {"progress_reports": "text", "score_entries": "points", "verifications": "method"}
PARENTS = {"calendar_days": "calendar_changes", "calendar_years": "calendar_changes", "events": "persons"}
PARENTS |= {"commitment_files": "commitments"}
CHILDLESS = {"calendar_changes": "units"}
REFERS = {"events": "actor_id", "calendar_days": "change_id", "calendar_years": "change_id"}
REFERS |= {"commitment_files": "commitment_id"}
TABLES = sorted(COLUMNS)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lived(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A county with rows in every append-only table."""
    story = ready_story(request.getfixturevalue(f"{request.param}_databases"))
    case_id = brought_to(story, "verified")
    story.case("supervisor", case_id, "send_back", reason="还差")
    story.part("liaison_a", case_id, "A", "report_progress", text="已清运")
    story.object("head_a", case_id, "A", paths.entry_ids(story, case_id, "A")[:1])
    story.decide_objection("uphold")
    story.move("liaison_a", COMMITMENT, talking.promised(story), "report", text="已完成", files=paths.files())
    yield story.cast.database
    story.cast.database.dispose()


def rows(connection: Connection, table: str) -> list[Any]:
    """Return everything in a table."""
    return list(connection.execute(text(f"SELECT * FROM {table} ORDER BY id")).all())


def target(connection: Connection, table: str) -> Target:
    """Choose the newest row of a table and the row it refers to."""
    row_id = connection.execute(
        text(f"SELECT max(id) FROM {table} WHERE {REFERS.get(table, 'id')} IS NOT NULL")
    ).scalar()
    assert row_id is not None, f"nothing to lose in {table}"
    parent, column = PARENTS.get(table, "cases"), REFERS.get(table, "case_id")
    if table in CHILDLESS:
        return Target(table, row_id, COLUMNS[table], (table, row_id))
    parent_id = connection.execute(text(f"SELECT {column} FROM {table} WHERE id = {row_id}")).scalar()
    return Target(table, row_id, COLUMNS[table], (parent, int(parent_id or 0)))


def changed_by(database: Database, table: str, statement: str) -> bool:
    """Try a statement as the application; say whether it went through and anything is other than before."""
    with database.engine.connect() as connection:
        before = rows(connection, table)
    said_nothing = False
    try:
        with database.engine.begin() as connection:
            connection.execute(text(statement))
            said_nothing = True
    except DBAPIError:
        pass
    finally:
        database.engine.dispose()
    with database.engine.connect() as connection:
        assert missing_protections(connection) == []
        return said_nothing and rows(connection, table) != before


@pytest.mark.parametrize("table", TABLES)
def test_application_changes_no_posted_row_in_forty_ways(lived: Database, table: str) -> None:
    own = SQLITE if lived.engine.dialect.name == "sqlite" else POSTGRESQL
    ways = (*BOTH, *own)
    assert len(ways) == 40
    with lived.engine.connect() as connection:
        aim = target(connection, table)
    assert [way for way in ways if changed_by(lived, table, aim.fill(way))] == []


@pytest.mark.parametrize("table", TABLES)
def test_way_leads_through_once_the_protection_is_gone(lived: Database, table: str) -> None:
    """The same statements do harm where nothing is protected: without this the test above would prove nothing."""
    with as_owner(lived) as owner, owner.connect() as connection:
        aim = target(connection, table)
        with pytest.raises(DBAPIError):
            connection.execute(text(aim.fill(BOTH[1])))
        connection.rollback()
        unprotect(connection, table)
        assert connection.execute(text(aim.fill(BOTH[1]))).rowcount == 1
        connection.rollback()


def unprotect(connection: Connection, table: str) -> None:
    """Take the protections of a table away, as its owner can."""
    if connection.dialect.name == "sqlite":
        names = connection.execute(
            text(f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'")
        )
        for (name,) in names.all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        return
    connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


def test_every_append_only_table_is_tried(lived: Database) -> None:
    assert [table.name for table, _ in protected_tables()] == TABLES


def test_protection_that_an_owner_takes_away_is_missed(lived: Database) -> None:
    with as_owner(lived) as owner, owner.begin() as connection:
        for table in TABLES:
            unprotect(connection, table)
        missing = missing_protections(connection)
        protect(connection, None if connection.dialect.name == "sqlite" else lived.engine.url.username)
        assert missing_protections(connection) == []
    assert {table for table in TABLES if any(name.startswith(f"protect_{table}_") for name in missing)} == set(TABLES)
