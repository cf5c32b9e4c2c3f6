"""Saving, sharing and removing views; keeping the columns a person chose."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.audit import Fact, record
from app.core.clock import Moment
from app.core.errors import Absent, Invalid, Refused
from app.ledgers.cases import refuse_persons
from app.ledgers.views.models import LedgerColumns, SavedView, ViewShare
from app.people import Actor, Person, Role, visible, within

MOST_VIEWS, LONGEST = 20, 30
SHARERS = (Role.SUPERVISOR, Role.ASSESSOR)  # the two who answer for what the offices work from: ledger and assessment
SHARED_WITH = (
    Role.INSPECTOR,
    Role.SUPERVISOR,
    Role.ASSESSOR,
    Role.LEADER,
    Role.HEAD,
    Role.LIAISON,
    Role.DISCIPLINE,
)
SEE_TAGS = SHARED_WITH[:3]  # the office that tags (cases.tags)


class View(NamedTuple):
    """A view as a list shows it: whose it is, and whether it is shared."""

    id: int
    name: str
    asked: dict[str, str]
    is_own: bool
    by: str
    is_shared: bool


def views_of(session: Session, actor: Actor) -> list[View]:
    """Return the views that the actor may use: the own ones first, by name."""
    shares = select(ViewShare.id).where(ViewShare.view_id == SavedView.id).correlate(SavedView)
    query = select(SavedView.id, SavedView.name, SavedView.asked, SavedView.person_id, Person.name, shares.exists())
    query = query.join(Person, Person.id == SavedView.person_id).where(within(SavedView, actor))
    rows = session.execute(query.order_by(SavedView.name, SavedView.id)).all()
    views = [View(row[0], row[1], row[2], row[3] == actor.person_id, row[4], bool(row[5])) for row in rows]
    return sorted(views, key=lambda view: not view.is_own)


def save_view(
    session: Session, actor: Actor, moment: Moment, name: str, asked: Mapping[str, str], roles: Sequence[str] = ()
) -> SavedView:
    """Save filters under a name, in place of an own view of that name; Invalid, or Refused where sharing is not theirs.

    Sharing and what it shares is an event: others will work from it.
    """
    grant = actor.grant(*SHARERS) if roles else next((g for g in actor.grants if g.authority_id is not None), None)
    if grant is None or grant.authority_id is None:
        raise Refused("共享视图须由督查室主任或考核办办理。" if roles else "您现在没有有效任职，不能保存视图。")
    if errors := _errors(name, roles, has_tag=bool(asked.get("tag"))):
        raise Invalid(errors)
    refuse_persons(name=name, **({"roles": asked.get("q", "")} if roles else {}))
    own = select(SavedView).where(SavedView.person_id == actor.person_id, SavedView.authority_id == grant.authority_id)
    view = session.scalars(own.where(SavedView.name == name)).one_or_none()
    if view is None:
        if (session.scalar(select(func.count()).select_from(own.subquery())) or 0) >= MOST_VIEWS:
            raise Invalid({"name": f"已有 {MOST_VIEWS} 个视图，请先删除不用的。"})
        view = SavedView(authority_id=grant.authority_id, person_id=actor.person_id or 0, name=name)
        session.add(view)
    view.asked, view.saved_at = dict(asked), moment.at
    session.flush()
    before = _roles(session, view)
    session.execute(delete(ViewShare).where(ViewShare.view_id == view.id))
    session.add_all(ViewShare(view_id=view.id, role=role) for role in sorted(set(roles)))
    if roles or before:
        _note(session, actor, moment, view, "view.share", sorted(set(roles)))
    return view


def remove_view(session: Session, actor: Actor, moment: Moment, view_id: int) -> str:
    """Remove an own view and return its name; Absent for one that is not seen, Refused for that of another."""
    view = session.scalars(visible(SavedView, actor).where(SavedView.id == view_id)).one_or_none()
    if view is None:
        raise Absent
    if view.person_id != actor.person_id:
        raise Refused("共享视图只能由保存的人删除。")
    if _roles(session, view):
        _note(session, actor, moment, view, "view.remove", [])
    session.execute(delete(ViewShare).where(ViewShare.view_id == view.id))
    session.delete(view)
    return view.name


def columns_of(session: Session, actor: Actor) -> list[str] | None:
    """Return the columns the person chose, or None."""
    return session.scalar(select(LedgerColumns.names).where(within(LedgerColumns, actor)))


def keep_columns(session: Session, actor: Actor, names: Sequence[str]) -> None:
    """Keep the columns the person chose; none of them for the usual ones."""
    row = session.scalars(visible(LedgerColumns, actor)).one_or_none()
    if row is not None:
        row.names = list(names)
    elif actor.person_id is not None:
        session.add(LedgerColumns(person_id=actor.person_id, names=list(names)))


def _errors(name: str, roles: Sequence[str], *, has_tag: bool) -> dict[str, str]:
    errors = {}
    if not name or len(name) > LONGEST:
        errors["name"] = f"请填写视图名称，最多 {LONGEST} 个字。"
    if not set(roles) <= set(SHARED_WITH):
        errors["roles"] = "请从列出的角色中选择。"
    elif has_tag and not set(roles) <= set(SEE_TAGS):
        seeing = "、".join(role.label for role in SEE_TAGS)
        errors["roles"] = f"这个视图按标签筛选，标签只有{seeing}看得到，请只共享给他们，或先去掉标签条件。"
    return errors


def _roles(session: Session, view: SavedView) -> list[str]:
    return sorted(session.scalars(select(ViewShare.role).where(ViewShare.view_id == view.id)))


def _note(session: Session, actor: Actor, moment: Moment, view: SavedView, kind: str, roles: list[str]) -> None:
    grant = actor.grant(*SHARERS, authority_id=view.authority_id)
    data = {"name": view.name, "asked": view.asked, "roles": roles}
    mandate_id = grant.mandate_id if grant else None
    record(session, Fact(kind, f"view:{view.id}", view.authority_id, data=data, mandate_id=mandate_id), actor, moment)
