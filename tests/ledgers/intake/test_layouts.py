"""The shipped layouts: their columns, their headers, and that a sheet under their own header is read by them."""

from datetime import date

import pytest

from app.core.sheet import Cell
from app.ledgers.intake import Layout, find_layout, load_layouts, make_layout, read_rows, settle
from tests.ledgers.intake.units import directory

WIDTHS = {
    "整改台账": (15, 2),
    "安全隐患台账": (11, 1),
    "整改通知单": (14, 1),
    "销号申请单": (13, 2),
    "重点任务落实": (6, 1),
    "巡察整改清单": (15, 2),
    "审计整改台账": (16, 1),
    "环保督察一览表": (10, 1),
}
CELLS: dict[str, Cell] = {
    "text": "路灯不亮",
    "source": "专项督查",
    "lead": "县住建局",
    "assisting": "城关镇",
    "found_on": "2026年3月2日",
    "due_on": "2026/6/30",
    "reference": "X-1",
    "status": "",
}


def sheet(layout: Layout) -> list[tuple[Cell, ...]]:
    """Return a sheet under the layout's own header, filled in on 2026-04-10."""
    head = [tuple(column.heads[min(level, len(column.heads) - 1)] for column in layout.shown) for level in range(2)]
    stated: tuple[Cell, ...] = (layout.right.format(day="2026年4月10日"), *[None] * (len(layout.shown) - 1))
    row = tuple(CELLS.get(column.field, "") for column in layout.shown)
    return [stated, *head[: layout.depth], row]


@pytest.mark.parametrize("name", WIDTHS)
def test_a_shipped_layout_has_the_columns_of_its_office(name: str) -> None:
    layout = find_layout(name)
    assert (len(layout.shown), layout.depth) == WIDTHS[name]
    assert all(column.width > 0 for column in layout.shown)


def test_the_columns_of_the_environmental_ledger_are_named_and_ordered() -> None:
    assert [column.label for column in find_layout("环保督察一览表").shown] == [
        *("受理编号", "交办问题基本情况", "行政区域", "问题类型", "调查核实情况", "是否属实", "办结目标"),
        *("处理和整改情况", "是否办结", "责任人被处理情况"),
    ]


@pytest.mark.parametrize("layout", load_layouts(), ids=lambda layout: layout.code)
def test_each_layout_reads_a_sheet_under_its_own_header(layout: Layout) -> None:
    reading = read_rows(layout, sheet(layout))
    assert reading.unused_columns == ()
    assert reading.stated_on == date(2026, 4, 10)
    (row,) = settle(reading, directory())
    assert row.problems == ()
    assert row.reading.text("text") == "路灯不亮"


def test_a_row_without_a_date_of_its_own_was_fed_back_by_the_date_of_the_sheet_and_is_known_again_later() -> None:
    layout = find_layout("重点任务落实")
    first, *rest = sheet(layout)
    later: tuple[Cell, ...] = (layout.right.format(day="2026年5月10日"), *first[1:])
    (one,), (other,) = (settle(read_rows(layout, [top, *rest]), directory()) for top in (first, later))
    assert (one.reading.day("found_on"), other.reading.day("found_on")) == (date(2026, 4, 10), date(2026, 5, 10))
    assert [doubt.why for doubt in one.doubts] == ["表里没有写，按填报日期"]
    assert one.identity == other.identity


def test_a_layout_with_an_unknown_kind_of_column_is_refused() -> None:
    data = {"code": "x", "name": "x", "source": "other", "discovery": "county", "stated_on": [], "furniture": []}
    column = {"field": "text", "label": "问题", "kind": "poem", "header": [["问题"]]}
    with pytest.raises(ValueError, match="poem"):
        make_layout({**data, "columns": [column]})
