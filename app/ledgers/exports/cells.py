"""What a case says in each column of a layout: from what is on record, else from what its file last said. Pure."""

from collections.abc import Callable
from datetime import date
from typing import Any

from app.ledgers.cases.facts import is_late
from app.ledgers.cases.words import CHECKED_STATES, CLASSES, SOURCES
from app.ledgers.exports.records import Photo, Record
from app.ledgers.intake import Column, Layout
from app.ledgers.intake.words import STATUSES

Value = str | int | date | tuple[Photo, ...] | None
UNNUMBERED = "登记"
LONGEST_ID = 15  # digits
LONGEST_CELL = 32_767  # characters, by the format of workbooks
CUT = "……（文字过长，余下部分见系统）"
DONE_STATES = (*CHECKED_STATES, "closed")
_SAID = {word: status for status, word in STATUSES.items()}


def row_reader(layout: Layout, today: date) -> Callable[[Record, int], list[Value]]:
    """Return what makes the cells of a row of a record and its place: the shown columns in order, then the own number."""
    readers = [_reader(column, today) for column in layout.shown]
    return lambda record, serial: [*[read(record, serial) for read in readers], own_number(record.case)]


def own_number(case: Any) -> str:
    """Return by what a row is known again: the number, or 登记 and the id while there is none."""
    return str(case.number or f"{UNNUMBERED}{case.id}")


def unnumbered(said: str) -> int:
    """Return the id in the own number of a case that has none yet (登记12); 0 for anything else."""
    digits = said.removeprefix(UNNUMBERED)
    is_id = said.startswith(UNNUMBERED) and digits.isdecimal() and digits.isascii() and len(digits) <= LONGEST_ID
    return int(digits) if is_id else 0


def value_of(column: Column, record: Record, serial: int, today: date) -> Value:
    """Return what stands in one cell; None where there is nothing to say."""
    return _reader(column, today)(record, serial)


def _reader(column: Column, today: date) -> Callable[[Record, int], Value]:
    """Return what reads the cells of a column: it is asked for each row of very many."""
    if column.kind == "serial":
        return lambda _record, serial: serial
    if column.kind == "status":
        return lambda record, _serial: column.word_of(_status(record, today))
    read, field = _VALUES.get(column.field, _nothing), column.field
    if column.kind == "photos":
        return lambda record, _serial: read(record)

    def day(record: Record, _serial: int) -> Value:
        return read(record) or ((said := record.facts.get(field)) and date.fromisoformat(said)) or None

    def words(record: Record, _serial: int) -> Value:
        found = read(record) or record.facts.get(field)
        return _cut(found) if isinstance(found, str) else found

    return day if column.kind == "date" else words


def _nothing(_record: Record) -> Value:
    return None


def _cut(words: str) -> str:
    """Cut a text to what a cell may hold, and say so."""
    return words if len(words) <= LONGEST_CELL else words[: LONGEST_CELL - len(CUT)] + CUT


def _status(record: Record, today: date) -> str:
    """Return finished, unfinished, behind or long_term; before a case is assigned its file is believed."""
    case = record.case
    if case.state in ("closed", "long_term"):
        return "finished" if case.state == "closed" else "long_term"
    if case.state in ("reported", "ledgered"):
        return _SAID.get(record.facts.get("status", ""), "unfinished")
    return "behind" if is_late(case, today) else "unfinished"


def _source(record: Record) -> str:
    """Return the file's own words of the first source, and the kinds of all others."""
    kinds = record.kinds or (record.case.source_kind,)
    said = record.facts.get("source") or SOURCES.get(kinds[0], "")
    return "、".join([said, *(SOURCES[kind] for kind in kinds[1:])])


def _measures(record: Record) -> str:
    if len(record.measures) == 1:
        return str(record.measures[0].text)
    return "\n".join(f"{number}. {row.text}" for number, row in enumerate(record.measures, 1))


def _progress(record: Record) -> str:
    case = record.case
    is_done = case.state in DONE_STATES and case.result and record.sees_lead
    return str(case.result) if is_done else record.progress


def _due_on(record: Record) -> date | None:
    found: date | None = record.case.due_on or record.case.proposed_due_on
    return found


def _done_on(record: Record) -> date | None:
    case = record.case
    found: date | None = (case.submitted_on or case.ended_on) if case.state in DONE_STATES else None
    return found


def _finding(record: Record) -> str:
    said = (record.check.method, record.check.opinion) if record.check else ()
    return record.facts.get("finding") or "；".join(part for part in said if part)


def _check_result(record: Record) -> str:
    if record.check is None:
        return ""
    word = "合格" if record.check.passed else "不合格"
    return f"{word}，{record.check.opinion}" if record.check.opinion else word


def _inspectors(record: Record) -> str:
    """Name whom the file named, or who registered what an office found itself; who only imported looked at nothing."""
    is_own = record.case.source_kind in ("inspection", "special", "assessment") and not record.facts
    return record.facts.get("inspectors") or (record.reporter if is_own else "")


_VALUES: dict[str, Callable[[Record], Value]] = {
    "reference": lambda record: "、".join(record.references),
    "source": _source,
    "category": lambda record: str(record.case.category),
    "place": lambda record: str(record.case.place),
    "title": lambda record: str(record.case.title),
    "text": lambda record: str(record.case.text),
    "standard": lambda record: str(record.case.standard),
    "measures": _measures,
    "lead": lambda record: record.lead,
    "assisting": lambda record: "、".join(record.assists),
    "leader": lambda record: "、".join(record.leaders),
    "person": lambda record: "、".join(dict.fromkeys(row.person for row in record.measures)),
    "found_on": lambda record: record.found_on or record.case.found_on,
    "due_on": _due_on,
    "done_on": _done_on,
    "received_on": lambda record: record.received_on,
    "progress": _progress,
    "rect_class": lambda record: CLASSES.get(record.case.rect_class or record.case.proposed_class or "", ""),
    "mechanism": lambda record: str(record.case.mechanism) if record.sees_lead else "",
    "finding": _finding,
    "inspectors": _inspectors,
    "checked_on": lambda record: (record.check.site_on or record.check.on) if record.check else None,
    "checked_by": lambda record: record.check.names if record.check else "",
    "check_result": _check_result,
    "photos": lambda record: record.photos.get("before", ()),
    "before": lambda record: record.photos.get("before", ()),
    "after": lambda record: record.photos.get("after", ()),
}
