"""By which mandate an actor may make a move, and the words for who may not: who does it, and what is left to do."""

from app.people import COUNTY, Grant, Unit, role_word
from app.workflows.context import Context
from app.workflows.table import UNIT_ROLES, Attempt

NOT_LEAD = "您的单位不是这一件的牵头单位：请与牵头单位联系；本单位承办的部分，请打开这一件单独办理。"


def acting_grant(attempt: Attempt) -> Grant | None:
    """Return the mandate by which the actor may make the move, or None."""
    authority_id = _authority_of(attempt)
    units = attempt.workflow.units_of(attempt.row)
    found = None
    for grant in attempt.actor.grants:
        if grant.role not in attempt.transition.roles:
            continue
        if grant.role in UNIT_ROLES and grant.unit_id not in units:
            continue
        if grant.role not in UNIT_ROLES and grant.authority_id != authority_id:
            continue
        if not grant.portfolio or grant.portfolio & units:
            return grant
        found = found or grant  # a leader, but not of these units: another portfolio held may have them
    return found


def no_mandate(attempt: Attempt) -> str:
    """Say who may make a move that the actor holds no mandate for, in words fit to show."""
    label = attempt.transition.label
    if not attempt.transition.roles:
        return f"“{label}”由系统随其他办理自动完成，不能单独办理。"
    wanted = _wanted(attempt)
    if _is_for_the_lead(attempt):
        return f"“{label}”须由牵头单位的{wanted}办理。{NOT_LEAD}"
    return f"“{label}”须由{wanted}办理，您当前的任职没有这项权限。"


def _is_for_the_lead(attempt: Attempt) -> bool:
    """Say whether the move is the lead's, and the actor answers for other units alone."""
    lead, own = attempt.case.lead_unit_id if attempt.case else None, attempt.actor.own_units
    is_of_units = UNIT_ROLES.issuperset(attempt.transition.roles)
    return bool(is_of_units and own) and lead is not None and attempt.workflow.units_of(attempt.row) == {lead} - own


def _wanted(attempt: Attempt) -> str:
    """Name who may make the move, in the words of the level that it is made at."""
    level = level_of(attempt.context, _authority_of(attempt))
    return "、".join(role_word(role, level) for role in attempt.transition.roles)


def level_of(context: Context, authority_id: int | None) -> str:
    """Return the kind of unit that an authority is (remembered while the page is made); a county where none is named."""
    own = next((grant.authority_kind for grant in context.actor.grants if grant.authority_id == authority_id), "")
    if own:
        return own
    place = ("level", authority_id)
    if place not in context.memory:
        office = context.session.get(Unit, authority_id or 0)
        context.memory[place] = office.kind if office else COUNTY
    return str(context.memory[place])


def _authority_of(attempt: Attempt) -> int | None:
    authority_id: int | None = attempt.row.authority_id if hasattr(attempt.row, "authority_id") else None
    if authority_id is None and attempt.case is not None:
        authority_id = attempt.case.authority_id
    return authority_id
