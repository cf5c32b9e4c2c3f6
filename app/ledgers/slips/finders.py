"""Finding slips, always through an actor; and the pack an authority uses."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, selectinload

from app.core.errors import Absent
from app.ledgers.slips.models import Slip, SlipSetting
from app.ledgers.slips.packs import DEFAULT_PACK, SlipPack, shipped_packs
from app.people import Actor, Role, nothing, visible


def find_slip(session: Session, actor: Actor, slip_id: int) -> Slip:
    """Return a slip the actor may see, with its unit; Absent otherwise."""
    found = session.scalars(visible(Slip, actor).where(Slip.id == slip_id).options(selectinload(Slip.unit))).first()
    if found is None:
        raise Absent
    return found


def slips_of_case(session: Session, actor: Actor, case_id: int) -> Sequence[Slip]:
    """Return the slips of a case that the actor may see, oldest first, with their units."""
    query = visible(Slip, actor).where(Slip.case_id == case_id).options(selectinload(Slip.unit))
    return session.scalars(query.order_by(Slip.id)).all()


def slips_to_sign(session: Session, actor: Actor, after: int = 0, limit: int = 200) -> Sequence[Slip]:
    """Return the drafts that wait for the actor's signature, oldest first, after an id, with their units."""
    query = visible(Slip, actor).where(waits_for(actor), Slip.id > after)
    return session.scalars(query.options(selectinload(Slip.unit)).order_by(Slip.id).limit(limit)).all()


def waits_for(actor: Actor, *roles: Role) -> ColumnElement[bool]:
    """Return the condition of drafts that the actor may sign, in the own name or for somebody absent; by roles, if named."""
    mine, by = [], roles or (Role.SUPERVISOR, Role.LEADER)
    if Role.SUPERVISOR in by and (authorities := actor.authorities(Role.SUPERVISOR)):
        mine.append(Slip.authority_id.in_(authorities) & Slip.signers.contains(Role.SUPERVISOR.value))
    if Role.LEADER in by and actor.portfolio:
        mine.append(Slip.unit_id.in_(actor.portfolio) & Slip.signers.contains(Role.LEADER.value))
    return and_(Slip.state == "draft", or_(*mine) if mine else nothing())


def pack_of(session: Session, authority_id: int) -> SlipPack:
    """Return the pack of types the authority uses, with its own names."""
    row = session.scalars(select(SlipSetting).where(SlipSetting.authority_id == authority_id)).first()
    if row is None:
        return shipped_packs()[DEFAULT_PACK]
    return shipped_packs()[row.pack].renamed(row.names)
