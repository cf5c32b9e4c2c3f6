"""P07: whatever the owner of the tables changes in the ledger, the audit or the evidence is found, and the row named."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.db import Database, Model
from app.workflows import verifying
from tests.databases import as_owner
from tests.faults.figures import dice, figures
from tests.faults.test_append_only import unprotect
from tests.stock import ready_story
from tests.story import Story
from tests.workflows import paths
from tests.workflows.paths import brought_to

TABLES = ("events", "score_entries", "evidence")
NAMED = {"score_entries": "得分记录 {id}：", "evidence": "佐证材料 {id}：", "events": "链 {chain_id} 第 {seq} 条："}
CHECKS = [check for check in verifying.CHECKS if check is not verifying.check_protections]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lived(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A county with entries of every standing, contra entries and evidence."""
    story = ready_story(request.getfixturevalue(f"{request.param}_databases"))
    live(story)
    yield story.cast.database
    story.cast.database.dispose()


def live(story: Story) -> None:
    """Let two cases be late, one objection be upheld, one return be granted."""
    first, second = brought_to(story, "ready"), brought_to(story, "assigned")
    story.days("2026-03-03", "2026-03-09")
    story.days("2026-03-19", "2026-03-24")
    story.object("head_a", first, "A", paths.entry_ids(story, first, "A")[-1:])
    story.decide_objection("uphold")
    story.case("supervisor", second, "merge", case=first, reason="同一问题")
    story.case("supervisor", second, "unmerge", reason="不是同一问题")


def wrong(session: Session) -> list[str]:
    """Return what the operator's checks name."""
    return [done.wrong for done in (check(session) for check in CHECKS) if done.wrong]


def other(value: Any, random: Random) -> Any:
    """Return another value of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + random.choice([-1, 1, 100])
    said = str(value)
    if isinstance(value, dict) or said.startswith("{"):
        return '{"digest": "0"}'
    if len(said) >= 10 and said[4:5] == said[7:8] == "-":
        return said.replace(said[:4], str(int(said[:4]) - 1), 1)
    return said[:-1] + ("改" if said[-1:] != "改" else "动")


def tamper(connection: Connection, table: str, random: Random) -> tuple[Row[Any], str]:
    """Change one value of one row, or delete the row; return the row as it was and what was done."""
    row = random.choice(connection.execute(text(f"SELECT * FROM {table} ORDER BY id")).all())
    if random.random() < 0.1:
        connection.execute(text(f"DELETE FROM {table} WHERE id = {row.id}"))
        return row, "delete"
    # where a file lies is not of the chain: what leads elsewhere is found by reading the files (tests/cli/test_verify.py)
    columns = [name for name in row._fields if name not in ("id", "stored_name")]
    column = random.choice(columns)
    kind = Model.metadata.tables[table].c[column].type
    json = connection.dialect.name == "postgresql" and kind.python_type is dict
    bound = "CAST(:value AS json)" if json else ":value"
    nothing = "2026-01-01" if kind.python_type is date else "改" if kind.python_type is str else 1
    value = row._mapping[column]
    values = {"value": nothing if value is None else other(value, random)}
    connection.execute(text(f"UPDATE {table} SET {column} = {bound} WHERE id = {row.id}"), values)
    return row, column


@figures(60, 550)
def test_tampering_is_found_and_its_first_row_named(lived: Database, count: int) -> None:
    random, done = dice(), 0
    with as_owner(lived) as owner:
        with owner.connect() as connection:
            assert wrong(Session(connection)) == []
            connection.rollback()
        while done < count:
            table = TABLES[done % len(TABLES)]
            with owner.connect() as connection:
                whole = connection.begin()
                loosen(connection, table)
                try:
                    row, what = tamper(connection, table, random)
                except IntegrityError:  # two rows cannot say the same: the database itself refuses
                    whole.rollback()
                    continue
                with Session(connection, join_transaction_mode="create_savepoint") as session:
                    found = "；".join(wrong(session))
                assert found, f"{what} of {table} {row.id}"
                if what != "delete":
                    assert NAMED[table].format(**row._mapping) in found, f"{what} of {table} {row.id}: {found}"
                whole.rollback()
                done += 1
        with owner.connect() as connection:
            assert wrong(Session(connection)) == []
            connection.rollback()


def loosen(connection: Connection, table: str) -> None:
    """Let the owner do anything: triggers of the table off, references not asked."""
    unprotect(connection, table)
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for name, of in connection.execute(text(FOREIGN)).all():
            connection.execute(text(f"ALTER TABLE {of} DROP CONSTRAINT {name} CASCADE"))


FOREIGN = "SELECT conname, conrelid::regclass FROM pg_constraint WHERE contype = 'f'"
