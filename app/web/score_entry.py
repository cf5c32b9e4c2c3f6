"""The page of one entry: from the total through calculation and rule to case, event and evidence; and its reversal by hand."""

import json
from typing import Any

from flask import render_template, url_for

from app.core.clock import ZONE
from app.core.errors import Absent
from app.ledgers.cases import Evidence
from app.ledgers.scores import (
    Happened,
    Reversal,
    RuleSet,
    ScoreEntry,
    ScoreRule,
    Standing,
    Total,
    Trace,
    below_floor,
    body_of,
    find_entry,
    load_book,
    names_of,
    rules_for,
    trace_of,
)
from app.ledgers.scores.words import OBJECTION_STATES, REVERSAL_STATES
from app.people import Unit, visible
from app.web.case_rows import local
from app.web.fields import form_class
from app.web.moves import Action, Failed, Moves, choices, moves_of
from app.web.role_words import word_at
from app.web.score_looks import HASH_SHOWN, cases_named, signed, standing_look, with_minus
from app.web.shell import desk
from app.workflows import REVERSAL, Attempt, attempts, refusal, say_event

MOST_FILES = 12
KILOBYTE = 1024
TONES = {
    "entry.propose": "warn",
    "entry.confirm": "bad",
    "entry.reverse": "good",
    "objection.uphold": "good",
    "objection.dismiss": "bad",
    "reversal.grant": "good",
}


def show_entry(entry_id: int, failed: Failed | None = None) -> str:
    """Return the page of an entry, with a failed form if there is one; Absent when the actor sees no such entry."""
    found = find_entry(desk().session, desk().actor, entry_id)
    if found is None:
        raise Absent
    entry, standing = found
    trace = trace_of(desk().session, desk().actor, entry)
    moves = reversal_moves(entry, trace, failed)
    return render_template("score/entry.html", page=_entry_data(entry, standing, trace), moves=moves)


def show_reversal(reversal_id: int, failed: Failed) -> str:
    """Return the page of the entry that a reversal by hand is about."""
    row = desk().session.scalars(visible(Reversal, desk().actor).where(Reversal.id == reversal_id)).one()
    return show_entry(row.entry_id, failed)


def reversal_attempt(entry: ScoreEntry) -> Attempt | None:
    """Return the attempt at asking for a reversal by hand; None for who has no part in it."""
    actor, day = desk().actor, desk().moment.day
    row = Reversal(
        authority_id=entry.authority_id, entry_id=entry.id, reason="", asked_by_id=actor.person_id, asked_on=day
    )
    return next(iter(attempts(desk().context, REVERSAL, row)), None)


def reversal_moves(entry: ScoreEntry, trace: Trace, failed: Failed | None) -> Moves:
    """Return the moves on the reversal under way, or the form that asks for one."""
    under_way = [row for row in trace.reversals if row.state == "asked" and row.entry_id == entry.id]
    if under_way:
        return moves_of("reversals", under_way[-1], None, failed)
    attempt, found = reversal_attempt(entry), Moves()
    if attempt is None or refusal(attempt) is not None:
        return found
    action = Action(
        name="ask",
        label=attempt.transition.label,
        url=url_for("scores.ask_reversal", ref=entry.id),
        version=0,
        form=form_class(attempt, choices)(),
        help="手工冲销要两名考核人员：您写明理由提出，由另一名考核人员复核后才记入冲销记录。",
        submit="提出，交另一人复核",
    )
    if failed and failed.name == "ask":
        action.form, action.open = failed.form, True
    found.actions.append(action)
    return found


def _entry_data(entry: ScoreEntry, standing: Standing, trace: Trace) -> dict[str, Any]:
    session = desk().session
    unit = session.get_one(Unit, entry.unit_id)
    row = session.get_one(RuleSet, entry.rule_set_id)
    rule = body_of(json.loads(row.body)).rule(entry.rule)
    hears = standing.state == "proposed" and standing.object_until >= desk().moment.day and entry.points < 0
    case = cases_named([entry.case_id]).get(entry.case_id)
    is_own = unit.id in desk().actor.own_units
    return {
        "id": entry.id,
        "day": entry.day,
        "points": entry.points,
        "said_points": signed(entry.points),
        "beyond": entry.beyond,
        "calculation": with_minus(entry.calculation),
        "standing": standing_look(entry, standing),
        "told_on": standing.told_on,
        "object_until": standing.object_until if hears else None,
        "object_url": f"{case['url']}#moves" if case and hears and is_own else "",
        "counts_as": _counts_as(entry, standing),
        "unit": unit.name,
        "unit_url": url_for("scores.unit", ref=unit.id, year=entry.year),
        "year": entry.year,
        "total": _total(unit, entry.year),
        "rule": _rule_shown(rule, entry, row),
        "case": case,
        "proof": _happened(trace.proof, entry) if trace.proof else None,
        "history": [_happened(one, entry) for one in trace.history],
        "chain": [_link(link, state, entry) for link, state in trace.chain] if len(trace.chain) > 1 else [],
        "objections": _objections(trace),
        "reversals": _reversals(trace),
        "files": [_file(file) for file in trace.files[:MOST_FILES]],
        "has_more_files": len(trace.files) > MOST_FILES,
    }


def _counts_as(entry: ScoreEntry, standing: Standing) -> str:
    if standing.state == "confirmed":
        return "已计入总分和排名。"
    if standing.state == "reversed":
        return "与对应的记录相互抵消，合计不影响总分。"
    held = "申辩裁定前不计入总分。" if standing.state == "contested" else "申辩期满无异议即自动确认，确认前不计入总分。"
    return held if entry.points else "未产生分值。"


def _total(unit: Unit, year: int) -> dict[str, Any] | None:
    """Return the total that the entry is a part of, as the unit's page shows it."""
    version = rules_for(load_book(desk().session, unit.authority_id or 0), year, desk().moment.day)
    if version is None:
        return None
    row = desk().session.get(Total, (unit.id, year))
    confirmed = row.confirmed if row else version.body.full_marks * 0
    total = version.body.full_marks + confirmed + below_floor(version.body, confirmed)
    return {"total": total, "full": version.body.full_marks, "confirmed": confirmed}


def _rule_shown(rule: ScoreRule | None, entry: ScoreEntry, row: RuleSet) -> dict[str, Any]:
    return {
        "name": rule.name if rule else entry.rule,
        "basis": rule.basis if rule else "",
        "evidence_by": rule.evidence_by if rule else "",
        "cap": rule.cap_case if rule else None,
        "year": row.year,
        "number": row.number,
        "hash": row.hash,
        "short_hash": row.hash[:HASH_SHOWN],
        "url": url_for("scores.rule_set", ref=row.id, _anchor=f"rule-{entry.rule}"),
    }


def _happened(one: Happened, entry: ScoreEntry) -> dict[str, Any]:
    """Return one event in words; of another unit's event only that it happened."""
    event = one.event
    is_others = event.unit_id not in (None, entry.unit_id)
    role = word_at(entry.authority_id, one.role) if one.role else ""
    who = " · ".join(part for part in (one.name or "系统每日结算", role, one.unit) if part)
    said = ""
    if event.kind.startswith("entry."):
        who = f"随{one.name}的办理由系统记入" if one.name else "系统每日结算"
        said = with_minus(str(event.data.get("said", "")))
    return {
        "at": event.at.astimezone(ZONE),
        "label": say_event(event.kind),
        "who": "" if is_others else who,
        "tone": TONES.get(event.kind, "info"),
        "note": "" if is_others else (event.reason or said),
        "due_on": event.due_on,
        "hash": event.hash[:HASH_SHOWN],
        "number": event.seq,
    }


def _link(link: ScoreEntry, state: Standing, entry: ScoreEntry) -> dict[str, Any]:
    return {
        "id": link.id,
        "url": url_for("scores.entry", ref=link.id),
        "is_here": link.id == entry.id,
        "day": link.day,
        "points": link.points,
        "calculation": with_minus(link.calculation),
        "standing": standing_look(link, state),
    }


def _objections(trace: Trace) -> list[dict[str, Any]]:
    return [
        {
            "url": url_for("scores.objection", ref=row.id),
            "state": OBJECTION_STATES[row.state],
            "ground": row.ground,
            "asked_on": row.asked_on,
            "decide_by": row.decide_by if row.state == "asked" else None,
            "decided_on": row.decided_on,
            "decision": row.decision,
        }
        for row in trace.objections
    ]


def _reversals(trace: Trace) -> list[dict[str, Any]]:
    names = names_of(desk().session, [p for row in trace.reversals for p in (row.asked_by_id, row.decided_by_id)])
    return [
        {
            "state": REVERSAL_STATES[row.state],
            "is_open": row.state == "asked",
            "reason": row.reason,
            "asked_by": names.get(row.asked_by_id, ""),
            "asked_on": row.asked_on,
            "decided_by": names.get(row.decided_by_id or 0, ""),
            "decided_on": row.decided_on,
            "decision": row.decision,
        }
        for row in trace.reversals
    ]


def _file(file: Evidence) -> dict[str, Any]:
    return {
        "name": file.name,
        "url": url_for("cases.evidence", ref=file.id),
        "size": f"{max(1, file.size // KILOBYTE)} KB",
        "who": f"SHA-256 {file.sha256[:HASH_SHOWN]}",
        "at": local(file.at),
        "note": "",
    }
