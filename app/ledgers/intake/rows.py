"""Turn the rows of a sheet into readings: values by field, what is wrong, and what is to be confirmed. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date

from app.core.sheet import Cell, OpenQuote
from app.ledgers.intake import cells
from app.ledgers.intake.dates import NO_DATE, DateReading, SheetDate, read_date
from app.ledgers.intake.headers import Header, Rows, find_header
from app.ledgers.intake.layouts import UNFILLED, Column, Layout
from app.ledgers.intake.readings import Doubt, Problem, RowReading, SheetReading, Value
from app.ledgers.intake.sheet_dates import date_of_sheet
from app.ledgers.intake.sources import tell_source

MOST_NAMES = 60
SAME_AS_ABOVE = ("同上", "〃", "″", "同上一行")
LONGEST_SAME = 10  # characters, blanks among them
BLANK = "没有填写"
NO_RESULT = "单元格是公式，没有保存计算结果。请在 Excel 或 WPS 中打开、保存后重新上传，或在这里直接填写"
UNCOUNTED = ("serial", "photos")
_FIGURE = re.compile(r"[-—/]|[\d.,]{1,20}%?[件个条项行起元万]{0,2}")
_TOTAL = re.compile(r"(?:本[页表月]|全[县市区镇]|以上)?[合小总共累]计:?(?:[\d.,]{1,20}[件个条项行起元万]{0,2})?")
LONGEST_MARK = 60  # characters of a cell that are looked at to tell a sign-off line or a heading


def read_rows(
    layout: Layout, rows: Rows, quotes: Sequence[OpenQuote] = (), formulas: Set[tuple[int, int]] = frozenset()
) -> SheetReading:
    """Read a whole sheet by its layout. Raises Invalid where the header is not found; a bad row is a reading too.

    `quotes` are those that never close: their rows may be split wrongly, so a person has to look. `formulas` are the cells
    (row from 1, column from 0) that are blank because the result of their formula was not saved.
    """
    header = find_header(layout, rows)
    filled_in = date_of_sheet(layout, rows, header)
    starts = tuple(cells.fold(word) for word in (*layout.furniture, *layout.stated_on))
    top_rows = rows[header.top : header.top + header.depth]
    head = frozenset(cells.fold(cells.read_text(value)) for row in top_rows for value in row)
    readings: list[RowReading] = []
    above: Sequence[Cell] = ()
    passed_over: list[tuple[int, str]] = []
    for index in range(header.top + header.depth, len(rows)):
        words = [cells.read_text(value) for value in rows[index]]
        is_unsaved = (index + 1, header.places.get("text")) in formulas
        if not any(words) and not is_unsaved:
            continue
        if not is_unsaved and _is_furniture(starts, head, header, words):
            passed_over.append((index + 1, next(word for word in words if word)))
        else:
            above = _spelt_out(rows[index], above, header)
            words = words if above is rows[index] else [cells.read_text(value) for value in above]
            readings.append(_read_row(layout, header, (above, words), index + 1, filled_in))
            _note_same(layout, header, readings[-1], (rows[index], above))
    by_number = {reading.number: reading for reading in readings}
    _note_quotes(layout, header, by_number, quotes)
    _note_formulas(layout, header, by_number, formulas)
    unread = (*header.unused, *_left_empty(layout, header, rows, by_number))
    return SheetReading(layout, filled_in, tuple(readings), tuple(passed_over), unread)


def _left_empty(layout: Layout, header: Header, rows: Rows, numbers: Iterable[int]) -> list[str]:
    """Return the words of the columns that the layout writes empty and that say something in one of the rows read."""
    empty = [one for one in layout.columns if one.field.startswith(UNFILLED) and one.field in header.places]
    places = {header.places[column.field]: column.label for column in empty}
    told = {at for number in numbers for at in places if any(map(cells.read_text, rows[number - 1][at : at + 1]))}
    return [label for place, label in places.items() if place in told]


def read_cells(layout: Layout, values: Mapping[str, Cell], filled_in: SheetDate = NO_DATE) -> RowReading:
    """Read one row given by field, as a row of a sheet is read."""
    header = Header(0, 1, {field: place for place, field in enumerate(values)}, ())
    cells_of_row = list(values.values())
    return _read_row(layout, header, (cells_of_row, [cells.read_text(value) for value in cells_of_row]), 0, filled_in)


def _spelt_out(row: Sequence[Cell], above: Sequence[Cell], header: Header) -> Sequence[Cell]:
    """Return a row with what stands above it in place of 同上; what we wrote out ourselves stands for itself."""
    is_ours = header.places.get("number", len(row)) < len(row) and row[header.places["number"]]
    if is_ours or not above or not any(_is_same(value) for value in row):
        return row
    return tuple(old if _is_same(value) else value for value, old in zip(row, above, strict=True))


def _is_same(value: Cell) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_SAME and cells.fold(value) in SAME_AS_ABOVE


def _note_same(
    layout: Layout, header: Header, reading: RowReading, rows: tuple[Sequence[Cell], Sequence[Cell]]
) -> None:
    """Have a person confirm what was taken from the row above: `rows` are the row as it stands and as it was read."""
    for column in layout.columns:
        place = header.places.get(column.field)
        if place is not None and column.field in reading.said and rows[0][place] != rows[1][place]:
            read_as = reading.said[column.field][:40]
            reading.doubts.append(Doubt(column.label, str(rows[0][place]), read_as, "按上一行的内容"))


def _note_quotes(
    layout: Layout, header: Header, readings: Mapping[int, RowReading], quotes: Iterable[OpenQuote]
) -> None:
    """Call a row wrong in the column in which a quote opens, or the nearest one that is read."""
    for quote in quotes:
        if quote.row in readings:
            near = min(header.places, key=lambda field: abs(header.places[field] - quote.column))
            said = (
                f'文件第 {quote.line} 行从这里起的英文引号（"）没有闭合，后面几格可能错位。请对照原文改正，并删去引号'
            )
            readings[quote.row].problems.append(Problem(layout.label_of(near), said))


def _note_formulas(
    layout: Layout, header: Header, readings: Mapping[int, RowReading], formulas: Set[tuple[int, int]]
) -> None:
    """Call a row wrong in each column whose formula has no saved result, instead of 没有填写."""
    columns = {header.places[column.field]: column for column in layout.columns if column.field in header.places}
    for number, place in sorted(formulas):
        column, reading = columns.get(place), readings.get(number)
        if reading is None or column is None or column.derived or column.kind in UNCOUNTED:
            continue
        reading.problems = [problem for problem in reading.problems if problem != Problem(column.label, BLANK)]
        reading.problems.append(Problem(column.label, NO_RESULT))


def _is_furniture(starts: tuple[str, ...], head: frozenset[str], header: Header, words: list[str]) -> bool:
    """Say whether a row is a sign-off line, a group heading across the sheet, its totals, or the header once more."""
    filled = {cells.fold(word[:LONGEST_MARK]) for word in words if word}
    if len(filled) == 1 and _is_heading(header, words):
        return True
    figures = {word for word in filled if _FIGURE.fullmatch(word)}
    if filled != figures and all(_TOTAL.fullmatch(word) for word in filled - figures):
        return True
    return filled <= head or all(word.startswith(starts) for word in filled)


def _is_heading(header: Header, words: list[str]) -> bool:
    """Say whether the only words of a row are spread over it, stand at its beginning, or are just its 序号."""
    places = [place for place, word in enumerate(words) if word]
    return len(places) > 1 or places[0] == header.places.get("serial") or (places[0] == 0 and not words[0].isdigit())


def _read_row(
    layout: Layout, header: Header, row: tuple[Sequence[Cell], list[str]], number: int, filled_in: SheetDate
) -> RowReading:
    values, words = row
    reading = RowReading(number)
    for column in layout.columns:
        place = header.places.get(column.field)
        if column.derived or column.kind == "photos":
            continue
        if place is not None and place < len(words) and words[place]:
            reading.said[column.field] = words[place]
            if column.kind == "date" and isinstance(values[place], float):
                reading.figures[column.field] = float(str(values[place]))
            _read_cell(reading, column, values[place], filled_in)
        elif column.required:
            reading.problems.append(Problem(column.label, BLANK))
    _date_by_sheet(layout, reading, filled_in.day)
    _compare_dates(layout, reading)
    tell_source(layout, reading)
    return reading


def _read_cell(reading: RowReading, column: Column, value: Cell, filled_in: SheetDate) -> None:
    said = reading.said[column.field]
    if column.kind == "serial":
        reading.serial = cells.read_reference(value)
    elif column.kind == "date":
        _read_day(reading, column, value, filled_in)
    elif column.kind in ("unit", "units"):
        names = cells.read_names(value)
        several = f"写了 {len(names)} 个单位，最多 {MOST_NAMES} 个"
        _keep(reading, column, names if len(names) <= MOST_NAMES else None, several)
    elif column.longest and len(said) > column.longest:
        reading.problems.append(Problem(column.label, f"有 {len(said)} 个字，最多 {column.longest} 个字"))
    else:
        _read_words(reading, column, value)


def _read_words(reading: RowReading, column: Column, value: Cell) -> None:
    said = reading.said[column.field]
    if column.kind == "number":
        _keep(reading, column, cells.read_number(value), f"不是数字：“{said[:40]}”")
    elif column.kind == "class":
        _keep(reading, column, cells.read_class(value), f"没有“{said[:40]}”这种整改类型")
    elif column.kind == "status":
        status = cells.read_status(value)
        reading.values[column.field] = status or "unfinished"
        if status is None:
            reading.doubts.append(Doubt(column.label, said, "未完成", "没有写明是否完成"))
    else:
        read = {"person": cells.read_person, "ref": cells.read_reference}.get(column.kind, cells.read_text)
        reading.values[column.field] = read(value)


def _keep(reading: RowReading, column: Column, value: Value | None, reason: str) -> None:
    if value is None:
        reading.problems.append(Problem(column.label, reason))
    else:
        reading.values[column.field] = value


def _read_day(reading: RowReading, column: Column, value: Cell, filled_in: SheetDate) -> None:
    said = reading.said[column.field]
    named_class = cells.read_class(value) if column.ahead else None
    if named_class:
        reading.values.setdefault("rect_class", named_class)
        reading.doubts.append(Doubt(column.label, said, "没有日期", "写的是整改类型，不是日期"))
        return
    found: DateReading = read_date(value, stated_on=filled_in.day, period=filled_in.period, ahead=column.ahead)
    if found.day:
        reading.values[column.field] = found.day
    if found.problem:
        reading.problems.append(Problem(column.label, found.problem))
    elif found.day and found.doubt:
        reading.doubts.append(Doubt(column.label, said, found.day.isoformat(), found.doubt))


def _date_by_sheet(layout: Layout, reading: RowReading, stated_on: date | None) -> None:
    """Where a ledger has no date of its own in the row, the problem was fed back by the date of the sheet at the latest."""
    column = next((column for column in layout.columns if column.field == "found_on"), None)
    if stated_on is None or "found_on" in reading.said or (column is not None and column.required):
        return
    reading.values |= {"found_on": stated_on, "dated_by": "sheet"}
    label = layout.label_of("found_on")
    reading.doubts.append(Doubt(label, "", stated_on.isoformat(), "表里没有写，按填报日期"))


def _compare_dates(layout: Layout, reading: RowReading) -> None:
    found_on, due_on = reading.day("found_on"), reading.day("due_on")
    if found_on and due_on and due_on < found_on:
        why = f"早于{layout.label_of('found_on')} {found_on.isoformat()}"
        reading.doubts.append(Doubt(layout.label_of("due_on"), reading.said["due_on"], due_on.isoformat(), why))
