"""Aliases and tables that threads may share: SQLAlchemy lays out the columns of one at first use, and not at one stroke."""

from typing import Any, TypeVar

from sqlalchemy import FromClause, MetaData, column, inspect
from sqlalchemy.orm import aliased

Mapped = TypeVar("Mapped")


def shared_alias(model: type[Mapped]) -> type[Mapped]:
    """Return an alias of the model to be kept for the life of the process: making one costs more than asking the database."""
    made = aliased(model)
    found: Any = inspect(made)
    lay_out(found.selectable)
    return made


def lay_out_tables(metadata: MetaData) -> None:
    """Lay out the columns of every table, before threads begin."""
    for table in metadata.tables.values():
        lay_out(table)


def lay_out(selectable: FromClause) -> None:
    """Fill the index by which a column of another selectable is found in this one.

    A thread that meets the index half filled by another falls back to the column of the table itself: a wrong statement.
    """
    selectable.corresponding_column(column("nothing"))
