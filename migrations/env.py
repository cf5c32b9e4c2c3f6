"""Run migrations as the owner of the tables, and put every protection back after each upgrade."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeDecorator

import app.schema  # noqa: F401 - registers every table
from app.core.db import Database, make_engine
from app.core.protect import missing_protections, protect
from app.core.watch import INDEXED, uninstall


def include_object(item: SchemaItem, name: str | None, kind: str, reflected: bool, other: SchemaItem | None) -> bool:
    """Leave out tables that belong to the task queue or are made by SQLite behind an index of pairs, not to us."""
    if kind == "index" and not reflected and getattr(item, "dialect_options", {})["postgresql"]["using"] == "gin":
        return str(context.get_context().dialect.name) == "postgresql"
    strange = ("huey", *(f"{table}_fts" for table in INDEXED))
    return not (kind == "table" and reflected and other is None and str(name).startswith(strange))


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write the stored type instead of our decorator: a migration must not change when the code does."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


@contextmanager
def owner_connection(database: Database) -> Iterator[Connection]:
    """Connect as the owner of the tables; on SQLite foreign keys rest while batch mode rebuilds tables."""
    engine = make_engine(database.owner_url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                raw = connection.connection.dbapi_connection
                assert raw is not None  # noqa: S101 - for the type checker
                raw.execute("PRAGMA foreign_keys=OFF").close()
            yield connection
    finally:
        engine.dispose()


def refuse_broken_references(connection: Connection) -> None:
    """Stop an upgrade that leaves rows pointing nowhere (SQLite, where foreign keys rested)."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"rows without their parent: {broken[:10]}")


def run() -> None:
    """Upgrade, check and protect in one transaction."""
    database: Database = context.config.attributes.get("database") or current_app.extensions["migrate"].db
    steps: list[object] = []
    with owner_connection(database) as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            compare_type=True,
            transactional_ddl=True,
            include_object=include_object,
            render_item=render_item,
            on_version_apply=lambda **step: steps.append(step),
        )
        with context.begin_transaction():
            uninstall(connection)
            context.run_migrations()
            if steps or missing_protections(connection):
                protect(connection, app_role(database))
                refuse_broken_references(connection)


def app_role(database: Database) -> str | None:
    """Return the application's role on PostgreSQL where it differs from the owner."""
    owner = make_engine(database.owner_url).url.username
    user = database.engine.url.username
    return user if user != owner else None


run()
