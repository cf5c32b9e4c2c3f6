"""Who sees which slips: the offices all, a leader those of the portfolio, a unit its own once they are issued."""

from sqlalchemy import ColumnElement, or_, select

from app.ledgers.cases import Listing
from app.ledgers.slips.models import Slip, SlipSetting
from app.people import Actor, Role, authorities_of, nothing, scope

SLIP_OFFICES = (Role.INSPECTOR, Role.SUPERVISOR, Role.ASSESSOR)


@scope(Slip)
def _slips(actor: Actor) -> ColumnElement[bool]:
    reached: list[ColumnElement[bool]] = []
    if offices := actor.authorities(*SLIP_OFFICES):
        reached.append(Slip.authority_id.in_(offices))
    if actor.portfolio:
        reached.append(Slip.unit_id.in_(actor.portfolio))
    if reviewed := actor.authorities(Role.DISCIPLINE):
        listed = select(Listing.case_id).where(Listing.case_id == Slip.case_id).correlate(Slip)
        reached.append(Slip.authority_id.in_(reviewed) & listed.exists())
    if actor.own_units:
        reached.append(Slip.unit_id.in_(actor.own_units) & Slip.issued_on.is_not(None))
    return or_(*reached) if reached else nothing()


@scope(SlipSetting)
def _settings(actor: Actor) -> ColumnElement[bool]:
    return SlipSetting.authority_id.in_(authorities_of(actor))
