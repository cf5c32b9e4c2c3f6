"""The ledger of slips: filters read from the address, rows turned into words once."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from sqlalchemy import select

from app.ledgers.slips import SlipFilters, SlipPack, pack_of, shipped_packs, slip_page, types_met
from app.ledgers.slips.words import SLIP_STATES
from app.people import Role, Unit, takes_parts, within
from app.web.asked import typed_in, unit_asked, word_asked
from app.web.case_looks import home_authority
from app.web.shell import desk
from app.web.slip_looks import slip_row
from app.web.slip_signing import has_to_sign

STATES = {"all": "全部（含已办结）", "open": "已发出、未办结", **SLIP_STATES}
WHENS = {"late": "签发、签收或回复已逾期"}
UNIT_STATES = ("draft", "lapsed")  # a unit never meets these


def ledger_data() -> dict[str, Any]:
    """Return everything the ledger of slips shows."""
    session, actor, day = desk().session, desk().actor, desk().moment.day
    authority_id = home_authority(actor)
    calendar, pack = desk().context.calendar(authority_id), pack_of(session, authority_id)
    types, units = _types(pack), _units()
    typed = _typed(dict(units), dict(types))
    unit_id = int(typed["unit"]) if typed["unit"] else None
    filters = SlipFilters(typed["q"], unit_id, typed["type"], typed["state"], typed["when"])
    page = slip_page(session, actor, filters, day, request.args.get("after"))
    count = str(page.count) if page.is_counted else f"{page.count}+"
    return {
        "rows": [slip_row(row, calendar, day) for row in page.rows],
        "said": f"本页 {len(page.rows)} 张，共 {count} 张",
        "next_url": _url({**typed, "after": page.next_cursor}) if page.next_cursor else "",
        "first_url": _url(typed) if request.args.get("after") else "",
        "typed": typed,
        "chosen": _chosen(typed, dict(units), dict(types)),
        "reset_url": url_for("slips.ledger"),
        "units": units,
        "types": types,
        "states": [(key, word) for key, word in STATES.items() if not actor.own_units or key not in UNIT_STATES],
        "whens": list(WHENS.items()),
        "pack_name": pack.name,
        "to_sign": has_to_sign(),
        "sees_absences": bool(actor.roles & {Role.SUPERVISOR, Role.SECURITY, Role.LEADER}),
    }


def _types(pack: SlipPack) -> list[tuple[str, str]]:
    """Return the types of the pack in use, and after them those of other packs of which there are slips."""
    own = {kind.code: f"{kind.name}（{kind.colour}）" for kind in pack.types}
    others = [kind.code for other in shipped_packs().values() for kind in other.types if kind.code not in own]
    met = types_met(desk().session, desk().actor, others)
    return [*own.items(), *((code, f"{name}（{colour}，原单据种类）") for code, (name, colour) in met.items())]


def _typed(units: Mapping[str, str], types: Mapping[str, str]) -> dict[str, str]:
    return {
        "q": typed_in("q"),
        "unit": unit_asked(units),
        "type": word_asked("type", "类型", types),
        "state": word_asked("state", "状态", STATES),
        "when": word_asked("when", "期限情况", WHENS),
    }


def _units() -> list[tuple[str, str]]:
    actor = desk().actor
    query = select(Unit.id, Unit.short_name).where(within(Unit, actor), takes_parts(), Unit.kind != "county")
    if actor.roles <= {Role.HEAD, Role.LIAISON}:
        query = query.where(Unit.id.in_(actor.own_units))
    return [(str(key), name) for key, name in desk().session.execute(query.order_by(Unit.position, Unit.id))]


def _chosen(typed: dict[str, str], units: dict[str, str], types: dict[str, str]) -> list[tuple[str, str]]:
    words = {
        "q": f"含“{typed['q']}”",
        "unit": f"单位：{units.get(typed['unit'], '')}",
        "type": types.get(typed["type"], ""),
        "state": f"状态：{STATES.get(typed['state'], '')}",
        "when": WHENS.get(typed["when"], ""),
    }
    return [(words[name], _url({**typed, name: ""})) for name, value in typed.items() if value]


def _url(values: Mapping[str, str | None]) -> str:
    args: dict[str, Any] = {name: value for name, value in values.items() if value}
    return url_for("slips.ledger", **args)
