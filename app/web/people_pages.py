"""The pages about units, persons and mandates as plain data for their templates."""

from typing import Any

from flask import request, url_for
from sqlalchemy import select

from app.calendar import say
from app.core.clock import ZONE
from app.ledgers.handover import count_open
from app.people import (
    ROLE_LABELS,
    UNIT_KINDS,
    Mandate,
    MandateRow,
    Person,
    PersonFilter,
    PersonRow,
    Role,
    Unit,
    find_persons,
    mandates_of,
    unit_tree,
    visible,
)
from app.web.asked import typed_in, unit_asked, word_asked
from app.web.people_acts import MANDATE_ACTS, PERSON_ACTS, UNIT_ACTS, Typed, actions_for
from app.web.shell import desk

STATES = {"open": "在用", "waiting": "尚未设置密码", "disabled": "已停用", "idle": "没有有效任职"}
STANDINGS = {"present": ("有效", "good"), "future": ("尚未开始", "waiting"), "past": ("已结束", "ended")}
NUMBER = 19  # digits of an id at most


def tabs(here: str) -> list[dict[str, Any]]:
    """Return the three pages of the section; `here` is the endpoint shown."""
    pages = (("people.units", "单位"), ("people.persons", "人员与任职"), ("roster.start", "批量导入"))
    return [{"label": word, "url": url_for(name), "active": name == here, "count": None} for name, word in pages]


def units_data() -> dict[str, Any]:
    """Return the tree of units."""
    rows = unit_tree(desk().session, desk().actor, desk().moment.day)
    shown = [
        {
            "name": row.unit.name,
            "short": row.unit.short_name if row.unit.short_name != row.unit.name else "",
            "url": url_for("people.unit", row_id=row.unit.id),
            "persons_url": url_for("people.persons", unit=row.unit.id),
            "kind": UNIT_KINDS.get(row.unit.kind, row.unit.kind),
            "code": row.unit.code,
            "depth": min(row.depth, 4),
            "persons": row.persons,
            "mandates": row.mandates,
            "closed": say(row.unit.closed_on) if row.unit.closed_on else "",
        }
        for row in rows
    ]
    return {"tabs": tabs("people.units"), "rows": shown, "may_make": keeps_accounts()}


def keeps_accounts() -> bool:
    """Say whether the actor makes accounts and units."""
    return Role.ADMIN in desk().actor.roles


def unit_data(unit: Unit, typed: Typed | None = None) -> dict[str, Any]:
    """Return one unit with its people and what may be done."""
    session, actor, day = desk().session, desk().actor, desk().moment.day
    parent = session.scalars(visible(Unit, actor).where(Unit.id == unit.parent_id)).first() if unit.parent_id else None
    below = session.scalars(visible(Unit, actor).where(Unit.parent_id == unit.id).order_by(Unit.position)).all()
    persons, count = find_persons(session, actor, day, PersonFilter(unit_id=unit.id))
    facts = [
        ("全称", unit.name),
        ("简称", unit.short_name),
        ("类别", UNIT_KINDS.get(unit.kind, unit.kind)),
        ("编码", unit.code),
        ("上级单位", parent.name if parent else "无"),
        ("撤销日期", say(unit.closed_on) if unit.closed_on else "在用"),
    ]
    return {
        "unit": unit,
        "facts": facts,
        "below": [(row.name, url_for("people.unit", row_id=row.id)) for row in below],
        "persons": [person_row(row) for row in persons],
        "count": count,
        "mandates": [mandate_row(row) for row in mandates_of(session, actor, day, Mandate.unit_id == unit.id)],
        "actions": actions_for(UNIT_ACTS, "unit", unit, unit.id, 0, typed),
        "may_make": keeps_accounts() and unit.closed_on is None,
    }


def persons_data() -> dict[str, Any]:
    """Return the list of persons by the filters of the address."""
    tree = unit_tree(desk().session, desk().actor, desk().moment.day)
    args = {
        "q": typed_in("q")[:60],
        "unit": unit_asked({str(row.unit.id) for row in tree}),
        "role": word_asked("role", "角色", set(Role)),
        "state": word_asked("state", "状态", STATES),
    }
    unit_id, after = (_number(value) for value in (args["unit"], request.args.get("after", "")))
    wanted = PersonFilter(args["q"], unit_id, args["role"], args["state"])
    rows, count = find_persons(desk().session, desk().actor, desk().moment.day, wanted, after or 0)
    kept: dict[str, Any] = {name: value for name, value in args.items() if value}
    last = rows[-1].person.id if rows else 0
    has_more = bool(rows) and bool(find_persons(desk().session, desk().actor, desk().moment.day, wanted, last)[0])
    return {
        "tabs": tabs("people.persons"),
        "rows": [person_row(row) for row in rows],
        "count": count,
        "args": args,
        "units": [(str(row.unit.id), "\u3000" * row.depth + row.unit.name) for row in tree],
        "roles": [(role.value, word) for role, word in ROLE_LABELS.items()],
        "states": list(STATES.items()),
        "chosen": _chosen(args, {str(row.unit.id): row.unit.short_name for row in tree}),
        "next_url": url_for("people.persons", **{**kept, "after": str(last)}) if has_more else "",
        "first_url": url_for("people.persons", **kept) if after else "",
        "may_make": keeps_accounts(),
    }


def person_data(person: Person, typed: Typed | None = None) -> dict[str, Any]:
    """Return one person with every mandate and what may be done."""
    session, actor, day = desk().session, desk().actor, desk().moment.day
    unit = session.scalar(select(Unit.name).where(Unit.id == person.unit_id)) if person.unit_id else None
    facts = [
        ("用户名", person.username),
        ("所在单位", unit),
        ("职务", person.title),
        ("手机", person.phone),
        ("账号状态", state_of(person)[0]),
        ("密码设置于", _moment(person.password_changed_at)),
        ("一次性代码有效至", _moment(person.reset_expires_at)),
        ("两步验证", "已启用" if person.totp_secret else "未启用"),
    ]
    rows = mandates_of(session, actor, day, Mandate.person_id == person.id)
    is_own = person.id == actor.person_id
    left = sum(count_open(session, day, [person.id]).get(person.id, {}).values())
    return {
        "person": person,
        "left": left,
        "is_leaving": person.disabled_at is not None or all(row.standing == "past" for row in rows),
        "handover_url": url_for("handover.person", ref=person.id),
        "state": state_of(person),
        "facts": facts,
        "is_own": is_own,
        "mandates": [
            {
                **mandate_row(row),
                "subject": f"mandate-{row.mandate.id}",
                "actions": []
                if is_own
                else actions_for(MANDATE_ACTS, "mandate", row, row.mandate.id, row.mandate.version, typed),
            }
            for row in rows
        ],
        "actions": [] if is_own else actions_for(PERSON_ACTS, "person", person, person.id, person.version, typed),
    }


def person_row(row: PersonRow) -> dict[str, Any]:
    """Return a person as a row of a list."""
    held = [f"{m.role_label}（{m.unit_name}）" for m in row.mandates]
    return {
        "name": row.person.name,
        "username": row.person.username,
        "title": row.person.title or "",
        "unit": row.unit_name,
        "url": url_for("people.person", row_id=row.person.id),
        "mandates": held,
        "state": state_of(row.person),
    }


def mandate_row(row: MandateRow) -> dict[str, Any]:
    """Return a mandate as a row of a list."""
    mandate = row.mandate
    return {
        "role": row.role_label,
        "unit": row.unit_name,
        "person": row.person_name,
        "person_url": url_for("people.person", row_id=mandate.person_id),
        "unit_url": url_for("people.unit", row_id=mandate.unit_id),
        "begins_on": mandate.begins_on,
        "ends_on": mandate.ends_on,
        "standing": STANDINGS[row.standing],
        "portfolio": "、".join(row.portfolio),
    }


def state_of(person: Person) -> tuple[str, str]:
    """Return the word and the tone of an account's state."""
    if person.disabled_at is not None:
        return "已停用", "ended"
    if person.password_hash is None:
        is_late = person.reset_expires_at is None or person.reset_expires_at <= desk().moment.at
        return ("一次性代码已过期", "warn") if is_late else ("尚未设置密码", "waiting")
    return "在用", "good"


def _chosen(args: dict[str, str], units: dict[str, str]) -> list[tuple[str, str]]:
    words = {
        "q": f"含“{args['q']}”",
        "unit": f"单位：{units.get(args['unit'], '')}",
        "role": f"角色：{ROLE_LABELS[Role(args['role'])]}" if args["role"] else "",
        "state": f"账号：{STATES.get(args['state'], '')}",
    }
    kept: dict[str, Any] = {name: value for name, value in args.items() if value}
    return [
        (words[name], url_for("people.persons", **{key: value for key, value in kept.items() if key != name}))
        for name in kept
    ]


def _number(typed: str) -> int | None:
    return int(typed) if typed.isdecimal() and len(typed) < NUMBER else None


def _moment(at: Any) -> str | None:
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") if at else None
