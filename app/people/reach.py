"""Seeing: `visible(Model, actor)` is the only way to read what not everybody may see.

A ledger registers for each of its tables what an actor reaches; a table nobody registered cannot be read this way at all.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, false, select, true

from app.core.db import Model
from app.people.actor import Actor

M = TypeVar("M", bound=Model)
Scope = Callable[[Actor], ColumnElement[bool]]
_SCOPES: dict[type[Model], Scope] = {}


def scope(model: type[Model]) -> Callable[[Scope], Scope]:
    """Register what an actor reaches of a table."""

    def register(function: Scope) -> Scope:
        if model in _SCOPES:
            raise RuntimeError(f"two scopes for {model.__name__}")
        _SCOPES[model] = function
        return function

    return register


def visible(model: type[M], actor: Actor) -> Select[M]:
    """Return the select of all rows of the table that the actor may see; KeyError for a table without a scope."""
    return select(model).where(within(model, actor))


def within(model: type[Model], actor: Actor) -> ColumnElement[bool]:
    """Return the condition that holds for rows the actor may see, for use in counts and joins."""
    if actor.is_system:
        return true()
    return _condition(model, actor)


@lru_cache(maxsize=4096)
def _condition(model: type[Model], actor: Actor) -> ColumnElement[bool]:
    """Make a scope's condition once: it says only what the actor's mandates of the day say, and is never changed."""
    return _SCOPES[model](actor)


def nothing() -> ColumnElement[bool]:
    """Return the condition that holds for no row."""
    return false()
