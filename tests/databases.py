"""Databases for tests, one for each test, made by copying a template that the real migrations built once."""

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

    def renew(self, database: Database, stock: str) -> None:
        """Put a database back to its template; its engine keeps the statements that it has compiled."""


def opened(database: Database) -> Database:
    """Have a database close its connections when nobody holds it any more, also after a test that failed half way."""
    weakref.finalize(database, database.engine.dispose)
    return database


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

    def fresh(self, stock: str = "empty", fill: Fill | None = None) -> Database:
        """Copy the template file."""
        template = self.folder / f"{stock}.template"
        if not template.exists():
            self._make_template(template, fill)
        copy = self.folder / f"{stock}-{next(self.numbers)}.db"
        shutil.copyfile(template, copy)
        return opened(Database(f"sqlite:///{copy}"))

    def renew(self, database: Database, stock: str) -> None:
        """Copy the template file over the database's own."""
        database.dispose()
        shutil.copyfile(self.folder / f"{stock}.template", database.url.removeprefix("sqlite:///"))

    def _make_template(self, template: Path, fill: Fill | None) -> None:
        if fill:
            database = self.fresh()
            fill(database)
        else:
            database = opened(Database(f"sqlite:///{self.folder / 'schema.db'}"))
            build_schema(database)
        database.dispose()
        Path(database.url.removeprefix("sqlite:///")).rename(template)


class PostgresqlDatabases:
    """Databases of the tests' own cluster, owned by one role and used by another."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.numbers = itertools.count(1)
        self.templates: set[str] = set()

    def fresh(self, stock: str = "empty", fill: Fill | None = None) -> Database:
        """Create a database from the template."""
        if stock not in self.templates:
            self._make_template(stock, fill)
        name = f"{stock}_{next(self.numbers)}"
        self._create(name, f"{stock}_template")
        return self._open(name)

    def renew(self, database: Database, stock: str) -> None:
        """Drop the database and create it from the template again."""
        database.dispose()
        name = str(database.engine.url.database)
        self.cluster.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        self._create(name, f"{stock}_template")

    def _make_template(self, stock: str, fill: Fill | None) -> None:
        if fill:
            database = self.fresh()
            fill(database)
        else:
            self._create("schema", "template0")
            database = self._open("schema")
            build_schema(database)
        database.dispose()
        made = database.engine.url.database
        self.cluster.execute(f'ALTER DATABASE "{made}" RENAME TO "{stock}_template"')
        self.templates.add(stock)

    def _create(self, name: str, template: str) -> None:
        self.cluster.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER {OWNER} STRATEGY FILE_COPY')

    def _open(self, name: str) -> Database:
        return opened(Database(self.cluster.url(APP, name), owner_url=self.cluster.url(OWNER, name)))
