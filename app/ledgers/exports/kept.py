"""What a ledger is narrowed to, kept as JSON until its file is made. Pure."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from app.ledgers.cases import Filters


def keep_filters(filters: Filters) -> dict[str, Any]:
    """Return what differs from an open ledger, as JSON values."""
    plain = Filters()
    found = {field.name: getattr(filters, field.name) for field in fields(filters)}
    return {name: _kept(value) for name, value in found.items() if value != getattr(plain, name)}


def read_filters(kept: Mapping[str, Any]) -> Filters:
    """Return the filters that were kept; what is no longer known raises TypeError."""
    return Filters(**{name: _value(value) for name, value in kept.items()})


def _kept(value: Any) -> Any:
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return list(value) if isinstance(value, tuple | frozenset) else value


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return date.fromisoformat(value["day"])
    return tuple(value) if isinstance(value, list) else value
