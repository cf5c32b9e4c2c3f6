"""The bench's databases: one file or one small PostgreSQL server of its own, filled once and copied."""

import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from app.core.db import Database
from tests.cluster import APP, OWNER, Cluster
from tests.migrating import build_schema
from tests.programs import find_postgresql

# What a small server of an office is set to; everything that makes a commit durable stays on.
SETTINGS = ("shared_buffers=512MB", "work_mem=16MB", "max_wal_size=4GB", "effective_cache_size=2GB")


class Stock(Protocol):
    """Where databases come from."""

    engine: str

    def create(self, name: str) -> Database:
        """Make an empty database by the migrations."""

    def copy(self, source: str, name: str) -> Database:
        """Copy a database that nobody has open."""

    def superuser_url(self, name: str) -> str | None:
        """Return the address for COPY, None on SQLite."""

    def open(self, name: str) -> Database:
        """Open a database that is there."""

    def size(self, name: str) -> int:
        """Return the size of a database in bytes."""

    def version(self) -> str:
        """Return the engine with its version."""


class SqliteStock:
    """Files in a folder."""

    engine = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self, name: str) -> Database:
        """Make an empty file."""
        database = self.open(name)
        build_schema(database)
        return database

    def copy(self, source: str, name: str) -> Database:
        """Copy the file; its log was written back when the last connection closed."""
        shutil.copyfile(self.folder / f"{source}.db", self.folder / f"{name}.db")
        return self.open(name)

    def superuser_url(self, name: str) -> str | None:
        """There is none."""
        return None

    def size(self, name: str) -> int:
        """Return the file's size."""
        return (self.folder / f"{name}.db").stat().st_size

    def version(self) -> str:
        """Return the library's version."""
        return f"SQLite {sqlite3.sqlite_version}"

    def open(self, name: str) -> Database:
        """Open a database."""
        return Database(f"sqlite:///{self.folder / name}.db")


class PostgresqlStock:
    """Databases of one server, owned by one role and used by another."""

    engine = "postgresql"

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def create(self, name: str) -> Database:
        """Make an empty database."""
        self.cluster.execute(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE template0")
        database = self.open(name)
        build_schema(database)
        return database

    def copy(self, source: str, name: str) -> Database:
        """Copy a database within the server, planner's statistics included."""
        self.cluster.execute(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {source} STRATEGY FILE_COPY")
        return self.open(name)

    def superuser_url(self, name: str) -> str | None:
        """Return the superuser's address."""
        return self.cluster.url("postgres", name)

    def size(self, name: str) -> int:
        """Ask the server."""
        database = self.open(name)
        with database.engine.connect() as connection:
            size = int(connection.exec_driver_sql(f"SELECT pg_database_size('{name}')").scalar_one())
        database.dispose()
        return size

    def version(self) -> str:
        """Ask the program."""
        command = [str(self.cluster.programs / "postgres"), "--version"]
        said = subprocess.run(command, check=True, capture_output=True, text=True, cwd="/").stdout
        return f"PostgreSQL {said.split()[2]}"

    def open(self, name: str) -> Database:
        """Open a database."""
        return Database(self.cluster.url(APP, name), owner_url=self.cluster.url(OWNER, name))


@contextmanager
def open_stock(engine: str) -> Iterator[Stock]:
    """Open a place for databases that is gone afterwards."""
    if engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix="dukao-bench-") as folder:
            yield SqliteStock(Path(folder))
        return
    programs = find_postgresql()
    if programs is None:
        raise SystemExit("no PostgreSQL server: run `make setup-test`")
    cluster = Cluster(programs, SETTINGS)
    try:
        yield PostgresqlStock(cluster)
    finally:
        cluster.remove()
