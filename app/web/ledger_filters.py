"""What a ledger is asked for: read from the address, said in words, and written back into addresses."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from flask import request, url_for

from app.ledgers.cases import ORDERS, USUAL, Facts, Filters
from app.ledgers.cases.words import SOURCES, STATES
from app.web.asked import note, typed_in

OPEN_WORD = "在办（默认）"
WHENS = {"overdue": "已逾期", "soon": "即将到期"}
PARTS = {"lead": "牵头", "assist": "配合"}
STATE_CHOICES = [("all", "全部（含已结束）"), ("ended", "已结束"), *STATES.items()]
# the number asked for: words beside the field, words when chosen, unit
NUMBERS = {
    "late": ("逾期不少于", "逾期 {} 个工作日以上", "工作日"),
    "soon": ("到期不多于", "{} 个工作日内到期", "工作日"),
    "returned": ("退回不少于", "退回 {} 次以上", "次"),
    "still": ("未动不少于", "{} 天以上没有办理", "天"),
}
TICKS = {
    "behind": "措施滞后",
    "contested": "申辩中",
    "listed": "已列入纪检",
    "rebounded": "反弹过",
    "long_term": "长期坚持",
}
LABELS = {
    "unit": ("单位", "unit"),
    "part": ("承办方式", "choice"),
    "state": ("状态", "choice"),
    "source": ("反馈来源", "choice"),
    "when": ("到期情况", "choice"),
    "sort": ("排列", "sort"),
    "from": ("期限", "date"),
    "to": ("期限", "date"),
    **{name: (label, "number") for name, (label, _, _) in NUMBERS.items()},
    **{name: (label, "choice") for name, label in TICKS.items()},
}
NAMES = ("q", "unit", "part", "state", "source", "when", "from", "to", "tag", *NUMBERS, *TICKS, "sort")
MOST_DAYS = 3650
Typed = dict[str, str]


def read_filters(args: Mapping[str, str]) -> tuple[Filters, Typed]:
    """Return the filters, as yet without a calendar, and what was typed; what is not understood is left out."""
    typed = clean(args)
    return filters_of(typed), typed


def filters_of(typed: Typed) -> Filters:
    """Return the filters that were typed, as yet without a calendar."""
    words = (typed["part"], typed["state"], typed["source"], typed["when"])
    days = (_date(typed["from"]), _date(typed["to"]))
    unit_id = int(typed["unit"]) if typed["unit"] else None
    numbers: dict[str, Any] = {name: int(typed[name] or 0) for name in NUMBERS}
    facts = Facts(**numbers, **{name: bool(typed[name]) for name in TICKS})
    return Filters(typed["q"], unit_id, *words, *days, facts, tag=typed["tag"])


def understood(units: Collection[str] | None = None) -> Typed:
    """Return what the address asks for; the page says what was not understood. `units` are those there are, if known."""
    typed = clean(request.args)
    for name, (label, kind) in LABELS.items():
        raw = typed_in(name)
        if raw and (not typed[name] or (name == "unit" and units is not None and typed[name] not in units)):
            typed[name] = note(raw, label, kind) if (name, raw) != ("sort", USUAL) else ""
    if typed["from"] > typed["to"] > "":
        note(typed["to"], typed["from"], "order")
    return typed


def clean(args: Mapping[str, str]) -> Typed:
    """Return what was typed under every name, empty where it is not understood."""
    typed = {name: str(args.get(name, "")).strip()[:100] for name in NAMES}
    allowed: dict[str, Any] = {"part": PARTS, "state": dict(STATE_CHOICES), "source": SOURCES, "when": WHENS}
    allowed |= {"sort": ORDERS, **{name: ("1",) for name in TICKS}}
    for name, values in allowed.items():
        typed[name] = typed[name] if typed[name] in values else ""
    typed["sort"] = "" if typed["sort"] == USUAL else typed["sort"]
    typed["unit"] = _number(typed["unit"], 10**9)
    typed |= {name: _number(typed[name], MOST_DAYS) for name in NUMBERS}
    return typed | {name: str(_date(typed[name]) or "") for name in ("from", "to")}


def chosen_words(typed: Typed, units: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what is filtered in words, each with the address without it."""
    words = {
        "q": f"含“{typed['q']}”",
        "unit": f"单位：{units.get(typed['unit'], '')}",
        "part": PARTS.get(typed["part"], ""),
        "state": f"状态：{dict(STATE_CHOICES).get(typed['state'], '')}",
        "source": f"来源：{SOURCES.get(typed['source'], '')}",
        "when": WHENS.get(typed["when"], ""),
        "tag": f"标签：{typed['tag']}",
        "from": f"期限不早于 {typed['from']}",
        "to": f"期限不晚于 {typed['to']}",
        **{name: said.format(typed[name]) for name, (_, said, _) in NUMBERS.items()},
        **TICKS,
    }
    return [(words[name], ledger_url({**typed, name: ""})) for name, value in typed.items() if value and name in words]


def asks_nothing_but_state(typed: Typed) -> bool:
    """Say whether only states are asked for, whose counts are kept."""
    return not any(value for name, value in typed.items() if name not in ("state", "sort"))


def asks_more(typed: Typed) -> bool:
    """Say whether something is asked for that stands behind 更多条件."""
    return any(typed[name] for name in ("part", "tag", "from", "to", *NUMBERS, *TICKS))


def ledger_url(values: Mapping[str, str | None]) -> str:
    """Return the address of the ledger so filtered."""
    return url_for("cases.ledger", **given(values))


def given(values: Mapping[str, str | None]) -> dict[str, Any]:
    """Return what is asked for, without what is empty."""
    return {name: value for name, value in values.items() if value}


def _number(typed: str, most: int) -> str:
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= len(str(most))
    return str(min(int(typed), most)) if is_number and int(typed) else ""


def _date(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
