"""Who sees an export: the person who asked for it, and nobody else."""

from sqlalchemy import ColumnElement

from app.ledgers.exports.models import Export
from app.people import Actor, scope


@scope(Export)
def _exports(actor: Actor) -> ColumnElement[bool]:
    return Export.person_id == actor.person_id
