"""Who sees imports: the people who take feedback in, those of their own authority; its layouts: everybody there."""

from sqlalchemy import ColumnElement

from app.ledgers.intake.models import ImportBatch, ImportRow, ImportTask, OwnLayout
from app.people import Actor, Role, authorities_of, scope

TAKERS = (Role.INSPECTOR, Role.SUPERVISOR)


@scope(ImportBatch)
def _batches(actor: Actor) -> ColumnElement[bool]:
    return ImportBatch.authority_id.in_(actor.authorities(*TAKERS))


@scope(ImportRow)
def _rows(actor: Actor) -> ColumnElement[bool]:
    return ImportRow.authority_id.in_(actor.authorities(*TAKERS))


@scope(ImportTask)
def _tasks(actor: Actor) -> ColumnElement[bool]:
    return ImportTask.authority_id.in_(actor.authorities(*TAKERS))


@scope(OwnLayout)
def _layouts(actor: Actor) -> ColumnElement[bool]:
    return OwnLayout.authority_id.in_(authorities_of(actor))
