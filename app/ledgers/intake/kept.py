"""Keep a reading as JSON between the preview and the application, and read it back. Pure."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from app.ledgers.intake.readings import Doubt, Problem, RowReading, Value

CONTACT = "contact"
NEEDED_WORDS = ("lead", "assisting", "source", "due_on")  # settling quotes what these cells said


def keep_reading(reading: RowReading) -> dict[str, Any]:
    """Return a row as JSON values, without the contact of a citizen."""
    return {
        "values": {name: _kept(value) for name, value in reading.values.items() if name != CONTACT},
        "said": {name: reading.said[name] for name in NEEDED_WORDS if name in reading.said},
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
        problems=[Problem(**problem) for problem in kept["problems"]],
        doubts=[Doubt(**doubt) for doubt in kept["doubts"]],
    )


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
