"""The orders of the ledger, and the place in each where a page ends and the next begins.

A place names the last row by what it is ordered by and its id, so rows that come, go or move elsewhere meanwhile neither
repeat a row that stayed nor leave one out.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, literal, tuple_
from sqlalchemy.sql.elements import UnaryExpression

from app.core.db import Ref
from app.core.errors import Invalid
from app.ledgers.cases.models import Case

LOST = {"after": "这一页的地址不完整，请回到第一页。"}


@dataclass(frozen=True, slots=True)
class Order:
    """One way to order the ledger: the words, the column, whether the last comes first, and the id of the case."""

    label: str
    column: Any
    is_descending: bool = False
    key: Any = Case.id

    @property
    def by(self) -> tuple[UnaryExpression[Any], UnaryExpression[int]]:
        """What to order by."""
        return (self.column.desc(), self.key.desc()) if self.is_descending else (self.column.asc(), self.key.asc())

    @property
    def by_apart(self) -> tuple[UnaryExpression[Any], UnaryExpression[int]]:
        """The same for a few cases known by id: no index is in this order, so no planner walks all cases to find them."""
        column = func.coalesce(self.column, self.column)
        return (column.desc(), Case.id.desc()) if self.is_descending else (column.asc(), Case.id.asc())

    def after(self, cursor: str) -> ColumnElement[bool]:
        """Return the condition of rows behind a place; Invalid for what is none."""
        typed, _, case_id = cursor.rpartition(".")
        try:
            is_day = self.column.type.python_type is date
            value = date.fromisoformat(typed) if is_day else datetime.fromisoformat(typed).astimezone(UTC)
            place = tuple_(literal(value, self.column.type), literal(int(case_id), Ref))
        except (ValueError, OverflowError) as error:
            raise Invalid(LOST) from error
        here = tuple_(self.column, self.key)
        return here < place if self.is_descending else here > place

    def place(self, row: Any) -> str:
        """Return the place of a row."""
        return self.place_at(getattr(row, self.column.key), row.id)

    @staticmethod
    def place_at(value: date | datetime, case_id: int) -> str:
        """Return the place of the case that stands at a value."""
        return f"{value.isoformat()}.{case_id}"


ORDERS = {
    "due": Order("期限先到的在前", Case.order_on),
    "due_last": Order("期限后到的在前", Case.order_on, is_descending=True),
    "moved": Order("最近办理的在前", Case.moved_at, is_descending=True),
    "still": Order("最久未动的在前", Case.moved_at),
    "newest": Order("最新登记的在前", Case.saved_at, is_descending=True),
    "oldest": Order("最早登记的在前", Case.saved_at),
}
USUAL = "due"


def order_of(name: str) -> Order:
    """Return an order by its name; the usual one for a name that is none."""
    return ORDERS.get(name, ORDERS[USUAL])
