"""A test that fails half way leaves no connection open for a later test to stumble over."""

import gc

import pytest
from sqlalchemy import Engine, QueuePool

from app.core.db import Database
from tests.databases import Databases, as_owner


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
