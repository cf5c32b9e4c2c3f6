"""Child cases: what a unit that is an authority itself hands down, and how parent and child bear on each other.

A parent stands for itself and for what was merged into it. Its deadline is the latest that a child may have while the
parent is open; once it has ended, the child is its own authority's business alone. Parents are locked before children.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Invalid
from app.ledgers.cases import Assignment, Case, open_children, standing_for, tree_of
from app.people import Grant, Role
from app.workflows.case_guards import case_of
from app.workflows.context import Context
from app.workflows.engine import Attempt, carry
from app.workflows.posting import tell
from app.workflows.telling import tell_roles


def children_of(session: Session, case_id: int) -> Sequence[Case]:
    """Return the children of a case and of what was merged into it, locked, oldest first."""
    query = select(Case).where(Case.parent_id.in_(tree_of(case_id))).order_by(Case.id)
    return session.scalars(query.with_for_update(of=Case).execution_options(populate_existing=True)).all()


def children_are_closed(attempt: Attempt) -> str | None:
    """The parent is reported finished only when what was handed down is closed; a unit signs its part off likewise."""
    if attempt.context.memory.get(("childless", case_of(attempt).id)):
        return None
    unit_id = attempt.row.unit_id if isinstance(attempt.row, Assignment) else None
    left = open_children(attempt.session, case_of(attempt).id, unit_id)
    return "还不能报结：" + "；".join(child.said for child in left) + "。请先督促下级办结。" if left else None


def remember_no_children(context: Context, case_id: int) -> None:
    """Let the guards know that nothing was handed down from a case, nor merged into it."""
    context.memory["childless", case_id] = True


def latest_for(session: Session, case: Case, without: int | None = None) -> date | None:
    """Return the latest deadline that a case may have: the earliest of its open parents', or None without one.

    Whoever takes a child over by merging takes its parent over; `without` leaves one merged case out.
    """
    ids = select(Case.parent_id).where(Case.id.in_(tree_of(case.id)), Case.parent_id.is_not(None))
    parents = session.scalars(ids.where(Case.id != without) if without else ids).all()
    standing = [standing_for(session, parent_id) for parent_id in parents if parent_id is not None]
    return min((p.due_on for p in standing if p.ended_on is None and p.due_on is not None), default=None)


def too_late(case: Case | None, due_on: date | None, field: str = "due_on") -> dict[str, str]:
    """Say what is wrong with a deadline later than the parent's."""
    if case is None or case.handed_due_on is None or due_on is None or due_on <= case.handed_due_on:
        return {}
    return {field: f"不能晚于上级期限 {case.handed_due_on}。需要更晚的，请先由本单位向上级申请延期。"}


def keeps_to_parent(case: Case, due_on: date) -> None:
    """Raise Invalid for a deadline later than the parent's, however it came about."""
    if errors := too_late(case, due_on):
        raise Invalid(errors)


def recap_children(attempt: Attempt) -> None:
    """Bring the children of a case in line with its deadline: none is later, and none is bound by a parent that ended."""
    for child in children_of(attempt.session, case_of(attempt).id):
        recap(attempt.context, attempt.grant, child)


def recap_own(attempt: Attempt) -> None:
    """Bring a case that lives again in line with its parent, and its children with it."""
    case = case_of(attempt)
    attempt.session.flush()
    if case.parent_id is not None:
        recap(attempt.context, attempt.grant, case)
    recap_children(attempt)


def recap_all(context: Context, case_ids: Sequence[int]) -> None:
    """Bring the children of many cases in line with deadlines that were counted again."""
    query = select(Case.parent_id).where(Case.parent_id.in_(case_ids)).distinct().order_by(Case.parent_id)
    for case_id in context.session.scalars(query).all():
        for child in children_of(context.session, case_id or 0):
            recap(context, None, child)


def recap(context: Context, grant: Grant | None, child: Case) -> None:
    """Note the latest deadline a child may have, and bring one that is later forward; also of what it was merged into."""
    latest = latest_for(context.session, child)
    if child.handed_due_on != latest:
        child.handed_due_on = latest
        context.session.flush()
    if latest is not None and child.ended_on is None and child.due_on is not None and child.due_on > latest:
        _carry(context, grant, "bring_forward", child, {"due_on": latest})
    if child.merged_into_id is not None:
        recap(context, grant, _held(context.session, child.merged_into_id))


def _held(session: Session, case_id: int) -> Case:
    return session.get_one(Case, case_id, with_for_update=True, populate_existing=True)


def _carry(context: Context, grant: Grant | None, name: str, child: Case, form: Mapping[str, object]) -> None:
    """Move a child along; the event that decides for the case above is the same afterwards."""
    decided = context.memory.get("decided_event")
    carry(context, grant, "case", name, child, form)
    if decided is not None:
        context.memory["decided_event"] = decided


def bind_to_parent(attempt: Attempt) -> None:
    """What a child is merged into takes its parent's deadline over; Invalid while it has a later one."""
    case, session = case_of(attempt), attempt.session
    if case.handed_due_on is None:
        return
    other = session.get_one(Case, int(attempt.form["case"]))
    if other.due_on is None or other.due_on > case.handed_due_on:
        said = f"这一件是上级转办的，期限不能晚于 {case.handed_due_on}；并入的问题期限更晚或未定，不能并案。"
        raise Invalid({"case": said})
    session.flush()
    other.handed_due_on = latest_for(session, other)


def moves_no_deadline_below(attempt: Attempt) -> None:
    """A merge moves no deadline of the level below: Invalid while a child has a later one than the case that is kept."""
    session, other = attempt.session, attempt.session.get(Case, int(attempt.form["case"]))
    latest = other.due_on if other is not None else None
    if latest is None:
        return
    children = [standing_for(session, child.id) for child in children_of(session, case_of(attempt).id)]
    late = [child for child in children if child.ended_on is None and child.due_on and child.due_on > latest]
    if late:
        named = "、".join(f"{child.number or '一件（未编号）'}（期限 {child.due_on}）" for child in late)
        said = f"这一件已转办下级：{named}，晚于并入问题的期限 {latest}，不能并案。请把期限早的一件并入本件，或先为它延期。"
        raise Invalid({"case": said})


def unbind_from_parent(attempt: Attempt) -> None:
    """Undoing a merge frees the other case from the parent of this one."""
    case = case_of(attempt)
    other = attempt.session.get(Case, case.merged_into_id or 0)
    if other is not None and other.handed_due_on is not None:
        other.handed_due_on = latest_for(attempt.session, other, without=case.id)


def void_children(attempt: Attempt) -> None:
    """A mistaken record takes along what was handed down from it and is still open; what was closed stays closed."""
    for child in children_of(attempt.session, case_of(attempt).id):
        if child.ended_on is None:
            _carry(attempt.context, attempt.grant, "void_along", child, {"reason": "上级问题已作废"})
        recap(attempt.context, attempt.grant, child)


def reopen_children(attempt: Attempt) -> None:
    """A parent that rebounds reopens what was handed down and closed; the rebound is charged once, at the parent."""
    session, form = attempt.session, {"due_on": case_of(attempt).due_on, "reason": "上级问题认定反弹"}
    for child in children_of(session, case_of(attempt).id):
        recap(attempt.context, attempt.grant, child)
        stands = child if child.merged_into_id is None else _held(session, standing_for(session, child.id).id)
        if stands.state == "closed":
            _carry(attempt.context, attempt.grant, "rebound_along", stands, form)


def tell_parent(attempt: Attempt) -> None:
    """Tell the unit that handed the case down how it ended."""
    case = case_of(attempt)
    parent = attempt.session.get(Case, case.parent_id) if case.parent_id is not None else None
    if parent is not None:
        told = (parent.authority_id, case.authority_id, "child_ended", f"child:{case.id}:{attempt.event_id}", parent.id)
        tell(attempt.context, [told])


def tell_below(attempt: Attempt) -> None:
    """Tell whoever still works on what was handed down that the case above ended, or lives again: below, and at the unit."""
    session = attempt.session
    for child in children_of(session, case_of(attempt).id):
        stands = standing_for(session, child.id)
        if stands.ended_on is not None or child.parent_id is None:
            continue
        subject = f"child:{child.id}:{attempt.event_id}"
        tell_roles(attempt.context, child.authority_id, (Role.SUPERVISOR,), "parent_moved", subject, stands.id)
        above = session.get_one(Case, child.parent_id).authority_id
        tell(attempt.context, [(above, child.authority_id, "parent_moved", subject, child.parent_id)])
