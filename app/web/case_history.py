"""The time line of a case: each event in words, with what was typed; entries of one day drawn together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from app.core.clock import ZONE
from app.ledgers.cases import Happened
from app.ledgers.cases.words import STATES
from app.workflows import WORKFLOWS, Need, say_event

TONES = {
    "entry.propose": "warn",
    "entry.confirm": "bad",
    "entry.reverse": "good",
    "case.close": "good",
    "case.verify": "good",
    "case.accept": "good",
    "case.send_back": "bad",
    "case.rebound": "bad",
    "plan.send_back": "warn",
    "extension.refuse": "warn",
    "extension.grant": "good",
    "objection.uphold": "good",
}
SKIPPED = ("person", "case", "measure")
MOST_LINES = 12


def time_line(events: Sequence[Happened], names: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return the events as lines of the page, newest first; `names` are the case's units by id."""
    lines = []
    for is_entry, group in groupby(events, lambda event: event.kind.startswith("entry.")):
        same = list(group)
        if is_entry and len(same) > 1:
            lines.append(_together(same))
        else:
            lines += [_line(event, names) for event in same]
    return lines


def _line(event: Happened, names: Mapping[int, str]) -> dict[str, Any]:
    absent = event.data.get("acting_for")
    role = f"代{absent}（{event.role}）" if absent else event.role
    who = " · ".join(part for part in (event.person, role, event.unit) if part)
    if event.kind.startswith("entry."):
        who, said = event.unit, [("", _points(event))]
    else:
        said = _said(event, names)
    return {
        "at": event.at.astimezone(ZONE),
        "label": f"三单{say_event(event.kind)}" if event.kind.startswith("slip.") else say_event(event.kind),
        "who": who,
        "tone": TONES.get(event.kind, "info"),
        "note": event.reason,
        "said": said,
        "to": STATES.get(event.dest or "", "") if event.kind.startswith("case.") and event.dest != event.source else "",
    }


def _together(same: Sequence[Happened]) -> dict[str, Any]:
    """Draw together what the score ledger did between two acts of people; the lines themselves stand with the costs."""
    counts = Counter(event.kind for event in same)
    first, last = same[-1].day, same[0].day
    days = f"{first} 至 {last}" if first != last else ""
    said = [(f"{event.day}　{event.unit}", f"{say_event(event.kind)} {_points(event)}") for event in same[:MOST_LINES]]
    more = [("", f"另有 {len(same) - MOST_LINES} 条，逐条见“扣分”")] if len(same) > MOST_LINES else []
    return {
        "at": same[0].at.astimezone(ZONE),
        "label": "，".join(f"{say_event(kind)} {count} 条" for kind, count in counts.items()),
        "who": days or "、".join(dict.fromkeys(event.unit for event in same)),
        "tone": "warn" if "entry.propose" in counts else TONES[same[0].kind],
        "note": "",
        "said": said + more,
        "to": "",
    }


def _needs_of(kind: str) -> tuple[Need, ...]:
    """Return the inputs that an event of the kind has, from the transition tables."""
    workflow, _, name = kind.partition(".")
    rows = WORKFLOWS[workflow].transitions if workflow in WORKFLOWS else ()
    return next((row.needs for row in rows if row.name == name), ())


def _points(event: Happened) -> str:
    points = f"{Decimal(event.data.get('points', '0')):+.2f}".replace("-", "−")
    return f"{event.data.get('said', '')} {points}".strip()


def _said(event: Happened, names: Mapping[int, str]) -> list[tuple[str, str]]:
    """Return what was typed, as (label, words), and the old values of what was corrected."""
    needs = _needs_of(event.kind)
    given = [(need, event.data.get(need.name)) for need in needs if need.name != "reason"]
    found = [(need.label, _value(need, value, names)) for need, value in given if value not in (None, "", [], False)]
    before = event.data.get("before")
    if isinstance(before, dict):
        labels = {need.name: need.label for need in needs}
        changed = {name: value for name, value in before.items() if value and value != event.data.get(name)}
        found += [(f"原{labels.get(name, name)}", str(value)) for name, value in changed.items()]
    if event.kind == "case.source_changed":
        changes = event.data.get("changes", {})
        found += [(label, f"{old or '空'} → {new or '空'}") for label, (old, new) in changes.items()]
    if event.kind in ("case.absorb", "case.release") and "number" in event.data:  # a unit reads the bare event
        found.append(("问题", event.data["number"] or "未编号的一件"))
    return [(label, words) for label, words in found if words]


def _value(need: Need, value: Any, names: Mapping[int, str]) -> str:
    if need.kind in ("unit", "units", "parts"):
        ids = value if isinstance(value, list) else [value]
        return "、".join(names.get(int(unit_id), "其他单位") for unit_id in ids)
    if need.kind == "files":
        return "、".join(str(file["name"]) for file in value)
    if need.kind in ("measures", "entries"):
        return f"{len(value)} 项"
    if need.kind in SKIPPED:
        return ""
    return "是" if need.kind == "bool" else need.choices.get(str(value), str(value))
