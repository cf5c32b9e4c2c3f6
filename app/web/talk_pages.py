"""The data of the pages of talks: interviews by state, one with what was promised, instructions, the last of each group."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy import select

from app.core.errors import Absent
from app.ledgers.scores import names_of, score_sheet
from app.ledgers.slips import Slip
from app.ledgers.slips.words import SLIP_STATES
from app.ledgers.talks import (
    Commitment,
    Interview,
    Promise,
    Talk,
    Wanted,
    commitment_files,
    commitments_of,
    count_interviews,
    has_talks,
    list_instructions,
    list_interviews,
)
from app.ledgers.talks.words import BASES, INTERVIEW_KINDS, UNDER_WAY
from app.people import Role, Unit, visible, within
from app.web.asked import note, typed_in, word_asked
from app.web.case_rows import kept_file_shown
from app.web.moves import Failed, Moves, moves_of
from app.web.score_looks import authority_asked, cases_named, page_asked, year_asked
from app.web.shell import desk
from app.web.talk_looks import commitment_state, due_shown, interview_state, wish_shown

SHOWN = 30
TABS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "": ("在办", ("proposed", "noticed", "recorded")),
    "proposed": ("拟约谈", ("proposed",)),
    "noticed": ("已通知", ("noticed",)),
    "recorded": ("承诺履行中", ("recorded",)),
    "over": ("已结束", ("settled", "withdrawn")),
}
WISH_TABS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "": ("在办", ("written", "replied")),
    "over": ("已结束", ("settled", "withdrawn")),
}


def interviews_data() -> dict[str, Any]:
    """Return one page of interviews and the tabs."""
    session, actor = desk().session, desk().actor
    tab, page = _tab(TABS), page_asked()
    wanted = Wanted(TABS[tab][1], _unit_asked())
    found = list_interviews(session, actor, desk().moment.day, wanted, SHOWN + 1, page * SHOWN)
    counts, cases = count_interviews(session, actor), cases_named([talk.interview.case_id for talk in found[:SHOWN]])
    return {
        "tabs": _tabs("talks.interviews", TABS, tab, counts),
        "rows": [_talk(talk) | {"case": cases.get(talk.interview.case_id)} for talk in found[:SHOWN]],
        "can_propose": bool(actor.roles & {Role.INSPECTOR, Role.SUPERVISOR}),
        **_pages("talks.interviews", tab, page, len(found)),
    }


def instructions_data() -> dict[str, Any]:
    """Return one page of instructions and the tabs."""
    tab, page = _tab(WISH_TABS), page_asked()
    wanted = Wanted(WISH_TABS[tab][1], _unit_asked())
    found = list_instructions(desk().session, desk().actor, wanted, SHOWN + 1, page * SHOWN)
    return {
        "tabs": _tabs("talks.instructions", WISH_TABS, tab, {}),
        "rows": [wish_shown(wish) for wish in found[:SHOWN]],
        **_pages("talks.instructions", tab, page, len(found)),
    }


def interview_data(interview_id: int, failed: Failed | None = None) -> dict[str, Any]:
    """Return one interview whole with its commitments and moves; Absent when the actor sees no such interview."""
    row = desk().session.scalars(visible(Interview, desk().actor).where(Interview.id == interview_id)).one_or_none()
    if row is None:
        raise Absent
    promises = commitments_of(desk().session, desk().actor, row.id)
    files = commitment_files(desk().session, desk().actor, row.id)
    proving = [file for each in files.values() for file in each]
    named = [row.proposed_by_id, row.signed_by_id, row.signed_for_id, row.recorded_by_id]
    people = names_of(desk().session, [*named, *(file.person_id for file in proving)])
    shown = {
        commitment_id: [kept_file_shown(file, "talks.commitment_file", "", people[file.person_id]) for file in each]
        for commitment_id, each in files.items()
    }
    return {
        "page": _interview(row, people)
        | {"promises": [_promise(one, failed) | {"files": shown.get(one.commitment.id, [])} for one in promises]},
        "moves": moves_of("interviews", row, failed=failed),
    }


def instruction_data(instruction_id: int, failed: Failed | None = None) -> dict[str, Any]:
    """Return one instruction with its moves; Absent when the actor sees no such instruction."""
    found = list_instructions(desk().session, desk().actor, Wanted(row_id=instruction_id), 1)
    if not found:
        raise Absent
    return {"page": wish_shown(found[0]), "moves": moves_of("instructions", found[0].instruction, failed=failed)}


def last_data() -> dict[str, Any]:
    """Return the last of each group in the ranking of a year: a list for people to decide on."""
    year, authority_id, day = year_asked(), authority_asked(), desk().moment.day
    calendar = desk().context.calendar(authority_id)
    sheet = score_sheet(desk().session, desk().actor, authority_id, year, day, calendar, with_forecast=False)
    groups: dict[str, list[Any]] = {}
    for line in sheet:
        if line.group is not None and line.rank is not None:
            groups.setdefault(line.group.name, []).append(line)
    may = desk().actor.grant(Role.INSPECTOR, Role.SUPERVISOR, authority_id=authority_id) is not None
    return {
        "year": year,
        "groups": [{"name": name, "rows": _last(lines, name, year, may)} for name, lines in groups.items()],
        "can_propose": may,
    }


def _last(lines: list[Any], group: str, year: int, may: bool) -> list[dict[str, Any]]:
    """Return the units on the last place of a group; nobody is last where all share one place."""
    worst = max(line.rank for line in lines)
    if worst == 1:
        return []
    reason = f"{year} 年督查督办得分在{group}中排名靠后。"
    return [
        {
            "unit": line.unit,
            "url": url_for("scores.unit", ref=line.unit_id, year=year),
            "rank": line.rank,
            "of": len(lines),
            "total": line.total,
            "propose_url": url_for("talks.propose", unit=line.unit_id, basis="rank", period=year, reason=reason)
            if may
            else "",
        }
        for line in lines
        if line.rank == worst
    ]


def case_talks(case_id: int) -> dict[str, Any]:
    """Return what leaders wrote on a case and the interviews about it, as far as the actor sees them."""
    session, actor, wanted = desk().session, desk().actor, Wanted(case_id=case_id)
    instructed, interviewed = has_talks(session, case_id)
    wishes = list_instructions(session, actor, wanted) if instructed else []
    talks = list_interviews(session, actor, desk().moment.day, wanted) if interviewed else []
    return {"wishes": [wish_shown(wish) for wish in reversed(wishes)], "talks": [_talk(talk) for talk in talks]}


def _unit_asked() -> int | None:
    """Return the unit that a list is narrowed to, or None."""
    typed = typed_in("unit")
    if typed.isdecimal() and len(typed) < len("1" * 16):
        return int(typed)
    note(typed, "单位", "unit")
    return None


def _talk(talk: Talk) -> dict[str, Any]:
    row = talk.interview
    return {
        "url": url_for("talks.interview", ref=row.id),
        "number": row.number or "未编号",
        "kind": INTERVIEW_KINDS[row.kind],
        "unit": talk.unit,
        "basis": BASES[row.basis],
        "reason": row.reason,
        "state": interview_state(row.state),
        "on": row.held_on or row.planned_on,
        "done": talk.done,
        "promised": talk.promised,
        "late": talk.late,
    }


def _interview(row: Interview, people: Mapping[int, str]) -> dict[str, Any]:
    unit = desk().session.get_one(Unit, row.unit_id)
    return {
        "id": row.id,
        "number": row.number or "未编号",
        "kind": INTERVIEW_KINDS[row.kind],
        "unit": unit.name,
        "state": interview_state(row.state),
        "basis": BASES[row.basis] + (f"（{row.period} 年）" if row.period else ""),
        "reason": row.reason,
        "case": cases_named([row.case_id]).get(row.case_id) if row.case_id else None,
        "has_case": row.case_id is not None,
        "proposed": f"{people.get(row.proposed_by_id or 0, '系统')}，{row.proposed_on}",
        "noticed_on": row.noticed_on,
        "signed_by": _signer(row, people),
        "slip": _slip(row),
        "planned": due_shown(row.authority_id, row.planned_on, row.state == "noticed"),
        "planned_at": row.planned_at,
        "place": row.place,
        "host": row.host,
        "request": row.request,
        "held_on": row.held_on,
        "attendees": row.attendees,
        "minutes": row.minutes,
        "recorded_by": people.get(row.recorded_by_id or 0, ""),
        "settled_on": row.settled_on,
        "withdrawn_on": row.withdrawn_on,
        "withdrawn_reason": row.withdrawn_reason,
        "papers": _papers(row),
    }


def _signer(row: Interview, people: Mapping[int, str]) -> str:
    """Return who signed the notice, and for whom if somebody was away."""
    absent = people.get(row.signed_for_id or 0, "")
    return people.get(row.signed_by_id or 0, "") + (f"（代{absent}）" if absent else "")


def _slip(row: Interview) -> dict[str, str] | None:
    """Return the slip an interview stands on, as far as the actor sees it, and what became of it while the talk is on."""
    if row.slip_id is None:
        return None
    query = select(Slip).where(Slip.id == row.slip_id, within(Slip, desk().actor))
    slip = desk().session.scalars(query).one_or_none()
    if slip is None:
        return None
    reason = {"withdrawn": slip.withdrawn_reason, "lapsed": slip.lapsed_reason}.get(slip.state)
    gone = f"{slip.name}{SLIP_STATES[slip.state]}：{reason}" if reason is not None and row.state in UNDER_WAY else ""
    return {"name": f"{slip.name}{slip.number or '（草稿）'}", "url": url_for("slips.slip", ref=slip.id), "gone": gone}


def _papers(row: Interview) -> list[tuple[str, str]]:
    """Return what may be downloaded: the notice, and the record once there is one."""
    kinds = [("约谈通知", "notice"), *([("约谈记录", "record")] if row.held_on else [])]
    forms = (("PDF", "pdf"), ("Word", "docx"))
    return [
        (f"{word} {said}", url_for("talk_papers.interview_paper", ref=row.id, which=which, form=form))
        for word, which in kinds
        for said, form in forms
    ]


def _promise(promise: Promise, failed: Failed | None) -> dict[str, Any]:
    row: Commitment = promise.commitment
    moves: Moves = moves_of("commitments", row, failed=failed)
    return {
        "id": row.id,
        "position": row.position,
        "text": row.text,
        "person": row.person,
        "due": due_shown(row.authority_id, row.due_on, row.state == "open"),
        "state": commitment_state(row.state),
        "report": row.report,
        "reported": f"{promise.reporter}，{row.reported_on}" if row.reported_on else "",
        "answer": row.answer,
        "confirmed": promise.confirmer,
        "actions": moves.actions,
    }


def _tab(tabs: Mapping[str, Any]) -> str:
    return word_asked("state", "状态", tabs)


def _tabs(endpoint: str, tabs: Mapping[str, Any], here: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": url_for(endpoint, state=name or None),
            "active": name == here,
            "count": sum(counts.get(state, 0) for state in states) if counts else None,
        }
        for name, (label, states) in tabs.items()
    ]


def _pages(endpoint: str, tab: str, page: int, count: int) -> dict[str, Any]:
    kept: dict[str, Any] = {"state": tab} if tab else {}
    return {
        "next_url": url_for(endpoint, page=page + 2, **kept) if count > SHOWN else "",
        "first_url": url_for(endpoint, **kept) if page else "",
    }
