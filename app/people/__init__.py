"""People: units, persons, mandates, and who reaches what."""

from app.people.actor import SYSTEM, Actor, Grant, load_actor
from app.people.models import (
    ROLE_LABELS,
    SEPARATE_ADMINISTRATORS,
    UNIT_KINDS,
    Mandate,
    Parameter,
    Person,
    Portfolio,
    Role,
    Unit,
    UnitAlias,
)
from app.people.parameters import Parameters, Setting, load_parameters, shipped_settings
from app.people.reach import nothing, scope, visible, within
from app.people.scopes import authorities_of
from app.people.sessions import FormKey, OldPassword, SignInFailure, WebSession

__all__ = [
    "ROLE_LABELS",
    "SEPARATE_ADMINISTRATORS",
    "SYSTEM",
    "UNIT_KINDS",
    "Actor",
    "FormKey",
    "Grant",
    "Mandate",
    "OldPassword",
    "Parameter",
    "Parameters",
    "Person",
    "Portfolio",
    "Role",
    "Setting",
    "SignInFailure",
    "Unit",
    "UnitAlias",
    "WebSession",
    "authorities_of",
    "load_actor",
    "load_parameters",
    "nothing",
    "scope",
    "shipped_settings",
    "visible",
    "within",
]
