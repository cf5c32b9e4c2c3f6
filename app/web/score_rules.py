"""Rule sets on the web: every version of every year, one of them whole, and a draft that starts from what there is."""

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask import render_template, url_for

from app.core.errors import Absent
from app.ledgers.scores import (
    TABLE_WORDS,
    RuleSet,
    ScoreRule,
    body_of,
    changes_between,
    grade_words,
    names_of,
    pack_text,
)
from app.ledgers.scores.words import RULE_SET_STATES, SIGN_WORDS, TRIGGER_WORDS
from app.people import UNIT_KINDS, Role, visible
from app.web.moves import Failed, moves_of
from app.web.score_looks import HASH_SHOWN, authority_asked, signed
from app.web.shell import desk

STATE_TONES = {"drafted": "draft", "approved": "good", "discarded": "ended"}


def rules_data() -> dict[str, Any]:
    """Return every version the actor sees, by year, the newest first."""
    actor, authority_id = desk().actor, authority_asked()
    query = visible(RuleSet, actor).where(RuleSet.authority_id == authority_id)
    rows = desk().session.scalars(query.order_by(RuleSet.year.desc(), RuleSet.number.desc())).all()
    names = _names(rows)
    years = [
        {"year": year, "rows": [version_shown(row, names) for row in found]}
        for year, found in groupby(rows, key=lambda row: row.year)
    ]
    has_rules = any(row.year == desk().moment.day.year and row.state == "approved" for row in rows)
    return {
        "years": years,
        "this_year": desk().moment.day.year,
        "has_rules": has_rules,
        "can_draft": actor.grant(Role.ASSESSOR, authority_id=authority_id) is not None,
    }


def show_rule_set(rule_set_id: int, failed: Failed | None = None) -> str:
    """Return the page of one version; Absent when the actor sees no such version."""
    row = rule_set_seen(rule_set_id)
    before = _before(row)
    body = body_of(json.loads(row.body))
    page = version_shown(row, _names([row])) | {
        "reason": row.reason,
        "full_hash": row.hash,
        "full_marks": body.full_marks,
        "floor": body.floor,
        "groups": [(g.name, "、".join(UNIT_KINDS.get(kind, kind) for kind in g.kinds)) for g in body.groups],
        "components": [(name, weight) for _, name, weight in body.components],
        "grades": [(grade["name"], grade_words(grade)) for grade in body.grades],
        "rules": [_rule_shown(rule) for rule in body.rules],
        "text": pack_text(json.loads(row.body)),
        "before": version_shown(before, {}) if before else None,
        "changes": changes_between(body_of(json.loads(before.body)), body) if before else [],
        "copy_url": _copy_url(row),
    }
    return render_template("score/rule_set.html", page=page, moves=moves_of("rule-sets", row, None, failed))


def rule_set_seen(rule_set_id: int) -> RuleSet:
    """Return the version if the actor sees it; Absent otherwise."""
    row = desk().session.scalars(visible(RuleSet, desk().actor).where(RuleSet.id == rule_set_id)).one_or_none()
    if row is None:
        raise Absent
    return row


def version_shown(row: RuleSet, names: dict[int, str]) -> dict[str, Any]:
    """Return what lists say of a version."""
    return {
        "url": url_for("scores.rule_set", ref=row.id),
        "name": json.loads(row.body)["name"],
        "year": row.year,
        "number": row.number,
        "state": (RULE_SET_STATES[row.state], STATE_TONES[row.state]),
        "effective_on": row.effective_on,
        "hash": row.hash[:HASH_SHOWN],
        "reason": row.reason,
        "drafted_by": names.get(row.drafted_by_id, ""),
        "approved_by": names.get(row.approved_by_id or 0, ""),
        "approved_on": row.approved_on,
    }


def _names(rows: Sequence[RuleSet]) -> dict[int, str]:
    return names_of(desk().session, [person for row in rows for person in (row.drafted_by_id, row.approved_by_id)])


def _before(row: RuleSet) -> RuleSet | None:
    """Return the approved version before this one: of the same year, else the last one of an earlier year."""
    earlier = (RuleSet.year < row.year) | ((RuleSet.year == row.year) & (RuleSet.number < row.number))
    query = visible(RuleSet, desk().actor).where(RuleSet.authority_id == row.authority_id, earlier)
    query = query.where(RuleSet.state == "approved").order_by(RuleSet.year.desc(), RuleSet.number.desc())
    return desk().session.scalars(query.limit(1)).first()


def _copy_url(row: RuleSet) -> str:
    may = desk().actor.grant(Role.ASSESSOR, authority_id=row.authority_id)
    return url_for("scores.drafts", start=row.id) if may else ""


def _rule_shown(rule: ScoreRule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "name": rule.name,
        "sign": SIGN_WORDS.get(rule.sign, rule.sign),
        "trigger": TRIGGER_WORDS.get(rule.trigger, rule.trigger),
        "points": _points(rule),
        "cap": rule.cap_case,
        "lead": rule.lead,
        "assist": rule.assist,
        "evidence_by": rule.evidence_by,
        "basis": rule.basis,
    }


def _points(rule: ScoreRule) -> list[tuple[str, str]]:
    """Return what a rule takes, as (when, points)."""
    if rule.table:
        words = TABLE_WORDS[rule.trigger]
        ordered = sorted(rule.table.items(), key=lambda row: list(words).index(row[0]))
        return [(words[name], signed(points)) for name, points in ordered]
    if rule.further is not None:
        return [("首个工作日", signed(rule.points)), ("其后每个工作日", signed(rule.further))]
    return [("每次", signed(rule.points))]
