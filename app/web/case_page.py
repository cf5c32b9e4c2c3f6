"""The page of one case: what is wrong, who answers, until when and why then, what is done, what is missing, what it costs."""

from typing import Any

from flask import render_template, session, url_for

from app.calendar import say
from app.ledgers.cases import (
    CaseStory,
    Flag,
    Horizon,
    case_story,
    contacts_of,
    find_case,
    flags_of,
)
from app.ledgers.cases.words import (
    CLASSES,
    DISCOVERIES,
    ENDED_STATES,
    LISTING_REASONS,
    SOURCES,
    WORKING_STATES,
)
from app.ledgers.scores import SCORE_OFFICES, CaseScores, scores_of_case
from app.web.case_actions import case_actions
from app.web.case_alike import alike_to, may_merge
from app.web.case_children import levels_of
from app.web.case_dates import history, why_this_date
from app.web.case_history import time_line
from app.web.case_looks import flag_looks, horizon, state_look, time_left
from app.web.case_rows import (
    at_shown,
    check_shown,
    entry_shown,
    file_shown,
    objection_shown,
    part_shown,
    plan_shown,
    progress_shown,
    request_shown,
    sums_shown,
)
from app.web.moves import Failed
from app.web.paper_facts import papers_of
from app.web.shell import desk
from app.web.slip_drafting import case_slips
from app.web.talk_pages import case_talks
from app.workflows import CASE, missing_for_closure

STAGES = {
    "reported": "登记",
    "ledgered": "建账",
    "assigned": "签收",
    "planning": "方案",
    "rectifying": "整改",
    "submitted": "核查",
    "verified": "验收",
    "accepted": "销号",
}
GATED = ("rectifying", "submitted", "verified")


def show_case(case_id: int, failed: Failed | None = None) -> str:
    """Render the page; with a failed form it stands open as it was typed."""
    actor = desk().actor
    seen = find_case(desk().session, actor, case_id)
    story = case_story(desk().session, actor, seen)
    scores = scores_of_case(desk().session, actor, case_id)
    moves = case_actions(story, scores, failed)
    return render_template("case.html", moves=moves, page=page_of(story, scores))


def page_of(story: CaseStory, scores: CaseScores) -> dict[str, Any]:
    """Return everything the page shows, as words; the record itself never reaches the template."""
    days = horizon(story.case.authority_id)
    return (
        _what_is_wrong(story, scores, days)
        | _until_when(story, days)
        | _what_is_done(story, days)
        | _what_it_costs(story, scores)
    )


def _what_is_wrong(story: CaseStory, scores: CaseScores, days: Horizon) -> dict[str, Any]:
    case = story.case
    return {
        "id": case.id,
        "subject": f"case-{case.id}",
        "number": case.number or "未编号",
        "title": case.title,
        "text": case.text,
        "state": state_look(case.state),
        "flags": flag_looks(_flags(story, scores, days)),
        "tags": story.tags,
        "stages": _stages(story),
        "facts": _facts(story),
        "standard": case.standard,
        "sources": _sources(story),
        "has_contacts": story.may_read_contacts and any(source.has_contact for source in story.sources),
        "alike": alike_to(story),
        "merge_url": _merge_url(story),
        "merged": [_other(row, case.id) for row in story.merged],
        **levels_of(story),
        "listings": [(LISTING_REASONS[row.reason], say(row.on)) for row in story.listings],
    }


def _until_when(story: CaseStory, days: Horizon) -> dict[str, Any]:
    case = story.case
    calendar = desk().context.calendar(case.authority_id)
    left, tone = time_left(calendar, case.state, case.due_on, days)
    return {
        "due": {"on": case.due_on, "left": left, "tone": tone, "provisional": case.due_provisional},
        "dates": _dates(story),
        "why": why_this_date(calendar, story.deadlines[-1]) if story.deadlines else None,
        "deadlines": history(list(story.deadlines)),
    }


def _what_is_done(story: CaseStory, days: Horizon) -> dict[str, Any]:
    return {
        "parts": [part_shown(part, days) for part in story.parts],
        "plan": plan_shown(story, days),
        "progress": progress_shown(story),
        "evidence": [file_shown(row) for row in story.evidence],
        "result": list(zip(("对照验收标准的整改结果", "举一反三情况", "长效机制"), story.result, strict=True)),
        "checks": [check_shown(row) for row in story.verifications],
        "missing": _missing(story),
        "papers": papers_of(story),
        "slips": case_slips(story.case),
        **case_talks(story.case.id),
        "requests": [request_shown(row) for row in story.requests],
        "history": time_line(story.events, {part.unit_id: part.unit for part in story.parts}),
    }


def _what_it_costs(story: CaseStory, scores: CaseScores) -> dict[str, Any]:
    return {
        "entries": [entry_shown(row) for row in scores.entries],
        "sums": sums_shown(scores.entries),
        "total": scores.total,
        "total_of": _whose_total(story, scores),
        "objections": [objection_shown(row) for row in scores.objections],
        "forecasts": story.case.state in WORKING_STATES and bool(scores_seen(story, scores)),
    }


def _whose_total(story: CaseStory, scores: CaseScores) -> str:
    """Name the units that the total is of, unless the reader sees what the case costs everybody."""
    shown, actor = {row.unit_id: row.unit for row in scores.entries}, desk().actor
    if actor.authorities(*SCORE_OFFICES) & {story.case.authority_id}:
        return ""
    whose = "分管单位" if actor.portfolio & shown.keys() else "本单位"
    return f"{whose}（{'、'.join(shown.values())}）" if shown else whose


def scores_seen(story: CaseStory, scores: CaseScores) -> bool:
    """Say whether the actor sees what the case costs anybody."""
    return story.is_whole or bool(scores.entries) or any(part.is_own for part in story.parts)


def _flags(story: CaseStory, scores: CaseScores, days: Horizon) -> tuple[Flag, ...]:
    known = {row[0].kind for row in story.requests if row[0].state in ("drafted", "asked")}
    known |= {"contested" for row in scores.objections if row[0].state in ("drafted", "asked")}
    known |= {"listed" for _ in story.listings}
    return flags_of(story.case, days, known)


def _stages(story: CaseStory) -> list[tuple[str, bool, bool]]:
    case = story.case
    if case.state in ENDED_STATES and case.state != "closed":
        return []
    steps = [name for name in STAGES if name != "planning" or case.rect_class != "immediate"]
    here = {"long_term": "rectifying"}.get(case.state, case.state)
    at = steps.index(here) if here in steps else len(steps)
    return [(STAGES[name], i < at, i == at) for i, name in enumerate(steps)]


def _facts(story: CaseStory) -> list[tuple[str, Any]]:
    case = story.case
    found: list[tuple[str, Any]] = [
        ("发生地点", case.place),
        ("问题类别", case.category),
        ("反馈日期", say(case.found_on)),
        ("整改类别", CLASSES.get(case.rect_class or "", "")),
        ("登记", "，".join(filter(None, (story.reporter_unit, story.reporter, at_shown(case.saved_at))))),
    ]
    if case.is_systemic:
        found.append(("性质", "系统性问题，须建立长效机制"))
    if case.assigned_on is None and story.is_whole:
        found += [
            ("台账所列牵头单位", case.proposed_lead),
            ("台账所列整改时限", say(case.proposed_due_on) if case.proposed_due_on else ""),
            ("台账所列整改类型", CLASSES.get(case.proposed_class or "", "")),
            ("台账所列完成情况", case.proposed_state),
        ]
    return [(label, value) for label, value in found if value]


def _sources(story: CaseStory) -> list[dict[str, Any]]:
    shown = session.get("contacts") or {}
    is_shown = shown.get("case") == story.case.id and desk().moment.at.timestamp() < float(shown.get("until", 0))
    contacts = contacts_of(desk().session, desk().actor, story.case) if is_shown else {}
    return [
        {
            "kind": SOURCES.get(row.kind, row.kind),
            "discovery": DISCOVERIES.get(row.discovery, row.discovery),
            "reference": row.reference,
            "merged_number": row.merged_number,
            "text": row.text,
            "found_on": row.found_on,
            "contact": contacts.get(row.id) or ("已登记，未显示" if row.has_contact else ""),
            "is_masked": row.has_contact and row.id not in contacts,
        }
        for row in story.sources
    ]


def _merge_url(story: CaseStory) -> str:
    """Return where other cases are merged into this one, or merges are taken back; empty for who does not merge."""
    is_kept = any(row.merged_into_id == story.case.id for row in story.merged)
    is_of_use = story.case.ended_on is None or is_kept
    return url_for("merging.merge", ref=story.case.id) if is_of_use and may_merge(story.case) else ""


def _other(row: Any, case_id: int) -> dict[str, Any]:
    label = "并入本件" if row.merged_into_id == case_id else "本件已并入"
    return {"label": label, "number": row.number or "未编号", "title": row.title, "id": row.id}


def _dates(story: CaseStory) -> list[tuple[str, Any]]:
    case = story.case
    found = [
        ("上级期限", f"不晚于 {say(case.handed_due_on)}" if case.handed_due_on else ""),
        ("原定期限", say(case.original_due_on) if case.original_due_on else ""),
        ("交办时指定", say(case.stated_due_on) if case.stated_due_on not in (None, case.original_due_on) else ""),
        ("延期次数", f"{case.extension_count} 次" if case.original_due_on else ""),
        ("交办日期", say(case.assigned_on) if case.assigned_on else ""),
        ("报结日期", say(case.submitted_on) if case.submitted_on else ""),
        ("核查验收期限", say(case.check_due_on) if case.check_due_on and case.submitted_on else ""),
        ("公示至", say(case.notice_until) if case.notice_until else ""),
        ("办结日期", say(case.ended_on) if case.ended_on else ""),
    ]
    return [(label, value) for label, value in found if value]


def _missing(story: CaseStory) -> list[str] | None:
    """Return what the closure gate still lacks, for the lead and for who accepts; None for everybody else."""
    case = story.case
    roles = next(row.roles for row in CASE.transitions if row.name == "accept")
    accepts = desk().actor.grant(*roles, authority_id=case.authority_id) is not None
    is_lead = any(part.is_own and part.role == "lead" for part in story.parts)
    if case.state not in GATED or not (accepts or is_lead):
        return None
    return missing_for_closure(desk().session, case)
