"""Databases for tests, one for each test, made by copying a template that the real migrations built once.

A database that its test has given back is put to a template again for a later test: its engine keeps the statements
that it has compiled, and what the templates fill stays small.
"""

import itertools
import shutil
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine

from app.core.db import Database, make_engine
from tests.cluster import APP, OWNER, Cluster
from tests.migrating import build_schema

Fill = Callable[[Database], None]


class Databases(Protocol):
    """Where a test gets a database of its own from."""

    def fresh(self, stock: str = "empty", fill: Fill | None = None) -> Database:
        """Make a database; `fill` puts rows into the template called `stock`, once for each worker."""

    def renew(self, database: Database, stock: str, fill: Fill | None = None) -> None:
        """Put a database back to a template; its engine keeps the statements that it has compiled."""


class Source(Databases, Protocol):
    """The databases of one engine, all of them at hand for one worker."""

    def take_back(self, database: Database) -> None:
        """Keep a database that nobody uses any more for another test."""


class Lent:
    """The databases of one test: what it took is there for another one afterwards."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.taken: list[Database] = []

    def fresh(self, stock: str = "empty", fill: Fill | None = None) -> Database:
        """Make a database that this test gives back."""
        self.taken.append(self.source.fresh(stock, fill))
        return self.taken[-1]

    def renew(self, database: Database, stock: str, fill: Fill | None = None) -> None:
        """Put a database back to a template."""
        self.source.renew(database, stock, fill)

    def give_back(self) -> None:
        """Give everything back."""
        for database in self.taken:
            self.source.take_back(database)


def opened(database: Database) -> Database:
    """Have a database close its connections when nobody holds it any more, also after a test that failed half way."""
    weakref.finalize(database, database.engine.dispose)
    return database


def filled(database: Database, fill: Fill) -> None:
    """Fill a database, and close its connections when that fails half way, whoever else still holds it."""
    try:
        fill(database)
    except BaseException:
        database.dispose()
        raise


@contextmanager
def as_owner(database: Database) -> Iterator[Engine]:
    """Connect as the owner of the tables, and close every connection afterwards."""
    engine = make_engine(database.owner_url)
    try:
        yield engine
    finally:
        engine.dispose()


class SqliteDatabases:
    """Files, copied while nobody has them open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count(1)
        self.spare: list[Database] = []

    def fresh(self, stock: str = "empty", fill: Fill | None = None) -> Database:
        """Copy the template file."""
        database = self.spare.pop() if self.spare else self._open(f"test-{next(self.numbers)}")
        self.renew(database, stock, fill)
        return database

    def renew(self, database: Database, stock: str, fill: Fill | None = None) -> None:
        """Copy the template file to a new one and lead the database's address there.

        A connection that somebody forgot knows its file by its own name, and takes no log away from the new one.
        """
        if not self._template(stock).exists():
            self._make_template(stock, fill)
        database.dispose()
        link = file_of(database)
        for file in (link.resolve(), link):
            for left in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):  # logs are of somebody who was killed
                left.unlink(missing_ok=True)
        file = self.folder / f"data-{next(self.numbers)}.db"
        shutil.copyfile(self._template(stock), file)
        link.symlink_to(file)

    def take_back(self, database: Database) -> None:
        """Keep a database for another test."""
        database.dispose()
        self.spare.append(database)

    def _make_template(self, stock: str, fill: Fill | None) -> None:
        if fill:
            database = self.fresh()
            filled(database, fill)
        else:
            database = self._open("schema")
            build_schema(database)
        database.dispose()
        file_of(database).resolve().rename(self._template(stock))

    def _template(self, stock: str) -> Path:
        return self.folder / f"{stock}.template"

    def _open(self, name: str) -> Database:
        return opened(Database(f"sqlite:///{self.folder / name}.db"))


class PostgresqlDatabases:
    """Databases of the tests' own cluster, owned by one role and used by another."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.numbers = itertools.count(1)
        self.templates: set[str] = set()
        self.spare: list[Database] = []

    def fresh(self, stock: str = "empty", fill: Fill | None = None) -> Database:
        """Create a database from the template."""
        self._require(stock, fill)
        if self.spare:
            database = self.spare.pop()
            self.renew(database, stock)
            return database
        name = f"test_{next(self.numbers)}"
        self.cluster.execute(create(name, f"{stock}_template"))
        return self._open(name)

    def renew(self, database: Database, stock: str, fill: Fill | None = None) -> None:
        """Drop the database and create it from the template."""
        self._require(stock, fill)
        database.dispose()
        name = str(database.engine.url.database)
        self.cluster.execute(f'DROP DATABASE "{name}" WITH (FORCE)', create(name, f"{stock}_template"))

    def take_back(self, database: Database) -> None:
        """Keep a database for another test."""
        database.dispose()
        self.spare.append(database)

    def _require(self, stock: str, fill: Fill | None) -> None:
        if stock not in self.templates:
            self._make_template(stock, fill)

    def _make_template(self, stock: str, fill: Fill | None) -> None:
        if fill:
            database = self.fresh()
            filled(database, fill)
        else:
            self.cluster.execute(create("schema", "template0"))
            database = self._open("schema")
            build_schema(database)
        database.dispose()
        made = database.engine.url.database
        self.cluster.execute(f'ALTER DATABASE "{made}" RENAME TO "{stock}_template"')
        self.templates.add(stock)

    def _open(self, name: str) -> Database:
        return opened(Database(self.cluster.url(APP, name), owner_url=self.cluster.url(OWNER, name)))


def file_of(database: Database) -> Path:
    """Return the file of a database on SQLite."""
    return Path(str(database.engine.url.database))


def create(name: str, template: str) -> str:
    """Return the statement that copies a template on PostgreSQL."""
    return f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER {OWNER} STRATEGY FILE_COPY'
