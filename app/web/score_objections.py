"""Objections on the web: the docket by date of decision, and one objection with the entries it names and its moves."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for

from app.calendar import say_remaining
from app.core.errors import Absent
from app.ledgers.scores import Objection, Plea, count_objections, docket, named_entries, names_of
from app.ledgers.scores.words import OBJECTION_STATES
from app.people import Unit, visible
from app.web.asked import word_asked
from app.web.moves import moves_of
from app.web.score_looks import cases_named, page_asked, standing_look, with_minus
from app.web.shell import desk

SHOWN = 30
DECIDED = ("upheld", "dismissed")
TABS = {"": ("asked",), "drafted": ("drafted",), "decided": ("upheld", "dismissed", "withdrawn")}
TAB_WORDS = {"": "待裁定", "drafted": "单位起草中", "decided": "已办结"}
STATE_TONES = {"drafted": "draft", "asked": "waiting", "upheld": "good", "dismissed": "bad", "withdrawn": "ended"}


def objections_data() -> dict[str, Any]:
    """Return one page of the docket and its tabs."""
    tab = word_asked("state", "状态", TABS)
    page = page_asked()
    found = docket(desk().session, desk().actor, TABS[tab], SHOWN + 1, page * SHOWN)
    counts = count_objections(desk().session, desk().actor)
    names: dict[str, Any] = {"state": tab} if tab else {}
    return {
        "tabs": [
            {
                "label": TAB_WORDS[name],
                "url": url_for("scores.objections", state=name or None),
                "active": name == tab,
                "count": sum(counts.get(state, 0) for state in states),
            }
            for name, states in TABS.items()
        ],
        "is_waiting": tab == "",
        "rows": [_row(plea) for plea in found[:SHOWN]],
        "next_url": url_for("scores.objections", page=page + 2, **names) if len(found) > SHOWN else "",
        "first_url": url_for("scores.objections", **names) if page else "",
    }


def objection_data(objection_id: int) -> dict[str, Any]:
    """Return one objection whole with its moves; Absent when the actor sees no such objection."""
    query = visible(Objection, desk().actor).where(Objection.id == objection_id)
    row = desk().session.scalars(query).one_or_none()
    if row is None:
        raise Absent
    entries = named_entries(desk().session, desk().actor, row.id)
    people = names_of(desk().session, [row.drafted_by_id, row.asked_by_id, row.decided_by_id])
    page = {
        "id": row.id,
        "unit": desk().session.get_one(Unit, row.unit_id).name,
        "unit_url": url_for("scores.unit", ref=row.unit_id),
        "case": cases_named([row.case_id]).get(row.case_id),
        "state": (OBJECTION_STATES[row.state], STATE_TONES[row.state]),
        "ground": row.ground,
        "about_fact": row.about_fact,
        "covers_later": row.covers_later,
        "drafted_by": people.get(row.drafted_by_id, ""),
        "asked_by": people.get(row.asked_by_id or 0, ""),
        "asked_on": row.asked_on,
        "decided_by": people.get(row.decided_by_id or 0, ""),
        "decided_on": row.decided_on,
        "decision": row.decision,
        "sum": sum((entry.points for entry, _ in entries), Decimal("0.00")),
        "entries": [_entry(entry, standing) for entry, standing in entries],
        "due": _due(row),
    }
    return {"page": page, "moves": moves_of("objections", row)}


def docket_url(row: Objection) -> str:
    """Return where whoever has just decided an objection goes on: to the others that wait."""
    return url_for("scores.objections") if row.state in DECIDED and row.decided_by_id == desk().actor.person_id else ""


def _row(plea: Plea) -> dict[str, Any]:
    row = plea.objection
    return {
        "url": url_for("scores.objection", ref=row.id),
        "unit": plea.unit,
        "case": f"{plea.case_number or '未编号'} {plea.case_title}" if plea.case_title else "不在您查看范围内的问题",
        "count": plea.count,
        "points": plea.points,
        "ground": row.ground,
        "asked_on": row.asked_on,
        "decided_on": row.decided_on,
        "state": (OBJECTION_STATES[row.state], STATE_TONES[row.state]),
        "due": _due(row),
    }


def _due(row: Objection) -> dict[str, Any] | None:
    """Say until when it is to be decided; an overdue one is on a leader's desk."""
    if row.state != "asked" or row.decide_by is None:
        return None
    today: date = desk().moment.day
    left = say_remaining(desk().context.calendar(row.authority_id), today, row.decide_by)
    is_late = row.decide_by < today
    return {"on": row.decide_by, "left": left, "tone": "bad" if is_late else "", "is_late": is_late}


def _entry(entry: Any, standing: Any) -> dict[str, Any]:
    return {
        "url": url_for("scores.entry", ref=entry.id),
        "day": entry.day,
        "calculation": with_minus(entry.calculation),
        "points": entry.points,
        "standing": standing_look(entry, standing),
        "is_void": standing.state == "reversed",
    }
