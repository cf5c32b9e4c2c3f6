"""The rows of the case page: each record turned into the words a person reads."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import url_for

from app.core.clock import ZONE
from app.ledgers.cases import CaseStory, Horizon, KeptFile
from app.ledgers.cases.words import (
    ASSIGNMENT_ROLES,
    EVIDENCE_KINDS,
    PART_STATES,
    PLAN_STATES,
    REQUEST_KINDS,
    REQUEST_STATES,
)
from app.ledgers.scores.words import OBJECTION_STATES, STANDINGS
from app.web.score_looks import with_minus

MEGABYTE = 1024 * 1024
STANDING_TONES = {"proposed": "waiting", "contested": "hold", "confirmed": "bad", "reversed": "ended"}
PART_TONES = {"waiting": "waiting", "received": "active", "working": "active", "done": "good", "disputed": "hold"}


def part_shown(part: Any, days: Horizon) -> dict[str, Any]:
    is_late = part.received_on is None and part.receipt_due_on < days.today and part.state == "waiting"
    return {
        "unit": part.unit,
        "role": ASSIGNMENT_ROLES[part.role],
        "state": (PART_STATES[part.state], PART_TONES.get(part.state, "ended")),
        "assigned_on": part.assigned_on,
        "receipt_due_on": part.receipt_due_on,
        "received_on": part.received_on,
        "receipt_is_late": is_late,
        "done_on": part.done_on,
        "is_own": part.is_own,
        "duty": part.row.duty if part.row else "",
        "result": part.row.result if part.row else "",
    }


def plan_shown(story: CaseStory, days: Horizon) -> dict[str, Any] | None:
    if story.plan is None:
        return None
    proofs: dict[int | None, int] = {}
    for row in story.evidence:
        proofs[row[0].measure_id] = proofs.get(row[0].measure_id, 0) + 1
    measures = [
        {
            "position": m.position,
            "text": m.text,
            "person": m.person,
            "due_on": m.due_on,
            "done_on": m.done_on,
            "is_late": m.done_on is None and m.due_on < days.today,
            "proofs": proofs.get(m.id, 0),
        }
        for m in story.measures
    ]
    done = sum(1 for m in story.measures if m.done_on)
    return {"state": PLAN_STATES[story.plan.state], "measures": measures, "done": done, "total": len(measures)}


def progress_shown(story: CaseStory) -> list[dict[str, Any]]:
    files: dict[int, list[dict[str, Any]]] = {}
    for row in story.evidence:
        files.setdefault(row[0].event_id, []).append(file_shown(row))
    return [
        {
            "at": local(row[0].at),
            "who": f"{row.person} · {row.unit}",
            "text": row[0].text,
            "files": files.get(row[0].event_id, []),
        }
        for row in reversed(story.progress)
    ]


def file_shown(row: Any) -> dict[str, Any]:
    return kept_file_shown(row[0], "cases.evidence", row.unit or "督查室", row.person) | {
        "note": EVIDENCE_KINDS.get(row[0].kind, "")
    }


def kept_file_shown(file: KeptFile, endpoint: str, unit: str, person: str) -> dict[str, Any]:
    """Return a file as lists of files show it; `endpoint` sends it by its id."""
    size = f"{file.size / MEGABYTE:.1f} MB" if file.size >= MEGABYTE else f"{max(1, file.size // 1024)} KB"
    who = " · ".join(part for part in (unit, person) if part)
    return {
        "name": file.name,
        "url": url_for(endpoint, ref=file.id),
        "picture": url_for(endpoint, ref=file.id, inline=1) if file.media_type.startswith("image/") else "",
        "size": size,
        "who": who,
        "at": local(file.at),
        "note": "",
    }


def check_shown(row: Any) -> dict[str, Any]:
    check = row[0]
    return {
        "label": "一级核查" if check.level == 1 else "二级验收",
        "passed": check.passed,
        "on": check.on,
        "names": check.names or row.person,
        "site_on": check.site_on,
        "method": check.method,
        "opinion": check.opinion,
        "cycle": check.cycle,
    }


def request_shown(row: Any) -> dict[str, Any]:
    request = row[0]
    return {
        "kind": REQUEST_KINDS[request.kind],
        "state": REQUEST_STATES[request.state],
        "is_open": request.state in ("drafted", "asked"),
        "who": " · ".join(part for part in (row.unit, row.person) if part),
        "asked_on": request.asked_on,
        "wanted_on": request.wanted_on,
        "reason": request.reason,
        "progress": request.data.get("progress", ""),
        "decide_by": request.decide_by,
        "decided_on": request.decided_on,
        "decision": request.decision,
    }


def entry_shown(row: Any) -> dict[str, Any]:
    return {
        "url": url_for("scores.entry", ref=row.id),
        "unit": row.unit,
        "day": row.day,
        "points": row.points,
        "beyond": row.beyond,
        "calculation": with_minus(row.calculation),
        "standing": ("冲销记录" if row.reverses_id else STANDINGS[row.state], STANDING_TONES[row.state]),
        "object_until": row.object_until if row.state == "proposed" and not row.reverses_id else None,
        "is_void": row.state == "reversed",
    }


def sums_shown(entries: Sequence[Any]) -> list[dict[str, Any]]:
    """Return what the case has cost each unit: how many lines, how many of them still open, and their sum."""
    found: dict[str, dict[str, Any]] = {}
    for row in entries:
        one = found.setdefault(row.unit, {"unit": row.unit, "lines": 0, "open": 0, "points": Decimal(0)})
        one["lines"] += 1
        one["open"] += row.state in ("proposed", "contested")
        one["points"] += row.points
    return list(found.values())


def objection_shown(row: Any) -> dict[str, Any]:
    objection = row[0]
    return {
        "unit": row.unit,
        "state": OBJECTION_STATES[objection.state],
        "entries": row.entries,
        "ground": objection.ground,
        "asked_on": objection.asked_on,
        "decide_by": objection.decide_by if objection.state == "asked" else None,
        "decision": objection.decision,
        "decided_on": objection.decided_on,
    }


def local(at: Any) -> Any:
    return at.astimezone(ZONE)


def at_shown(at: Any) -> str:
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}"
