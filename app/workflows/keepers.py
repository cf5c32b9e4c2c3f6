"""Who keeps people: system administrators keep units and accounts, security administrators keep mandates; each alone."""

from typing import Any, TypeVar

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.core.db import Model
from app.core.errors import Absent, Refused, Stale
from app.people import Absence, Actor, Mandate, Person, Role, visible

R = TypeVar("R", Person, Mandate, Absence)
M = TypeVar("M", bound=Model)


def require_keeper(actor: Actor, role: Role, act: str) -> int | None:
    """Return the mandate by which the actor does the act; Refused without one. The operator at the server needs none."""
    if actor.is_system:
        return None
    grant = actor.grant(role)
    if grant is None:
        raise Refused(f"{act}由{role.label}办理，您今天没有这项任职。")
    return grant.mandate_id


def find_visible(session: Session, model: type[M], row_id: int, actor: Actor) -> M:
    """Return a row the actor may see; Absent otherwise."""
    found = session.scalars(visible(model, actor).where(model.__mapper__.primary_key[0] == row_id)).first()
    if found is None:
        raise Absent
    return found


def take_version(session: Session, row: R, version: int | None) -> None:
    """Claim the next version of a row before changing it; Stale when somebody was faster."""
    if version is not None and version != row.version:
        raise Stale(version, row.version)
    table = type(row)
    claimed: Any = session.execute(
        update(table).where(table.id == row.id, table.version == row.version).values(version=row.version + 1),
        execution_options={"synchronize_session": False},
    )
    if claimed.rowcount != 1:
        raise Stale(row.version)
    set_committed_value(row, "version", row.version + 1)
