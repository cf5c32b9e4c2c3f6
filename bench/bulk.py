"""Writing very many rows past the ORM, for the bench alone: COPY on PostgreSQL, executemany on SQLite."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg
from sqlalchemy import Table

from app.core.db import Database, Model

Row = tuple[Any, ...]


class Bulk:
    """Collects rows table by table and writes them, in the order the tables were first named."""

    def __init__(self, database: Database, superuser_url: str | None = None) -> None:
        self.rows: dict[type[Model], list[Row]] = defaultdict(list)
        self.shapes: dict[type[Model], list[tuple[str, Any]]] = {}
        self.newest: dict[type[Model], int] = {}
        self.sink: _Sink = _Copy(superuser_url) if superuser_url else _Many(database.url)

    def add(self, model: type[Model], **values: Any) -> int:
        """Add a row with the model's own defaults; returns its id, counted up from what the bench wrote before."""
        shape = self.shapes.get(model) or self._learn(model)
        if shape[0][0] == "id" and "id" not in values:
            values["id"] = self.next_id(model)
        row = [values.get(name, default) for name, default in shape]
        self.rows[model].append(tuple([PLAIN[type(value)](value) if type(value) in PLAIN else value for value in row]))
        return int(values.get("id", 0))

    def next_id(self, model: type[Model]) -> int:
        """Return the next free id of a table."""
        if model not in self.newest:
            self._learn(model)
        self.newest[model] += 1
        return self.newest[model]

    def flush(self) -> None:
        """Write what was collected."""
        for model, rows in self.rows.items():
            if rows:
                self.sink.write(_table(model).name, [name for name, _ in self.shapes[model]], rows)
                self.rows[model] = []

    def execute(self, statement: str) -> None:
        """Run a statement in the same transaction."""
        self.sink.execute(statement)

    def finish(self) -> None:
        """Write the rest, let the keys go on after it, tell the planner what there is, and commit."""
        self.flush()
        self.sink.finish([_table(model).name for model in self.newest])

    def _learn(self, model: type[Model]) -> list[tuple[str, Any]]:
        table = _table(model)
        shape = [(column.name, _plain(_default(column))) for column in table.columns]
        if shape[0][0] == "id":
            self.newest[model] = self.sink.newest(table.name)
        self.shapes[model] = shape
        return shape


class _Sink:
    """Where rows go."""

    def write(self, table: str, columns: list[str], rows: list[Row]) -> None:
        raise NotImplementedError

    def newest(self, table: str) -> int:
        raise NotImplementedError

    def execute(self, statement: str) -> None:
        raise NotImplementedError

    def finish(self, tables: Iterable[str]) -> None:
        raise NotImplementedError


class _Many(_Sink):
    """SQLite: one prepared statement, no sync until the end."""

    def __init__(self, url: str) -> None:
        self.connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000", "journal_mode=WAL"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.execute("BEGIN IMMEDIATE")

    def write(self, table: str, columns: list[str], rows: list[Row]) -> None:
        names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
        self.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)

    def newest(self, table: str) -> int:
        return int(self.connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])

    def execute(self, statement: str) -> None:
        self.connection.execute(statement)

    def finish(self, tables: Iterable[str]) -> None:
        for statement in ("COMMIT", "ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)"):
            self.connection.execute(statement)
        self.connection.close()


class _Copy(_Sink):
    """PostgreSQL: COPY as the superuser, whose session may leave out the checks of foreign keys."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, options="-c timezone=UTC -c session_replication_role=replica")

    def write(self, table: str, columns: list[str], rows: list[Row]) -> None:
        names = ", ".join(f'"{name}"' for name in columns)
        with self.connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def newest(self, table: str) -> int:
        row = self.connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()
        return int(row[0]) if row else 0

    def execute(self, statement: str) -> None:
        self.connection.execute(statement)

    def finish(self, tables: Iterable[str]) -> None:
        for table in tables:
            self.connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), greatest(1, (SELECT max(id) FROM {table})))"
            )
        self.connection.commit()
        self.connection.autocommit = True
        self.connection.execute("VACUUM ANALYZE")
        self.connection.close()


def _table(model: type[Model]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _default(column: Any) -> Any:
    found = column.default
    if found is None:
        return None
    made: Callable[[Any], Any] | Any = found.arg
    return made(None) if callable(made) else made


# How both engines store a value: instants in UTC without zone, points in hundredths, JSON as text.
PLAIN: dict[type, Callable[[Any], Any]] = {
    bool: int,
    datetime: lambda value: value.isoformat(" ", "microseconds")[:26],
    date: date.isoformat,
    Decimal: lambda value: int(value * 100),
    dict: json.dumps,
    list: json.dumps,
}


def _plain(value: Any) -> Any:
    """Return the value as both engines store it."""
    found = PLAIN.get(type(value))
    return found(value) if found else value
