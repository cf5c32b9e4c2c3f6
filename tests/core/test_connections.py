"""Connections are kept, and one that died while it rested is replaced before anything is sent over it."""

import pytest
from sqlalchemy import text

from app.core import db
from app.core.db import Database
from tests.cluster import Cluster

MINE = text("SELECT pg_backend_pid()")


def test_connections_that_died_at_rest_are_replaced(
    postgresql_database: Database, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "RESTED", 0)
    with postgresql_database.session() as one, postgresql_database.session() as other:
        dead = {one.scalar(MINE), other.scalar(MINE)}
    with postgresql_database.glance() as connection:
        assert connection.scalar(MINE) in dead  # there was a connection to lose
    cluster.execute(*(f"SELECT pg_terminate_backend({pid}, 5000)" for pid in dead))
    with postgresql_database.session() as one, postgresql_database.glance() as other:
        assert not {one.scalar(MINE), other.scalar(MINE)} & dead


def test_connection_that_glanced_begins_transactions_again(database: Database) -> None:
    with database.glance() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    with database.session() as session:
        session.execute(text("DELETE FROM chains"))
        session.execute(text("INSERT INTO chains (id, seq, hash) VALUES (7, 0, '')"))
    with database.glance() as connection:
        assert connection.scalar(text("SELECT count(*) FROM chains WHERE id = 7")) == 0
