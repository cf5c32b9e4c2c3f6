"""What the address asks a list for: words it knows are taken, the rest is left out and said in a line above the list."""

from collections.abc import Collection
from datetime import date

from flask import Flask, g, request

LONGEST = 100
SCOPES = ("open", "all")  # of lists that leave out what has ended unless asked
SAID = {
    "choice": "没有“{value}”这一种{label}，未按{label}筛选。",
    "unit": "没有找到单位“{value}”，未按单位筛选。",
    "date": "“{value}”不是日期，未按{label}筛选。",
    "number": "“{value}”不是 1 以上的整数，未按{label}筛选。",
    "sort": "没有“{value}”这一种{label}，按通常的{label}显示。",
    "month": "“{value}”不是可以查看的月份，按本月显示。",
    "layout": "没有“{value}”这一种版式，按通常的版式显示。",
    "order": "起止颠倒：止于“{value}”早于起始的 {label}，这样的范围里没有内容，请核对。",
    "year": "“{value}”不是可以查看的年份，按今年显示。",
}


def init_asked(app: Flask) -> None:
    """Let every page say above its content what of its address was not understood."""
    app.jinja_env.globals["not_understood"] = _noted


def typed_in(name: str) -> str:
    """Return what the address says under a name."""
    return request.args.get(name, "").strip()[:LONGEST]


def word_asked(name: str, label: str, words: Collection[str]) -> str:
    """Return the word of the address if it is one of the words; else nothing, and the page says so."""
    typed = typed_in(name)
    return typed if typed in words else note(typed, label)


def unit_asked(units: Collection[str]) -> str:
    """Return the unit of the address (its id as typed) if it is one of the units; else nothing, and the page says so."""
    typed = typed_in("unit")
    return typed if typed in units else note(typed, "单位", "unit")


def date_asked(name: str, label: str) -> date | None:
    """Return the date of the address; None without one, and for what is none, of which the page says so."""
    typed = typed_in(name)
    try:
        return date.fromisoformat(typed)
    except ValueError:
        note(typed, label, "date")
        return None


def note(typed: str, label: str, kind: str = "choice") -> str:
    """Note that something typed was not understood, if anything was typed; `kind` is one of SAID. Return nothing."""
    if typed and (said := SAID[kind].format(value=typed[:20], label=label)) not in _noted():
        _noted().append(said)
    return ""


def _noted() -> list[str]:
    found: list[str] = g.setdefault("not_understood", [])
    return found
