"""Who sees a bulk run: the person who chose the cases, and nobody else."""

from sqlalchemy import ColumnElement, select

from app.ledgers.bulk.models import BulkItem, BulkRun
from app.people import Actor, scope


@scope(BulkRun)
def _runs(actor: Actor) -> ColumnElement[bool]:
    return BulkRun.person_id == actor.person_id


@scope(BulkItem)
def _items(actor: Actor) -> ColumnElement[bool]:
    return BulkItem.run_id.in_(select(BulkRun.id).where(_runs(actor)))
