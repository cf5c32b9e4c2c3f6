"""Children of a case: what was handed down from it, how far it is, and what of that is shown above.

A child is its own authority's case: nobody above sees it. What is told of it above is told of the part it was handed
down from, to whoever sees that part whole: number, state, deadline, and once it is closed its result. What is told below
of its parent is the number it was handed down from, and how that stands by now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session

from app.core.aliases import shared_alias
from app.ledgers.cases.models import Assignment, Case
from app.ledgers.cases.scopes import own_parts
from app.ledgers.cases.story_statements import THIS
from app.ledgers.cases.words import STATES
from app.people import Actor, Unit

DONE_WITH = (
    "closed",
    "rejected",
    "voided",
)  # solved, or never the lower level's to do: what is left stays with the unit
MERGED = shared_alias(Case)
ABOVE = shared_alias(Case)
ACTORS = 64


@dataclass(frozen=True, slots=True)
class OpenChild:
    """A child that keeps its parent from being submitted: its number and state, and the unit that handed it down."""

    number: str
    state: str
    unit_id: int

    @property
    def said(self) -> str:
        """Say what is missing, in words fit to show."""
        if self.state == "terminated":
            return f"下级转办的{self.number}已终止(未整改)，须重新转办"
        return f"下级转办的{self.number}（{STATES[self.state]}）还没有销号"


def tree_of(case_id: int | BindParameter[int]) -> Select[Any]:
    """Select the ids of a case and of everything that was merged into it."""
    tree = select(Case.id).where(Case.id == case_id).cte("merged_tree", recursive=True)
    tree = tree.union(select(MERGED.id).join(tree, MERGED.merged_into_id == tree.c.id))
    return select(tree.c.id)


def standing_for(session: Session, case_id: int) -> Case:
    """Return the case that stands for a case by now: itself, or what it was merged into."""
    found = session.get_one(Case, case_id)
    while found.merged_into_id is not None:
        found = session.get_one(Case, found.merged_into_id)
    return found


def unfinished_children(*conditions: ColumnElement[bool]) -> Subquery:
    """Select the children not done with of the cases that the conditions name: top_id, number, state, authority_id, id.

    A child that was merged is as far as the case it was merged into. One that was terminated is made up for by a later
    child of the same part.
    """
    tree = select(Case.id.label("top_id"), Case.id.label("at_id")).where(*conditions).cte(recursive=True)
    tree = tree.union(select(tree.c.top_id, MERGED.id).join(tree, MERGED.merged_into_id == tree.c.at_id))
    born: tuple[Any, ...] = (tree.c.top_id, MERGED.id, MERGED.number, MERGED.authority_id, MERGED.id.label("at_id"))
    stands = select(*born).join(tree, MERGED.parent_id == tree.c.at_id).cte(recursive=True)
    passed = (stands.c.top_id, stands.c.id, stands.c.number, stands.c.authority_id, MERGED.merged_into_id)
    is_merged = and_(MERGED.id == stands.c.at_id, MERGED.merged_into_id.is_not(None))
    stands = stands.union(select(*passed).join(stands, is_merged))
    newest = func.max(stands.c.id).over(partition_by=(stands.c.top_id, stands.c.authority_id)).label("newest_id")
    columns = (stands.c.top_id, stands.c.id, stands.c.number, stands.c.authority_id, MERGED.state, newest)
    ends = and_(MERGED.id == stands.c.at_id, MERGED.merged_into_id.is_(None))
    found = select(*columns).join(MERGED, ends).subquery()
    is_made_up = and_(found.c.state == "terminated", found.c.newest_id != found.c.id)
    return select(found).where(found.c.state.not_in(DONE_WITH), ~is_made_up).subquery()


def open_children(session: Session, case_id: int, unit_id: int | None = None) -> list[OpenChild]:
    """Return the children not done with, of one unit's part if it is named; for guards alone, which see all there is."""
    found = unfinished_children(Case.id == case_id)
    query = select(found.c.number, found.c.state, found.c.authority_id).order_by(found.c.id)
    rows = session.execute(query.where(found.c.authority_id == unit_id) if unit_id else query)
    return [OpenChild(row.number or "一件（未编号）", row.state, row.authority_id) for row in rows]


def children_shown(session: Session, actor: Actor, case_id: int, sees_lead: bool = False) -> Sequence[Any]:
    """Return what is told above of the children of a case and of what was merged into it, oldest first.

    (unit, via, number, state, due_on, saved_at, ended_on, result); `via` is the number of the merged case, whose children
    the lead of the case that is kept is told of as well, for it waits for them: without their results.
    """
    return session.execute(_shown(actor, sees_lead), {"case_id": case_id}).all()


@lru_cache(maxsize=ACTORS)
def _shown(actor: Actor, sees_lead: bool) -> Select[Any]:
    is_from = and_(Assignment.case_id == Case.parent_id, Assignment.unit_id == Case.authority_id)
    told = own_parts(actor)
    result = case((and_(Case.state == "closed", told), Case.result), else_="").label("result")
    via = case((Case.parent_id != THIS, ABOVE.number), else_="").label("via")
    columns: tuple[Any, ...] = (via, Case.number, Case.state, Case.due_on, Case.saved_at, Case.ended_on, result)
    query = select(Unit.short_name.label("unit"), *columns).join(Assignment, is_from)
    query = query.join(Unit, Unit.id == Case.authority_id).join(ABOVE, ABOVE.id == Case.parent_id)
    query = query.where(Case.parent_id.in_(tree_of(THIS)), or_(told, Case.parent_id != THIS) if sees_lead else told)
    return query.order_by(Case.id)


def parents_told(session: Session, case_id: int) -> Sequence[Any]:
    """Return what is told below of the parents of a case and of what was merged into it: how each stands, nothing else.

    (unit, number, merged_into, state, due_on): the authority above, the number it handed down from, the number of what
    that was merged into, if it was, and the state and the deadline of what stands for it by now.
    """
    return session.execute(PARENTS, {"case_id": case_id}).all()


def _parents() -> Select[Any]:
    handed = select(MERGED.parent_id).where(MERGED.id.in_(tree_of(THIS)))
    up = select(Case.id.label("from_id"), Case.id.label("at_id")).where(Case.id.in_(handed)).cte(recursive=True)
    step = select(up.c.from_id, MERGED.merged_into_id).join(up, MERGED.id == up.c.at_id)
    up = up.union(step.where(MERGED.merged_into_id.is_not(None)))
    into = case((ABOVE.id != Case.id, Case.number), else_="").label("merged_into")
    columns: tuple[Any, ...] = (Unit.short_name.label("unit"), ABOVE.number, into, Case.state, Case.due_on)
    query = select(*columns).join(up, up.c.at_id == Case.id).join(ABOVE, ABOVE.id == up.c.from_id)
    query = query.join(Unit, Unit.id == ABOVE.authority_id).where(Case.merged_into_id.is_(None))
    return query.order_by(ABOVE.id)


PARENTS = _parents()
