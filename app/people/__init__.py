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
from app.people.directory import (
    MandateRow,
    PersonFilter,
    PersonRow,
    TreeRow,
    find_persons,
    in_force,
    mandates_of,
    unit_tree,
)
from app.people.models import (
    ROLE_LABELS,
    SEPARATE_ADMINISTRATORS,
    UNIT_KINDS,
    Absence,
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
from app.people.parts import takes_parts
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
from app.people.second_factor import matching_step, new_secret, secret_address
from app.people.sessions import FormKey, OldPassword, SignInFailure, WebSession, end_sessions, sweep_sessions

__all__ = [
    "ROLE_LABELS",
    "SEPARATE_ADMINISTRATORS",
    "SYSTEM",
    "UNIT_KINDS",
    "Absence",
    "Actor",
    "FormKey",
    "Grant",
    "Mandate",
    "MandateRow",
    "OldPassword",
    "Parameter",
    "Parameters",
    "PasswordProfile",
    "Person",
    "PersonFilter",
    "PersonRow",
    "Portfolio",
    "Role",
    "Setting",
    "SignInFailure",
    "TreeRow",
    "Unit",
    "UnitAlias",
    "WebSession",
    "authorities_of",
    "end_sessions",
    "find_person",
    "find_persons",
    "forget_failures",
    "hash_password",
    "in_force",
    "is_address_held_back",
    "is_code",
    "is_outdated",
    "is_password",
    "is_phone",
    "is_username",
    "load_actor",
    "load_parameters",
    "locked_until",
    "mandates_of",
    "matching_step",
    "new_secret",
    "normal_username",
    "note_failure",
    "nothing",
    "password_fault",
    "password_profile",
    "queue_attempts",
    "scope",
    "secret_address",
    "set_code",
    "shipped_lockout",
    "shipped_settings",
    "sweep_sessions",
    "takes_parts",
    "unit_tree",
    "units_kept",
    "visible",
    "within",
]
