"""Inserting past the ORM: with a word about conflicts, and many rows at once."""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session

MANY = 50  # rows of one kind from which it is worth to ask for their ids ahead


def insertion(session: Session, table: Any) -> Any:
    """Return an insert that knows what to do about conflicts, in the words of the engine; past the ORM."""
    return insertion_of(session.get_bind().dialect.name, table)


def insertion_of(dialect: str, table: Any) -> Any:
    """Return the same by the engine's name."""
    return sqlite_insert(table) if dialect == "sqlite" else postgresql_insert(table)


def insertion_if_absent(session: Session, table: Any, *wanted: Any) -> Any:
    """Return the insert that leaves a row whose unique key is taken as it is; `wanted` are the columns given back.

    Made once for each table and engine.
    """
    return _if_absent(session.get_bind().dialect.name, table, wanted)


@cache
def _if_absent(dialect: str, table: Any, wanted: tuple[Any, ...]) -> Any:
    made = insertion_of(dialect, table).on_conflict_do_nothing()
    return made.returning(*wanted) if wanted else made


def insert_many(
    session: Session, table: Any, rows: Sequence[dict[str, Any]], wanted: Sequence[Any], mine: ColumnElement[bool]
) -> list[Any]:
    """Insert rows past the ORM and return the columns wanted of each, in no order; `mine` holds for just these rows.

    Of many rows they are read back: one statement with very many values costs more than one prepared for each row.
    """
    if len(rows) == 1:
        return list(session.execute(insert(table).returning(*wanted), rows[0]))
    connection = session.connection()
    statement, values = _driven(connection.dialect, table, tuple(rows[0]))
    connection.exec_driver_sql(statement, [values(row) for row in rows])
    return list(session.execute(select(*wanted).where(mine)))


def number_ahead(session: Session) -> None:
    """Give many new rows of one kind their ids before they are written, where the engine would be asked for them back.

    PostgreSQL gives ids back of one statement with very many values, which the driver takes apart value by value.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    kinds: dict[Any, list[Any]] = {}
    for row in session.new:
        if row.id is None:
            kinds.setdefault(row.__table__, []).append(row)
    for table, rows in kinds.items():
        if len(rows) >= MANY:
            following = func.nextval(func.pg_get_serial_sequence(table.name, "id"))
            ids = session.connection().scalars(select(following).select_from(func.generate_series(1, len(rows))))
            for row, number in zip(rows, ids, strict=True):
                row.id = number


@lru_cache(maxsize=64)
def _driven(dialect: Dialect, table: Any, names: tuple[str, ...]) -> tuple[str, Callable[[dict[str, Any]], Any]]:
    """Return an insert in the driver's words and what makes a row into its values; columns left out get their default.

    SQLAlchemy builds the values of each row of a long statement from what it compiled: three times the work.
    """
    compiled = insert(table).compile(dialect=dialect, column_keys=list(names))
    left: dict[str, Any] = {column.name: column.default for column in compiled.insert_prefetch}
    if not all(default.is_scalar for default in left.values()):
        raise RuntimeError(f"rows of {table.name} lack some of {sorted(left)}")
    kept = {name: default.arg for name, default in left.items()}
    columns = compiled.positiontup or [*names, *kept]
    ways = [(name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in columns]

    def values(row: dict[str, Any]) -> list[Any]:
        whole = kept | row if kept else row
        return [way(whole[name]) if way else whole[name] for name, way in ways]

    if compiled.positional:
        return str(compiled), lambda row: tuple(values(row))
    return str(compiled), lambda row: dict(zip(columns, values(row), strict=True))
