"""What every test may ask for: a database of its own, on SQLite and on PostgreSQL."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

import app.schema  # noqa: F401 - registers every table
from app.core.db import Database
from app.people import passwords
from tests.cluster import Cluster
from tests.databases import Databases, Lent, PostgresqlDatabases, Source, SqliteDatabases
from tests.memory import place_in_memory
from tests.programs import find_postgresql

LONG = os.environ.get("DUKAO_LONG") == "1"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests with full figures to `make test-long`."""
    kept = [item for item in items if LONG or "long" not in item.keywords]
    if len(kept) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def pytest_collection_finish() -> None:
    """Have the garbage collector pass over the modules and the tests, which stay to the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords at the least cost; the tests of passwords themselves do it at that of the house."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(scope="session")
def place() -> Iterator[Path]:
    """Where this worker's databases lie."""
    with place_in_memory() as made:
        yield made


@pytest.fixture(scope="session")
def cluster(place: Path) -> Iterator[Cluster]:
    """One PostgreSQL server for each worker."""
    programs = find_postgresql()
    if programs is None:
        pytest.fail("no PostgreSQL server: run `make setup-test`")
    made = Cluster(programs, place=place)
    yield made
    made.remove()


@pytest.fixture(scope="session")
def sqlite_databases(place: Path) -> SqliteDatabases:
    """SQLite files for this worker."""
    return SqliteDatabases(place)


@pytest.fixture(scope="session")
def postgresql_databases(cluster: Cluster) -> PostgresqlDatabases:
    """PostgreSQL databases for this worker."""
    return PostgresqlDatabases(cluster)


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """Where databases come from, once for each engine: a test that asks for this runs twice."""
    source: Source = request.getfixturevalue(f"{request.param}_databases")
    lent = Lent(source)
    yield lent
    lent.give_back()


@pytest.fixture
def database(databases: Databases) -> Database:
    """An empty database with every table and protection."""
    return databases.fresh()


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """A data folder of the test's own."""
    folder = tmp_path / "instance"
    folder.mkdir()
    return folder


@pytest.fixture
def postgresql_database(postgresql_databases: PostgresqlDatabases) -> Iterator[Database]:
    """An empty database on PostgreSQL, for what only PostgreSQL can do."""
    made = postgresql_databases.fresh()
    yield made
    postgresql_databases.take_back(made)
