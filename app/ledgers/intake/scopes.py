"""Who sees imports: the people who take feedback in, those of their own authority."""

from sqlalchemy import ColumnElement

from app.ledgers.intake.models import ImportBatch, ImportRow
from app.people import Actor, Role, scope

TAKERS = (Role.INSPECTOR, Role.SUPERVISOR)


@scope(ImportBatch)
def _batches(actor: Actor) -> ColumnElement[bool]:
    return ImportBatch.authority_id.in_(actor.authorities(*TAKERS))


@scope(ImportRow)
def _rows(actor: Actor) -> ColumnElement[bool]:
    return ImportRow.authority_id.in_(actor.authorities(*TAKERS))
