"""The page of one slip: what it is, why it is there, until when what is due, what it costs, what has happened."""

from datetime import date
from typing import Any

from flask import current_app, render_template, url_for
from sqlalchemy import false, select

from app.calendar import Calendar, say
from app.core.clock import ZONE
from app.ledgers.cases import Case
from app.ledgers.scores import ScoreEntry, names_of, scores_of_case
from app.ledgers.slips import Slip, find_slip, slip_events
from app.ledgers.slips.words import COPIED_WORDS, ENTRY_REASONS, ORIGINS
from app.people import within
from app.web.case_rows import entry_shown
from app.web.moves import Failed, moves_of
from app.web.role_words import word_at, words_at
from app.web.shell import desk
from app.web.slip_costs import cost_words
from app.web.slip_looks import clock_of, is_answered_anew, left_until, slip_look, slip_state
from app.workflows import say_event

TONES = {
    "slip.sign": "good",
    "slip.withdraw": "warn",
    "slip.lapse": "warn",
    "slip.settle": "good",
    "slip.refuse": "warn",
}
SIGNING = "签发后即编号、送达并开始计时，只能撤回，不能抹去。请核对下面的正文和抄送，正文可以修改。"
PAPERS = (("papers.slip_pdf", "下载 PDF"), ("papers.slip_docx", "下载 Word（可编辑）"))


def show_slip(slip_id: int, failed: Failed | None = None) -> str:
    """Render the page; with a failed form it stands open as it was typed."""
    slip = find_slip(desk().session, desk().actor, slip_id)
    case = desk().session.scalars(select(Case).where(Case.id == slip.case_id, within(Case, desk().actor))).one_or_none()
    moves = moves_of("slips", slip, case, failed)
    for action in moves.actions:
        action.primary = action is moves.actions[0] and not action.danger
        if action.name == "sign":
            action.help = f"将发给{slip.unit.name}，{cost_words(slip)}。{SIGNING}"
    return render_template("slip/slip.html", page=_page(slip, case), moves=moves)


def _page(slip: Slip, case: Case | None) -> dict[str, Any]:
    calendar, day = desk().context.calendar(slip.authority_id), desk().moment.day
    names = names_of(desk().session, [i for i in _persons(slip) if i is not None])
    return {
        "id": slip.id,
        "subject": f"slip-{slip.id}",
        "number": slip.number or "未编号",
        "title": f"{slip.name} {slip.number}" if slip.number else f"{slip.name}（草稿）",
        "type": slip_look(slip),
        "tone": slip.tone,
        "state": slip_state(slip),
        "text": slip.text,
        "case": _case(case),
        "facts": _facts(slip, names),
        "why": [(str(label), str(words)) for label, words in slip.why],
        "clock": clock_of(slip, calendar, day),
        "clocks": _clocks(slip, calendar, day, names),
        "provisional": slip.is_provisional,
        "reply": slip.reply,
        "refused": slip.refused_reason,
        "refused_label": "退回重新回复的理由" if is_answered_anew(slip) else "上一次回复被退回的理由",
        "ended": [
            (label, words)
            for label, words in (("撤回理由", slip.withdrawn_reason), ("失效原因", slip.lapsed_reason))
            if words
        ],
        "entries": _entries(slip),
        "history": _history(slip),
        "papers": _papers(slip),
    }


def _persons(slip: Slip) -> list[int | None]:
    return [slip.drafted_by_id, slip.signed_by_id, slip.signed_for_id, slip.acknowledged_by_id, slip.replied_by_id]


def _case(case: Case | None) -> dict[str, Any] | None:
    if case is None:
        return None
    return {"url": url_for("cases.case", ref=case.id), "number": case.number or "未编号", "title": case.title}


def _facts(slip: Slip, names: dict[int, str]) -> list[tuple[str, Any]]:
    drafted = names.get(slip.drafted_by_id or 0) or "系统"
    found: list[tuple[str, Any]] = [
        ("发往单位", slip.unit.name),
        ("编号", slip.number or "签发时编号"),
        ("由谁签发", signer_words(slip, names)),
        ("抄送", copied_words(slip)),
        ("拟稿", f"{drafted}，{say(slip.drafted_on)}"),
        ("来由", ORIGINS[slip.origin] + _reason(slip)),
        ("计分", cost_words(slip)),
    ]
    return found


def _reason(slip: Slip) -> str:
    word = ENTRY_REASONS.get(slip.entry_reason, "")
    return f"（{word}）" if word else ""


def signer_words(slip: Slip, names: dict[int, str]) -> str:
    """Say who signed, for whom if somebody was absent, or who is to sign."""
    if slip.signed_by_id is None:
        wanted = words_at(slip.authority_id, filter(None, slip.signers.split(",")), "或")
        return f"待{wanted}签发"
    name = names.get(slip.signed_by_id, "")
    absent = names.get(slip.signed_for_id or 0, "")
    return f"{name}（代{absent}）" if absent else name


def copied_words(slip: Slip) -> str:
    """Say to whom the slip is copied, and which of them get nothing by the system: a paper has to be brought to them."""
    told = "、".join(name for name in slip.copy_to if name in COPIED_WORDS)
    others = "、".join(name for name in slip.copy_to if name not in COPIED_WORDS)
    said = (told, f"{others}（系统不送达，请另行送达）" if others else "")
    return "；".join(part for part in said if part) or "不抄送"


def _clocks(slip: Slip, calendar: Calendar, day: date, names: dict[int, str]) -> list[dict[str, Any]]:
    """Return each limit with what became of it: signature, receipt, reply."""
    acknowledged = names.get(slip.acknowledged_by_id or 0, "")
    replied = names.get(slip.replied_by_id or 0, "")
    ended = slip.withdrawn_on or slip.lapsed_on or slip.settled_on
    rows = (
        ("签发", slip.sign_due_on, slip.issued_on, names.get(slip.signed_by_id or 0, "")),
        ("签收", slip.receipt_due_on, slip.acknowledged_on, acknowledged),
        ("回复", slip.reply_due_on, slip.first_replied_on, replied),
    )
    found = [_clock(label, due_on, done, who, calendar, day, ended) for label, due_on, done, who in rows if due_on]
    if is_answered_anew(slip):
        found[-1]["said"] = (f"首次回复{found[-1]['said'][0]}，已退回，须重新回复", "warn")
    return found


def _clock(
    label: str, due_on: date, done_on: date | None, who: str, calendar: Calendar, day: date, ended: date | None
) -> dict[str, Any]:
    left, tone = ("", "") if done_on or ended else left_until(calendar, day, due_on)
    said, look = ("已逾期", "bad") if tone == "bad" else ("计时中", "waiting")
    if ended:
        said, look = "已停止计时", "ended"
    if done_on is not None:
        late = calendar.working_between(due_on, done_on) if done_on > due_on else 0
        said, look = (f"逾期 {late} 个工作日", "bad") if late else ("按期", "good")
    return {
        "label": label,
        "due_on": due_on,
        "left": left,
        "tone": tone,
        "done_on": done_on,
        "who": who,
        "said": (said, look),
    }


def _entries(slip: Slip) -> list[dict[str, Any]]:
    """Return the score entries that follow from this slip: its signature, its late receipt and reply, contra lines."""
    scores = scores_of_case(desk().session, desk().actor, slip.case_id)
    query = select(ScoreEntry.id).where(ScoreEntry.case_id == slip.case_id, _caused_by(slip))
    ids = set(desk().session.scalars(query.where(within(ScoreEntry, desk().actor))))
    return [entry_shown(row) for row in scores.entries if row.id in ids or row.reverses_id in ids]


def _caused_by(slip: Slip) -> Any:
    # the signature costs under its event, a late receipt or reply under a key that names the slip
    issued = ScoreEntry.event_id == slip.issued_event_id if slip.issued_event_id is not None else false()
    return issued | ScoreEntry.key.endswith(f":slip:{slip.id}", autoescape=True)


def _history(slip: Slip) -> list[dict[str, Any]]:
    return [_event(row, slip.authority_id) for row in slip_events(desk().session, desk().actor, slip)]


def _event(row: Any, authority_id: int) -> dict[str, Any]:
    event = row.Event
    role = word_at(authority_id, row.role) if row.role else ""
    by = f"代{row.absent}（{role}）" if row.absent else role
    who = " · ".join(part for part in (row.person or "系统", by) if part)
    said = event.data.get("text") or event.data.get("reply") or ""
    return {
        "at": event.at.astimezone(ZONE),
        "label": say_event(event.kind),
        "who": who,
        "tone": TONES.get(event.kind, "info"),
        "note": event.reason or str(said),
    }


def _papers(slip: Slip) -> list[tuple[str, str]]:
    views = current_app.view_functions
    return [(words, url_for(name, ref=slip.id)) for name, words in PAPERS if name in views]
