"""Who sees a view: whoever saved it, and holders of the roles it is shared with in its authority, while it is theirs."""

from sqlalchemy import ColumnElement, and_, or_, select

from app.ledgers.views.models import LedgerColumns, SavedView, ViewShare
from app.people import Actor, authorities_of, scope


@scope(SavedView)
def _views(actor: Actor) -> ColumnElement[bool]:
    own = and_(SavedView.person_id == actor.person_id, SavedView.authority_id.in_(authorities_of(actor)))
    reached: list[ColumnElement[bool]] = [own]
    for authority_id in sorted(authorities_of(actor)):
        roles = {grant.role for grant in actor.grants if grant.authority_id == authority_id}
        shared = select(ViewShare.id).where(ViewShare.view_id == SavedView.id, ViewShare.role.in_(sorted(roles)))
        reached.append(and_(SavedView.authority_id == authority_id, shared.correlate(SavedView).exists()))
    return or_(*reached)


@scope(LedgerColumns)
def _columns(actor: Actor) -> ColumnElement[bool]:
    return LedgerColumns.person_id == actor.person_id
