"""What every test may ask for: a database of its own, on SQLite and on PostgreSQL."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import app.schema  # noqa: F401 - registers every table
from app.core.db import Database
from tests.cluster import Cluster
from tests.databases import Databases, PostgresqlDatabases, SqliteDatabases
from tests.programs import find_postgresql

LONG = os.environ.get("DUKAO_LONG") == "1"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests with full figures to `make test-long`."""
    kept = [item for item in items if LONG or "long" not in item.keywords]
    if len(kept) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One PostgreSQL server for each worker."""
    programs = find_postgresql()
    if programs is None:
        pytest.fail("no PostgreSQL server: run `make setup-test`")
    made = Cluster(programs)
    yield made
    made.remove()


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    """SQLite files for this worker."""
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_databases(cluster: Cluster) -> PostgresqlDatabases:
    """PostgreSQL databases for this worker."""
    return PostgresqlDatabases(cluster)


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Where databases come from, once for each engine: a test that asks for this runs twice."""
    made: Databases = request.getfixturevalue(f"{request.param}_databases")
    return made


@pytest.fixture
def database(databases: Databases) -> Iterator[Database]:
    """An empty database with every table and protection."""
    made = databases.fresh()
    yield made
    made.dispose()


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
    made.dispose()
