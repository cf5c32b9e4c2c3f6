"""Who sees which bulletins: issued ones everybody with a mandate under the authority, drafts the office that makes them."""

from sqlalchemy import ColumnElement, and_, or_

from app.ledgers.bulletins.models import Bulletin
from app.people import Actor, Role, authorities_of, scope

MAKERS = (Role.INSPECTOR, Role.SUPERVISOR, Role.LEADER)


@scope(Bulletin)
def _bulletins(actor: Actor) -> ColumnElement[bool]:
    issued = and_(Bulletin.authority_id.in_(authorities_of(actor)), Bulletin.state == "issued")
    return or_(issued, Bulletin.authority_id.in_(actor.authorities(*MAKERS)))
