"""Finding bulletins."""

from collections.abc import Sequence

from sqlalchemy import case
from sqlalchemy.orm import Session

from app.ledgers.bulletins.models import Bulletin
from app.people import Actor, visible


def list_bulletins(session: Session, actor: Actor, most: int = 50, skip: int = 0) -> Sequence[Bulletin]:
    """Return the bulletins the actor may see: drafts first, then the newest issue."""
    drafts = case((Bulletin.state == "draft", 0), else_=1)
    query = visible(Bulletin, actor).order_by(drafts, Bulletin.id.desc())
    return session.scalars(query.limit(most).offset(skip)).all()
