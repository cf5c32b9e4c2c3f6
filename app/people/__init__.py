"""People: units, persons, mandates, and who reaches what."""

from app.people.actor import SYSTEM, Actor, Grant, load_actor
from app.people.attempts import (
    forget_failures,
    is_address_held_back,
    locked_until,
    note_failure,
    queue_attempts,
    shipped_lockout,
)
from app.people.codes import is_code, set_code
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
from app.people.names import find_person, is_phone, is_username, normal_username
from app.people.parameters import Parameters, Setting, load_parameters, shipped_settings
from app.people.passwords import (
    PasswordProfile,
    hash_password,
    is_outdated,
    is_password,
    password_fault,
    password_profile,
)
from app.people.reach import nothing, scope, visible, within
from app.people.scopes import authorities_of, units_kept
from app.people.sessions import FormKey, OldPassword, SignInFailure, WebSession, end_sessions, sweep_sessions

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
    "PasswordProfile",
    "Person",
    "Portfolio",
    "Role",
    "Setting",
    "SignInFailure",
    "Unit",
    "UnitAlias",
    "WebSession",
    "authorities_of",
    "end_sessions",
    "find_person",
    "forget_failures",
    "hash_password",
    "is_address_held_back",
    "is_code",
    "is_outdated",
    "is_password",
    "is_phone",
    "is_username",
    "load_actor",
    "load_parameters",
    "locked_until",
    "normal_username",
    "note_failure",
    "nothing",
    "password_fault",
    "password_profile",
    "queue_attempts",
    "scope",
    "set_code",
    "shipped_lockout",
    "shipped_settings",
    "sweep_sessions",
    "units_kept",
    "visible",
    "within",
]
