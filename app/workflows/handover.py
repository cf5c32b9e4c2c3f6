"""Handing over: open items that name who leaves are passed on to a named successor, one event each, none lost.

Each in its own savepoint: one that is refused, with its reason, never loses the others.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.audit import Fact, record
from app.core.errors import Invalid, Refused, Stale
from app.ledgers.cases import Case, Charge, refuse_persons
from app.ledgers.handover import OpenKind, still_names
from app.ledgers.leaving import successors_of
from app.people import Absence, Actor, Mandate, Person, Portfolio, Role, load_actor, role_word, visible
from app.workflows.absences import Substitution, cancel_absence, name_substitute
from app.workflows.acting import level_of
from app.workflows.context import Context
from app.workflows.mandates import set_portfolio
from app.workflows.telling import tell_persons

MANDATED = (Absence, Portfolio)  # what is passed on here is a mandate or its units, nothing to be seen
GONE = "已不在此人名下，或者已经办结。"


@dataclass(frozen=True, slots=True)
class Successor:
    """Who takes over, as an actor of the day, and who hands over by which mandate and why."""

    actor: Actor
    person: Person
    reason: str


@dataclass(frozen=True, slots=True)
class PassedOn:
    """What became of one item: refused for a reason, or passed on."""

    row_id: int
    refused: str = ""


def pass_on(
    context: Context, kind: OpenKind, person: Person, ids: Collection[int], successor_id: int, reason: str
) -> list[PassedOn]:
    """Pass the items on in order; Invalid without a reason or for a successor who is nobody, Refused for what stays."""
    if kind.kept:
        raise Refused(kind.kept)
    errors = {} if reason.strip() else {"reason": "请填写移交原因，例如调离、退休。"}
    taker = load_actor(context.session, successor_id, context.day) if successor_id != person.id else None
    if taker is None:
        errors["successor"] = "请选择接手人。"
    if errors or taker is None:
        raise Invalid(errors)
    refuse_persons(reason=reason)
    successor = Successor(taker, context.session.get_one(Person, successor_id), reason.strip())
    rows = _locked(context, kind, person, ids)
    places = {row.unit_id if kind.at_unit else row.authority_id for row in rows.values()}
    able = successors_of(context.session, kind, context.day, places, person.id)
    here = {(row.person_id, row.place) for row in able}
    found = []
    for row_id in sorted(set(ids)):
        row = rows.get(row_id)
        place = None if row is None else row.unit_id if kind.at_unit else row.authority_id
        found.append(_pass(context, kind, person, row_id, row, (successor, (successor_id, place) in here)))
    _tell(context, kind, successor, [rows[one.row_id] for one in found if not one.refused])
    return found


def _pass(
    context: Context, kind: OpenKind, person: Person, row_id: int, row: Any, to: tuple[Successor, bool]
) -> PassedOn:
    successor, is_able = to
    if row is None:
        return PassedOn(row_id, GONE)
    if not is_able:
        level = level_of(context, row.unit_id if kind.at_unit else row.authority_id)
        roles = "或".join(role_word(role, level) for role in kind.successors)
        return PassedOn(row_id, f"接手人须是{'该单位' if kind.at_unit else '本级'}现任{roles}。")
    try:
        with context.session.begin_nested():
            PASSING[kind.key](context, row, person, successor)
            context.session.flush()
            if kind.model not in MANDATED:
                _refuse_who_cannot(context, kind, row, successor.actor)
    except (Refused, Stale) as error:
        return PassedOn(row_id, str(error))
    except Invalid as error:
        return PassedOn(row_id, str(error))
    return PassedOn(row_id)


def _refuse_who_cannot(context: Context, kind: OpenKind, found: Any, taker: Actor) -> None:
    """Refuse who does not see what was just passed on, or has to keep out of it."""
    if not kind.at_unit and found.unit_id in taker.own_units:
        raise Refused("这一项涉及接手人任职的单位，须回避。请另选接手人。")
    wanted = [visible(kind.model, taker).with_only_columns(kind.model.id).where(kind.model.id == found[0].id)]
    if found.case_id is not None:
        wanted.append(visible(Case, taker).with_only_columns(Case.id).where(Case.id == found.case_id))
    if any(context.session.scalar(query) is None for query in wanted):
        raise Refused("接手人按现任任职看不到这一项。请另选接手人，或者先由安全管理员授予任职。")


def _locked(context: Context, kind: OpenKind, person: Person, ids: Collection[int]) -> dict[int, Any]:
    """Lock what will be passed on, in one order for all: cases, then rows; return those that still name the person."""
    wanted = still_names(context.actor, context.day, kind, person.id).where(kind.model.id.in_(ids))
    cases = sorted({row.case_id for row in context.session.execute(wanted) if row.case_id is not None})
    if cases:
        context.session.execute(select(Case.id).where(Case.id.in_(cases)).order_by(Case.id).with_for_update())
    again = wanted.order_by(kind.model.id).with_for_update(of=kind.model).execution_options(populate_existing=True)
    return {row[0].id: row for row in context.session.execute(again)}


def _record(context: Context, kind: str, found: Any, person: Person, successor: Successor, **data: Any) -> int:
    row = found[0]
    grant = _by(context, found)
    return record(
        context.session,
        Fact(
            f"handover.{kind}",
            f"{kind}:{row.id}",
            chain_id=found.authority_id,
            case_id=found.case_id,
            unit_id=found.unit_id if kind in ("measures", "commitments") else None,
            reason=successor.reason,
            data={"from": person.id, "to": successor.person.id, **data},
            mandate_id=grant.mandate_id if grant else None,
        ),
        context.actor,
        context.moment,
    )


def _by(context: Context, found: Any) -> Any:
    """Return the mandate by which the actor hands over: the office's, or the head's at the unit."""
    office = context.actor.grant(Role.SUPERVISOR, authority_id=found.authority_id)
    return office or context.actor.grant(Role.HEAD, unit_id=found.unit_id)


def _rename(kind: str) -> Callable[[Context, Any, Person, Successor], None]:
    """Put the successor's name where the person's stood; the event keeps both."""

    def passing(context: Context, found: Any, person: Person, successor: Successor) -> None:
        row = found[0]
        names = {"was": row.person, "now": successor.person.name}
        row.person = successor.person.name
        if kind == "commitments":
            row.version += 1
        _record(context, kind, found, person, successor, **names)

    return passing


def _instruction(context: Context, found: Any, person: Person, successor: Successor) -> None:
    row = found[0]
    if row.unit_id is not None and row.unit_id not in successor.actor.portfolio:
        raise Refused("接手人不分管这个单位，看不到这一件。请先由安全管理员调整分管单位。")
    row.leader_id, row.version = successor.person.id, row.version + 1
    _record(context, "instructions", found, person, successor)


def _request(context: Context, found: Any, person: Person, successor: Successor) -> None:
    row = found[0]
    if row.asked_by_id == successor.person.id:
        raise Refused("提出人不能签批自己提出的事项，请另选接手人。")
    row.decider_id, row.version = successor.person.id, row.version + 1
    _record(context, "requests", found, person, successor)


def _take_charge(kind: str) -> Callable[[Context, Any, Person, Successor], None]:
    """Put the row into the successor's hands; who logged or drafted it stays on record."""

    def passing(context: Context, found: Any, person: Person, successor: Successor) -> None:
        row, session = found[0], context.session
        held = session.scalars(select(Charge).where(Charge.kind == kind, Charge.row_id == row.id)).one_or_none()
        if held is None:
            session.add(Charge(kind=kind, row_id=row.id, person_id=successor.person.id, since=context.day))
        else:
            held.person_id, held.since = successor.person.id, context.day
        _record(context, kind, found, person, successor)

    return passing


def _absence(context: Context, found: Any, _person: Person, successor: Successor) -> None:
    """End the substitution and name the successor for what is left of it; each is an event of its own."""
    row = found[0]
    begins_on = max(row.begins_on, context.day)
    cancel_absence(context, row.id, successor.reason)
    asked = Substitution(
        row.authority_id,
        row.person_id,
        successor.person.id,
        Role(row.role),
        begins_on,
        row.ends_on,
        f"{row.reason}（接续代理）"[:200],
    )
    name_substitute(context, asked)


def _portfolio(context: Context, found: Any, _person: Person, successor: Successor) -> None:
    """Give the unit to the successor's mandate, and take it from the person's while that is still in force."""
    session, actor, moment, unit_id = context.session, context.actor, context.moment, found.unit_id
    grant = next(
        (
            grant
            for grant in successor.actor.grants
            if grant.role is Role.LEADER and grant.acting_for is None and grant.authority_id == found.authority_id
        ),
        None,
    )
    if grant is None:
        raise Refused("接手人须是本级现任分管领导。")
    was = session.scalars(
        visible(Mandate, actor).where(Mandate.id == found.mandate_id).execution_options(populate_existing=True)
    ).one()
    set_portfolio(session, actor, moment, grant.mandate_id, _units(context, grant.mandate_id) | {unit_id})
    if was.ends_on is None or was.ends_on >= context.day:
        set_portfolio(session, actor, moment, was.id, _units(context, was.id) - {unit_id})


def _units(context: Context, mandate_id: int) -> set[int]:
    return set(context.session.scalars(select(Portfolio.unit_id).where(Portfolio.mandate_id == mandate_id)))


def _tell(context: Context, kind: OpenKind, successor: Successor, rows: Collection[Any]) -> None:
    """Tell the successor once a day that something was passed on."""
    if rows and kind.key != "portfolios":
        authority_id = min(row.authority_id for row in rows)
        subject = f"handover:{context.day}:{kind.key}"
        tell_persons(context, [(authority_id, successor.person.id, "handed_over", subject, None)])


PASSING: dict[str, Callable[[Context, Any, Person, Successor], None]] = {
    "measures": _rename("measures"),
    "commitments": _rename("commitments"),
    "instructions": _instruction,
    "requests": _request,
    "cases": _take_charge("cases"),
    "slips": _take_charge("slips"),
    "absences": _absence,
    "portfolios": _portfolio,
}
