"""What the score pages share: the year and the authority asked for, the unit that may be opened, words beside standings."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from flask import request, url_for
from sqlalchemy import select

from app.core.errors import Absent
from app.ledgers.cases import Case
from app.ledgers.scores import RuleSet, RuleVersion, ScoreEntry, Standing, sees_scores
from app.ledgers.scores.words import STANDINGS
from app.people import Role, Unit, authorities_of, visible, within
from app.web.asked import note, typed_in
from app.web.policy import only
from app.web.shell import desk

READERS = only(Role.INSPECTOR, Role.SUPERVISOR, Role.ASSESSOR, Role.LEADER, Role.HEAD, Role.LIAISON, Role.DISCIPLINE)
RANKED = only(*READERS.roles, Role.ORGANISATION)
UNITS = only(Role.HEAD, Role.LIAISON)
EARLIEST, LATEST = 2000, 2100
STANDING_TONES = {"proposed": "waiting", "contested": "hold", "confirmed": "bad", "reversed": "ended"}
HASH_SHOWN = 12
MINUS = re.compile(r"(?<![\w-])-(?=\d)")


def year_asked() -> int:
    """Return the year of the address, the present one unless it names a sensible one."""
    typed = typed_in("year")
    year = int(typed) if typed.isdecimal() and len(typed) == len("2026") else 0
    if EARLIEST <= year <= LATEST:
        return year
    note(typed, "年度", "year")
    return desk().moment.day.year


def authority_asked() -> int:
    """Return the authority whose scores are shown: the one of the address if the actor has part in it, else the first."""
    mine = authorities_of(desk().actor)
    typed = request.args.get("authority", "")
    asked = int(typed) if typed.isdecimal() else 0
    return asked if asked in mine else min(mine, default=0)


def day_asked(name: str, first: date, last: date) -> date:
    """Return the day of the address within the bounds; the last one when none is named."""
    try:
        return min(max(date.fromisoformat(request.args.get(name, "")), first), last)
    except ValueError:
        return last


def page_asked() -> int:
    """Return the page of the address, counted from 0; the first one unless it names a sensible one."""
    typed = request.args.get("page", "")
    return max(int(typed) - 1, 0) if typed.isdecimal() and len(typed) < len("10000") else 0


def unit_seen(unit_id: int) -> Unit:
    """Return the unit if the actor may see its scores; Absent otherwise."""
    actor = desk().actor
    unit = desk().session.scalars(visible(Unit, actor).where(Unit.id == unit_id)).one_or_none()
    if unit is None or unit.authority_id is None or not sees_scores(actor, unit.authority_id, unit.id):
        raise Absent
    return unit


def cases_named(case_ids: list[int | None]) -> dict[int | None, dict[str, Any]]:
    """Return number, title and address of the cases that the actor sees, by id; one query."""
    query = select(Case.id, Case.number, Case.title, Case.due_on).where(
        Case.id.in_([c for c in case_ids if c]), within(Case, desk().actor)
    )
    return {
        row.id: {
            "number": row.number or "未编号",
            "title": row.title,
            "due_on": row.due_on,
            "url": url_for("cases.case", ref=row.id),
        }
        for row in desk().session.execute(query)
    }


def standing_look(entry: ScoreEntry, standing: Standing) -> tuple[str, str]:
    """Return word and tone of an entry's standing; a contra entry says that it is one."""
    is_contra = entry.reverses_id is not None and standing.state == "reversed"
    return ("冲销记录" if is_contra else STANDINGS[standing.state]), STANDING_TONES[standing.state]


def rules_shown(version: RuleVersion | None) -> dict[str, Any] | None:
    """Return how the rules of a year are cited on a page: name, version, hash and address."""
    if version is None:
        return None
    frozen = desk().session.scalar(select(RuleSet.hash).where(RuleSet.id == version.id)) or ""
    return {
        "name": version.body.name,
        "year": version.year,
        "number": version.version,
        "effective_on": version.effective_on,
        "hash": frozen,
        "short_hash": frozen[:HASH_SHOWN],
        "url": url_for("scores.rule_set", ref=version.id),
    }


def with_minus(words: str) -> str:
    """Return a calculation with real minus signs before its numbers; dates keep their hyphens."""
    return MINUS.sub("−", words)


def signed(points: Decimal) -> str:
    """Write points with their sign, two decimals and a real minus."""
    return f"{points:+.2f}".replace("-", "−") if points else "0.00"
