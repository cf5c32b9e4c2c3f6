"""Effects of a slip's moves: its number, its clocks, what it costs, who is told. Effects only write rows."""

from typing import Any

from app.ledgers.cases import Case
from app.ledgers.scores import ScoreEntry
from app.ledgers.slips import Slip, pack_of, shipped_packs
from app.ledgers.slips.words import ENTRY_REASONS
from app.people import Role
from app.workflows.case_effects import put_scores_right
from app.workflows.context import Context
from app.workflows.engine import Attempt
from app.workflows.numbering import next_serial
from app.workflows.posting import tell
from app.workflows.slip_copies import recall_copies, send_copies
from app.workflows.slip_ends import end_slip
from app.workflows.slip_guards import slips_of
from app.workflows.slip_limits import limits_of
from app.workflows.talking import SlipNamed, propose_for_slips, take_ground
from app.workflows.telling import tell_persons


def new_slip(context: Context, case: Case, unit_id: int, type_code: str, form: Any = None) -> Slip:
    """Make the row of a slip that a person drafts, from its type in the authority's pack; `fire` it with "draft"."""
    pack, form = pack_of(context.session, case.authority_id), form or {}
    kind = pack.find(type_code) or pack.types[0]
    reason = ENTRY_REASONS.get(str(form.get("entry_reason") or ""), "")
    slip = Slip(
        authority_id=case.authority_id,
        case_id=case.id,
        unit_id=unit_id,
        origin="direct",
        entry_reason=str(form.get("entry_reason") or "")[:20],
        cycle=case.cycle,
        basis_due_on=case.due_on,
        why=[["来由", f"由经办人直接拟稿，理由：{reason}" if reason else "由经办人直接拟稿"]],
        text=str(form.get("text") or "") or kind.body(case.title, case.number or f"#{case.id}", "须抓紧办理"),
        drafted_on=context.day,
        drafted_by_id=context.actor.person_id,
        sign_due_on=context.limit(case.authority_id, "slip_sign_days").on,
        **type_values(pack.code, kind),
    )
    slip.type_code = type_code[:14]
    return slip


def type_values(pack: str, kind: Any) -> dict[str, Any]:
    """Return what a slip keeps of its type, so that a change of pack never changes a slip."""
    return {
        "pack": pack,
        "type_code": kind.code,
        "level": kind.level,
        "name": kind.name,
        "colour": kind.colour,
        "tone": kind.tone,
        "signers": ",".join(kind.signers),
        "score_key": kind.score_key,
        "copy_to": [Role(role).label for role in kind.copy_to],
    }


def displace_lower_draft(attempt: Attempt) -> None:
    """Let a draft of the ladder of a lower level lapse before a higher one is drafted by hand."""
    slip: Slip = attempt.row
    for other in slips_of(attempt) if slip.level else ():
        if other.state == "draft" and other.level < slip.level:
            end_slip(attempt.context, other, "lapse", f"由更高一级的{slip.name}取代", attempt.grant)


def give_slip_number(attempt: Attempt) -> None:
    """Number and date the slip: per authority, type and civil year, without gaps, in the transaction of the signature."""
    slip, context, grant = attempt.row, attempt.context, attempt.grant
    if attempt.form.get("text"):
        slip.text = str(attempt.form["text"])
    if attempt.form.get("copy_to"):
        slip.copy_to = [*slip.copy_to, *_names(str(attempt.form["copy_to"]), slip.copy_to)]
    kind = shipped_packs()[slip.pack].find(slip.type_code)
    if kind is None:
        raise RuntimeError("a slip whose type no pack has")
    slip.year = context.day.year
    slip.serial = next_serial(context.session, slip.authority_id, f"slip:{slip.type_code}", slip.year)
    slip.number = f"{kind.number_word}〔{slip.year}〕{slip.serial}号"
    slip.issued_on = context.day
    slip.receipt_due_on, slip.reply_due_on, slip.is_provisional = limits_of(context, slip, context.day)
    slip.signed_by_id = attempt.actor.person_id
    slip.signed_for_id = grant.acting_for_id if grant else None
    attempt.data["number"] = slip.number


def note_issued(attempt: Attempt) -> None:
    """Tell the unit, and post what the slip costs."""
    slip: Slip = attempt.row
    slip.issued_event_id = attempt.event_id
    _tell(attempt, "slip_issued", f"slip:{slip.id}")
    _propose_interview(attempt.context, slip)
    send_copies(attempt.context, slip, attempt.event_id)
    put_scores_right(attempt)


def _propose_interview(context: Context, slip: Slip) -> None:
    """Propose to interview the unit's head where the type says so; what the daily job drafted was proposed with its draft."""
    kind = pack_of(context.session, slip.authority_id).find(slip.type_code)
    if slip.origin == "direct" and kind is not None and kind.interview:
        named = SlipNamed(slip.id, slip.case_id, slip.authority_id, slip.unit_id)
        propose_for_slips(context, [named], kind.interview, f"直接发出了{slip.name}，按规定建议约谈单位负责人。")


def note_acknowledged(attempt: Attempt) -> None:
    """Note the receipt."""
    slip: Slip = attempt.row
    slip.acknowledged_on, slip.acknowledged_by_id = attempt.context.day, attempt.actor.person_id
    if attempt.transition.dest == "settled":
        slip.settled_on, slip.settled_event_id = attempt.context.day, attempt.event_id
    _take_back_early(attempt)


def note_replied(attempt: Attempt) -> None:
    """Keep the reply; the first one stops the clock."""
    slip: Slip = attempt.row
    slip.reply, slip.replied_on, slip.replied_by_id = attempt.form["text"], attempt.context.day, attempt.actor.person_id
    slip.first_replied_on, slip.reply_event_id = slip.first_replied_on or attempt.context.day, attempt.event_id
    _take_back_early(attempt)


def note_settled(attempt: Attempt) -> None:
    """The reply is accepted: the slip is settled."""
    slip: Slip = attempt.row
    slip.settled_on, slip.settled_event_id = attempt.context.day, attempt.event_id
    _tell(attempt, "slip_settled", f"slip:{slip.id}")


def note_refused(attempt: Attempt) -> None:
    """The reply is not accepted: the unit replies again, under the same limit."""
    slip: Slip = attempt.row
    slip.refused_reason = attempt.form["reason"]
    _tell(attempt, "slip_refused", f"slip:{slip.id}:{slip.version}")


def note_withdrawn(attempt: Attempt) -> None:
    """Withdraw openly: the unit is told, and what the slip cost is taken back by contra."""
    slip: Slip = attempt.row
    slip.withdrawn_on, slip.withdrawn_event_id = attempt.context.day, attempt.event_id
    slip.withdrawn_reason = attempt.form["reason"]
    _tell(attempt, "slip_withdrawn", f"slip:{slip.id}")
    recall_copies(attempt.context, slip)
    take_ground(attempt.context, [slip.id], f"所依据的{slip.name}已撤回：{slip.withdrawn_reason}")
    put_scores_right(attempt)


def note_discarded(attempt: Attempt) -> None:
    """A draft made by hand is thrown away; who drafted it hears when another did so."""
    slip: Slip = attempt.row
    if slip.drafted_by_id not in (None, attempt.actor.person_id):
        told = (slip.authority_id, slip.drafted_by_id, "slip_discarded", f"slip:{slip.id}", slip.case_id)
        tell_persons(attempt.context, [told])
    slip.lapsed_on, slip.lapsed_reason = attempt.context.day, attempt.form["reason"]
    take_ground(attempt.context, [slip.id], f"所依据的{slip.name}草稿已作废：{slip.lapsed_reason}")


def _take_back_early(attempt: Attempt) -> None:
    """Take back at once what a clock that ran ahead posted for days that this move now covers."""
    early = ScoreEntry.case_id == attempt.row.case_id, ScoreEntry.day > attempt.context.day
    if attempt.session.query(ScoreEntry.id).where(*early).first() is not None:
        put_scores_right(attempt)


def _tell(attempt: Attempt, kind: str, subject: str) -> None:
    slip: Slip = attempt.row
    tell(attempt.context, [(slip.authority_id, slip.unit_id, kind, subject, slip.case_id)])


def _names(typed: str, known: list[str]) -> list[str]:
    parts = [part.strip() for part in typed.replace("，", "、").replace(",", "、").replace("\n", "、").split("、")]
    return [part for part in dict.fromkeys(parts) if part and part not in known]
