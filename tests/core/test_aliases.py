"""An alias that is kept is whole before a second thread can see it."""

from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import aliased

from app.core.aliases import lay_out_tables, shared_alias
from app.core.db import Model
from app.people import Unit


def index_of(selectable: Any) -> Any:
    """Return the index that SQLAlchemy fills at first use, entry by entry."""
    return selectable.c._proxy_index


def test_kept_alias_is_laid_out_before_it_is_shared() -> None:
    assert not index_of(inspect(aliased(Unit)).selectable)
    alias: Any = shared_alias(Unit)
    assert index_of(inspect(alias).selectable)
    assert "units AS units_1" in str(select(alias.id).where(alias.name == "x"))


def test_every_table_is_laid_out() -> None:
    lay_out_tables(Model.metadata)
    assert all(index_of(table) for table in Model.metadata.tables.values())
