"""Whatever a cell holds, reading it ends, with a value or with words."""

from datetime import date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.sheet import Cell
from app.ledgers.intake import find_layout, read_date, read_rows, settle
from app.ledgers.intake.cells import read_names, read_text
from tests.ledgers.intake.test_rows import LOWER, UPPER
from tests.ledgers.intake.units import directory

STATED = date(2026, 4, 10)
MARKS = st.text("0123456789年月日号./- :至到底末前初上中下旬半季度第一二三十〇今各镇县局和、(（)）\n\t", max_size=14)
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.dates(),
    st.datetimes(),
    st.text(max_size=20),
    MARKS,
)


@settings(max_examples=600, deadline=None)
@given(CELLS, st.sampled_from([None, STATED]), st.booleans())
def test_a_date_is_read_or_refused_but_never_both(cell: Cell, stated_on: date | None, ahead: bool) -> None:
    reading = read_date(cell, stated_on=stated_on, ahead=ahead)
    assert not (reading.day and reading.problem)
    assert reading.day or reading.problem or not read_text(cell)


@settings(max_examples=300, deadline=None)
@given(
    st.dates(date(1990, 1, 1), date(2100, 12, 31)),
    st.sampled_from(["%Y年{m}月{d}日", "%Y/{m}/{d}", "%Y%m%d", "%Y.%m.%d 9:05"]),
)
def test_a_whole_date_survives_being_written(day: date, pattern: str) -> None:
    said = day.strftime(pattern.format(m=day.month, d=day.day))
    assert read_date(said, stated_on=STATED).day == day


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=len(LOWER), max_size=len(LOWER)), max_size=3))
def test_no_row_loses_another(rows: list[list[Cell]]) -> None:
    good: list[Cell] = [1, "专项督查", "路灯不亮", "县住建局", "城关镇", "赵磊", datetime(2026, 3, 2), None, "否", None]  # noqa: DTZ001
    sheet = read_rows(find_layout("整改台账"), [UPPER, LOWER, *rows, good])
    kept = [row for row in settle(sheet, directory()) if row.reading.number == len(rows) + 3]
    assert [row.lead.name for row in kept if row.lead] == ["云岭县住房和城乡建设局"]


@settings(max_examples=300, deadline=None)
@given(st.one_of(CELLS, MARKS))
def test_names_are_never_blank_and_never_twice(cell: Cell) -> None:
    names = read_names(cell)
    assert len(set(names)) == len(names)
    assert all(name.strip() for name in names)
