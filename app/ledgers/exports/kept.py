"""What a ledger is narrowed to, kept as JSON until its file is made. Pure."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from app.ledgers.cases import Facts, Filters

FACTS, CALENDAR = "facts", "calendar"


def keep_filters(filters: Filters) -> dict[str, Any]:
    """Return what differs from an open ledger, as JSON values; the calendar is the authority's on the day of making."""
    kept = {name: _kept(value) for name, value in _changed(filters, Filters()).items() if name not in (FACTS, CALENDAR)}
    asked = _changed(filters.facts, Facts())
    return kept | ({FACTS: asked} if asked else {})


def read_filters(kept: Mapping[str, Any]) -> Filters:
    """Return the filters that were kept, as yet without a calendar; what is no longer known raises TypeError."""
    values = {name: _value(value) for name, value in kept.items() if name != FACTS}
    return replace(Filters(**values), facts=Facts(**kept.get(FACTS, {})))


def _changed(value: Any, plain: Any) -> dict[str, Any]:
    found = {field.name: getattr(value, field.name) for field in fields(value)}
    return {name: one for name, one in found.items() if one != getattr(plain, name)}


def _kept(value: Any) -> Any:
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return list(value) if isinstance(value, tuple | frozenset) else value


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return date.fromisoformat(value["day"])
    return tuple(value) if isinstance(value, list) else value
