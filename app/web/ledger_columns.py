"""The columns a person may read in the ledger, and what stands in those that are not always there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.calendar import say
from app.core.clock import ZONE
from app.ledgers.cases.words import CLASSES

Shown = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, how it behaves on narrow screens, and for the rarer ones the attribute and its words."""

    head: str
    look: str = "k-fit"
    attribute: str = ""
    shown: Shown = str


def _day(value: Any) -> str:
    return say(value) if value else ""


def _moment(value: Any) -> str:
    return f"{value.astimezone(ZONE):%Y-%m-%d %H:%M}" if value else ""


def _times(value: int) -> str:
    return f"{value} 次" if value else ""


COLUMNS = {
    "state": Column("状态"),
    "lead": Column("牵头单位"),
    "assists": Column("配合单位", "k-fit k-wide-only"),
    "source": Column("来源", "k-fit k-broad-only"),
    "due": Column("整改期限"),
    "category": Column("类别", attribute="category"),
    "place": Column("地点", attribute="place"),
    "class": Column("整改类型", attribute="rect_class", shown=lambda value: CLASSES.get(value or "", "")),
    "found": Column("发现日期", attribute="found_on", shown=_day),
    "assigned": Column("交办日期", attribute="assigned_on", shown=_day),
    "original": Column("原定期限", attribute="original_due_on", shown=_day),
    "submitted": Column("报结日期", attribute="submitted_on", shown=_day),
    "saved": Column("登记时间", attribute="saved_at", shown=_moment),
    "moved": Column("最近办理", attribute="moved_at", shown=_moment),
    "extensions": Column("延期", attribute="extension_count", shown=_times),
    "returns": Column("退回", attribute="returned_count", shown=_times),
    "rebounds": Column("反弹", attribute="rebound_count", shown=_times),
}
USUAL_COLUMNS = ("state", "lead", "assists", "source", "due")
MOST_COLUMNS = 9


def columns_read(names: Sequence[str] | None) -> list[str]:
    """Return the columns chosen, in the order of the ledger; the usual ones where nothing was chosen."""
    chosen = [name for name in COLUMNS if name in (names or ())]
    return chosen[:MOST_COLUMNS] or list(USUAL_COLUMNS)


def attributes_of(names: Sequence[str]) -> tuple[str, ...]:
    """Return what must be read of a case for the columns."""
    return tuple(COLUMNS[name].attribute for name in names if COLUMNS[name].attribute)


def cells_of(names: Sequence[str], case: Any) -> dict[str, str]:
    """Return the words of the rarer columns."""
    rare = {name: COLUMNS[name] for name in names if COLUMNS[name].attribute}
    return {name: column.shown(getattr(case, column.attribute)) for name, column in rare.items()}
