"""Which units can be given a part in a case: those of the own level, and below a town or department that is an authority."""

from sqlalchemy import ColumnElement, and_, or_, select

from app.core.aliases import shared_alias
from app.people.models import Unit

WORKING_KINDS = ("town", "department", "county")
LOWEST_KINDS = ("section", "village")
ABOVE = shared_alias(Unit)


def takes_parts() -> ColumnElement[bool]:
    """Return the condition of units that do such work: sections and villages only for an authority of their own level."""
    low = select(ABOVE.id).where(ABOVE.is_authority, ABOVE.kind.in_(("town", "department")))
    return or_(Unit.kind.in_(WORKING_KINDS), and_(Unit.kind.in_(LOWEST_KINDS), Unit.authority_id.in_(low)))
