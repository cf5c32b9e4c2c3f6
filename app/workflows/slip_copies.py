"""Copies of a slip (抄送): the offices it names are told when it goes out and when it is withdrawn, and can read it.

Whoever else it names cannot read it here, is told nothing, and is marked so on its page.
"""

from app.ledgers.cases import Listing
from app.ledgers.slips import Slip
from app.ledgers.slips.words import COPIED_ROLES
from app.people import Role
from app.workflows.context import Context
from app.workflows.posting import insert_or_ignore
from app.workflows.telling import tell_roles


def send_copies(context: Context, slip: Slip, event_id: int) -> None:
    """Tell who holds the roles copied to; a case of which discipline inspection holds a slip is listed for it, for ever."""
    _tell(context, slip, "slip_copied")
    if Role.DISCIPLINE in roles_copied(slip):
        row = {"case_id": slip.case_id, "reason": "copied", "on": context.day, "event_id": event_id}
        insert_or_ignore(context.session, Listing, [row])


def recall_copies(context: Context, slip: Slip) -> None:
    """Tell the same offices that the slip is withdrawn."""
    _tell(context, slip, "slip_withdrawn")


def roles_copied(slip: Slip) -> list[Role]:
    """Return the offices of the authority among those that the slip is copied to; no name is that of a unit's role."""
    return [role for role in COPIED_ROLES if role.label in slip.copy_to]


def _tell(context: Context, slip: Slip, kind: str) -> None:
    if roles := roles_copied(slip):
        tell_roles(context, slip.authority_id, roles, kind, f"slip:{slip.id}", slip.case_id)
