"""A test that fails half way leaves no connection open for a later test to stumble over."""

import gc
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, QueuePool, text

from app.core.db import Database
from tests.databases import Databases, SqliteDatabases, as_owner, file_of


def open_connections(engine: Engine) -> int:
    """Count the connections that an engine keeps for later."""
    assert isinstance(engine.pool, QueuePool)
    return engine.pool.checkedin()


def test_database_that_nobody_holds_any_more_closes_its_connections(databases: Databases) -> None:
    engines: list[Engine] = []

    def fail(database: Database) -> None:
        with database.session() as session:
            session.connection()
        engines.append(database.engine)
        assert open_connections(database.engine) == 1
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        databases.fresh("failing", fail)
    gc.collect()
    assert open_connections(engines[0]) == 0


def test_owner_who_fails_leaves_no_connection(database: Database) -> None:
    engines: list[Engine] = []

    def fail() -> None:
        with as_owner(database) as owner:
            with owner.connect():
                engines.append(owner)
            assert open_connections(owner) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert open_connections(engines[0]) == 0


def test_connection_that_a_test_forgot_takes_no_log_away_from_the_next(sqlite_databases: SqliteDatabases) -> None:
    database = sqlite_databases.fresh()
    with closing(sqlite3.connect(file_of(database))) as forgotten:
        forgotten.execute("INSERT INTO chains (id, seq, hash) VALUES (7, 0, '')").close()
        forgotten.commit()
        sqlite_databases.renew(database, "empty")
        with database.begin() as session:
            session.execute(text("INSERT INTO chains (id, seq, hash) VALUES (8, 0, '')"))
    assert Path(f"{file_of(database).resolve()}-wal").exists()
    with database.session(read_only=True) as session:
        assert list(session.scalars(text("SELECT id FROM chains WHERE id > 6"))) == [8]
    sqlite_databases.take_back(database)
