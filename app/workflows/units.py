"""Keeping the tree of units: made, changed and closed by the system administrator; nothing is ever removed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.audit import Fact, record
from app.core.clock import Moment
from app.core.errors import Invalid, Refused
from app.ledgers.cases import Assignment, Case, refuse_persons
from app.people import SYSTEM, UNIT_KINDS, Actor, Mandate, Role, Unit, visible
from app.workflows.keepers import find_visible, require_keeper

FIELDS = ("name", "short_name", "kind", "parent_id")
LONGEST = {"name": 120, "short_name": 60, "code": 40}


def create_unit(session: Session, actor: Actor, moment: Moment, form: Mapping[str, Any]) -> Unit:
    """Make a unit below another; Invalid names the wrong fields. `form`: name, kind, parent_id, maybe short_name, code."""
    mandate_id = require_keeper(actor, Role.ADMIN, "新建单位")
    values, errors = _check(session, actor, form, None)
    parent = values.pop("parent")
    code = str(form.get("code") or "").strip()
    if len(code) > LONGEST["code"]:
        errors["code"] = f"编码最多 {LONGEST['code']} 个字符。"
    elif code and session.scalar(select(Unit.id).where(Unit.code == code)):
        errors["code"] = f"编码“{code}”已经使用。"
    if errors:
        raise Invalid(errors)
    unit = add_unit(session, parent, values, code)
    fact = Fact("unit.create", f"unit:{unit.id}", unit_id=unit.id, mandate_id=mandate_id)
    record(session, fact, actor, moment)
    return unit


def add_unit(session: Session, parent: Unit, values: Mapping[str, Any], code: str) -> Unit:
    """Add the row of a unit at the end of its parent's list; a unit without a code is given one."""
    authority_id = parent.id if parent.is_authority else parent.authority_id
    position = session.scalar(select(func.max(Unit.position)).where(Unit.authority_id == authority_id))
    unit = Unit(**values, authority_id=authority_id, code=code or _next_code(session, parent))
    unit.parent_id, unit.position = parent.id, (position or 0) + 1
    session.add(unit)
    session.flush()
    return unit


def change_unit(
    session: Session, actor: Actor, moment: Moment, unit_id: int, form: Mapping[str, Any], was_name: str | None = None
) -> Unit:
    """Change name, short name, kind or parent of a unit; the event keeps the old values."""
    mandate_id = require_keeper(actor, Role.ADMIN, "修改单位")
    unit = find_visible(session, Unit, unit_id, actor)
    if was_name is not None and was_name != unit.name:
        raise Refused("刚刚有人改过这个单位。请刷新后核对。")
    values, errors = _check(session, actor, form, unit)
    if errors:
        raise Invalid(errors)
    parent = values.pop("parent")
    values["parent_id"] = parent.id if parent else None
    was = {name: getattr(unit, name) for name in FIELDS if getattr(unit, name) != values[name]}
    if was:
        for name in was:
            setattr(unit, name, values[name])
        fact = Fact("unit.change", f"unit:{unit.id}", unit_id=unit.id, data={"was": was}, mandate_id=mandate_id)
        record(session, fact, actor, moment)
    return unit


def close_unit(session: Session, actor: Actor, moment: Moment, unit_id: int, reason: str) -> None:
    """Close a unit that was abolished; first its people and its lower units must be moved."""
    mandate_id = require_keeper(actor, Role.ADMIN, "撤销单位")
    unit = find_visible(session, Unit, unit_id, actor)
    if unit.closed_on is not None:
        raise Refused("这个单位已经撤销。")
    if session.scalar(select(Unit.id).where(Unit.parent_id == unit.id, Unit.closed_on.is_(None)).limit(1)):
        raise Refused("下面还有单位。请先撤销或改挂下级单位。")
    in_force = Mandate.ends_on.is_(None) | (Mandate.ends_on >= moment.day)
    if session.scalar(select(Mandate.id).where(Mandate.unit_id == unit.id, in_force).limit(1)):
        raise Refused("还有人在这个单位任职。请先由安全管理员终止这些任职。")
    if not reason.strip():
        raise Invalid({"reason": "请填写撤销原因。"})
    refuse_persons(reason=reason)
    unit.closed_on = moment.day
    fact = Fact("unit.close", f"unit:{unit.id}", unit_id=unit.id, reason=reason.strip(), mandate_id=mandate_id)
    record(session, fact, actor, moment)


def make_authority(session: Session, moment: Moment, code: str) -> tuple[Unit, int]:
    """Let a unit run a ledger and an assessment over what is below it; return it and how many units that is.

    The operator's act, once and for good: its head and liaison go on answering to the authority above. Refused while a
    unit below has an open part in a case of the authority above.
    """
    unit = session.scalars(select(Unit).where(Unit.code == code)).first()
    if unit is None or unit.closed_on is not None:
        raise Refused(f"没有编码为“{code}”的单位，或已撤销。")
    if unit.is_authority:
        raise Refused(f"“{unit.name}”已经是督办主体。")
    below = _below(session, unit)
    part = select(Assignment.id).join(Case, Case.id == Assignment.case_id).where(Assignment.unit_id.in_(below))
    if session.scalar(part.where(Assignment.released_on.is_(None), Case.ended_on.is_(None)).limit(1)):
        raise Refused("下面的单位还有承办中的问题。请先办结或改派，再设为督办主体。")
    session.execute(update(Unit).where(Unit.id.in_(below)).values(authority_id=unit.id))
    unit.is_authority = True
    record(
        session, Fact("unit.make_authority", f"unit:{unit.id}", unit_id=unit.id, data={"below": below}), SYSTEM, moment
    )
    return unit, len(below)


def _below(session: Session, unit: Unit) -> list[int]:
    tree = select(Unit.id).where(Unit.parent_id == unit.id).cte("below", recursive=True)
    tree = tree.union_all(select(Unit.id).join(tree, Unit.parent_id == tree.c.id).where(~Unit.is_authority))
    return list(session.scalars(select(tree.c.id).order_by(tree.c.id)))


def _check(
    session: Session, actor: Actor, form: Mapping[str, Any], unit: Unit | None
) -> tuple[dict[str, Any], dict[str, str]]:
    name = str(form.get("name") or "").strip()
    short = str(form.get("short_name") or "").strip() or name[: LONGEST["short_name"]]
    errors = {}
    if not name or len(name) > LONGEST["name"]:
        errors["name"] = f"请填写单位名称，最多 {LONGEST['name']} 个字。"
    if len(short) > LONGEST["short_name"]:
        errors["short_name"] = f"简称最多 {LONGEST['short_name']} 个字。"
    refuse_persons(name=name, short_name=str(form.get("short_name") or ""))
    if form.get("kind") not in UNIT_KINDS:
        errors["kind"] = "请选择单位类别。"
    parent = session.scalars(visible(Unit, actor).where(Unit.id == form.get("parent_id"))).first()
    if fault := _parent_fault(session, parent, unit):
        errors["parent_id"] = fault
    elif name and _is_taken(session, name, parent, unit):
        errors["name"] = f"已有单位叫“{name}”。"
    return {"name": name, "short_name": short, "kind": form.get("kind"), "parent": parent}, errors


def _parent_fault(session: Session, parent: Unit | None, unit: Unit | None) -> str | None:
    if parent is None:
        return None if unit is not None and unit.parent_id is None else "请选择上级单位。"
    if parent.closed_on is not None:
        return "上级单位已经撤销。"
    if unit is None:
        return None
    above: Unit | None = parent
    while above is not None:
        if above.id == unit.id:
            return "上级单位不能是它自己或它的下级。"
        above = session.get(Unit, above.parent_id) if above.parent_id else None
    authority_id = parent.id if parent.is_authority else parent.authority_id
    return None if authority_id == unit.authority_id else "不能改挂到另一个督办主体之下。"


def _is_taken(session: Session, name: str, parent: Unit | None, unit: Unit | None) -> bool:
    if parent is None:
        return False
    authority_id = parent.id if parent.is_authority else parent.authority_id
    same = select(Unit.id).where(Unit.authority_id == authority_id, Unit.name == name)
    return session.scalar(same.where(Unit.id != unit.id) if unit else same) is not None


def _next_code(session: Session, parent: Unit) -> str:
    number = (session.scalar(select(func.count()).where(Unit.parent_id == parent.id)) or 0) + 1
    while session.scalar(select(Unit.id).where(Unit.code == f"{parent.code}-{number:02}")):
        number += 1
    return f"{parent.code}-{number:02}"
