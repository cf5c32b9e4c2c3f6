"""Keep a reading as JSON between the preview and the application, and read it back. Pure."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from app.ledgers.intake.layouts import Column, Layout
from app.ledgers.intake.readings import Doubt, Problem, RowReading, Value

CONTACT = "contact"
CODED = ("class", "status")  # kinds of columns whose values are codes
NEEDED_WORDS = ("lead", "assisting", "source", "due_on")  # settling quotes what these cells said


def keep_reading(reading: RowReading) -> dict[str, Any]:
    """Return a row as JSON values, without the contact of a citizen."""
    return {
        "values": {name: _kept(value) for name, value in reading.values.items() if name != CONTACT},
        "said": {name: said for name, said in reading.said.items() if _is_needed(reading, name)},
        "figures": reading.figures,
        "problems": [asdict(problem) for problem in reading.problems],
        "doubts": [asdict(doubt) for doubt in reading.doubts],
    }


def read_kept(number: int, serial: str, kept: Mapping[str, Any]) -> RowReading:
    """Return the row that was kept."""
    return RowReading(
        number=number,
        serial=serial,
        values={name: _value(value) for name, value in kept["values"].items()},
        said=dict(kept["said"]),
        figures=dict(kept.get("figures", {})),
        problems=[Problem(**problem) for problem in kept["problems"]],
        doubts=[Doubt(**doubt) for doubt in kept["doubts"]],
    )


def words_of(reading: RowReading, layout: Layout) -> dict[str, str]:
    """Return what the cells of a row say, by field, in the order of the layout's columns; blank ones as nothing.

    Words that differ from their value are kept beside it: a code or a date without words was told by another cell.
    """
    found = {"serial": reading.serial}
    for column in readable(layout):
        value = reading.values.get(column.field)
        same = value if isinstance(value, str) and column.kind not in CODED else ""
        found[column.field] = reading.said.get(column.field) or found.get(column.field) or same
    return {column.field: found[column.field] for column in readable(layout)}


def readable(layout: Layout) -> tuple[Column, ...]:
    """Return the columns that are read from a file as words."""
    return tuple(column for column in layout.columns if not column.derived and column.kind != "photos")


def _is_needed(reading: RowReading, name: str) -> bool:
    """Whether the words of a cell are kept beside its value; the contact of a citizen never is."""
    return name != CONTACT and (name in NEEDED_WORDS or reading.values.get(name) != reading.said[name])


def _kept(value: Value) -> Any:
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Decimal):
        return {"number": str(value)}
    return list(value) if isinstance(value, tuple) else value


def _value(value: Any) -> Value:
    if isinstance(value, dict):
        return date.fromisoformat(value["day"]) if "day" in value else Decimal(value["number"])
    return tuple(value) if isinstance(value, list) else str(value)
