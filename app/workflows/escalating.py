"""Escalation in the daily job: drafts whose condition is gone lapse, slips that became due to a lead are drafted.

Done for a batch of cases at once, in a constant number of statements, as at 00:00 of the date; a person signs.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import select, update

from app.audit import Fact, record_many
from app.core.among import among
from app.core.inserting import insert_many
from app.ledgers.cases import Case
from app.ledgers.scores import CaseFacts, LateDay, known_before
from app.ledgers.slips import Slip, SlipPack, pack_of
from app.ledgers.slips.escalation import Proposal, SeenSlip, due_level, is_answered_since, is_condition_gone
from app.ledgers.slips.words import LIVE_SLIPS
from app.workflows.context import Context
from app.workflows.ladder import bad_reports, late_on, seen_slip, standing_of
from app.workflows.slip_effects import type_values
from app.workflows.talking import SlipNamed, propose_for_slips, take_ground

SLIPS: Any = Slip.__table__
KEYS = (SLIPS.c.id, SLIPS.c.case_id, SLIPS.c.key)
GONE = "条件已消失：牵头单位已不再逾期"
ANSWERED = "条件已消失：上一级单据的回复已经审核认可"


@dataclass(frozen=True, slots=True)
class Known:
    """A case of the batch: all its facts, those known before the date began, and by these its lead's late days."""

    facts: CaseFacts
    before: CaseFacts
    late: Sequence[LateDay]

    @property
    def lead_id(self) -> int | None:
        """The lead unit as known before the date began."""
        return next((p.unit_id for p in self.before.parts if p.is_lead and p.released_on is None), None)


class Place(NamedTuple):
    """Where a draft stands: to whom, on which level, in which cycle of its case."""

    unit_id: int
    level: int
    cycle: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A slip to be drafted; with a reason it lapses at once, for what happened since the date, as on the day of that."""

    case: Known
    unit_id: int
    proposal: Proposal
    lapsed: str = ""
    lapsed_on: date | None = None


def escalate(context: Context, cases: Sequence[Known], day: date) -> tuple[int, int]:
    """Let drafts lapse and draft what is due, as at the start of the day; return how many of each (drafted, lapsed).

    The caller holds the locks of the cases; what is on record for the day already is left as it is.
    """
    rows = _slips(context, [known.facts.case_id for known in cases])
    gone = [(row, why) for known in cases for row, why in _gone(known, rows[known.facts.case_id], day)]
    for reason in (GONE, ANSWERED):
        _lapse(context, [row for row, why in gone if why == reason], day, reason)
    lapsed = {row.id for row, _ in gone}
    drafts = []
    for known in cases:
        found = _due(context, known, [row for row in rows[known.facts.case_id] if row.id not in lapsed], day)
        drafts += [found] if found else []
    _draft(context, drafts, day)
    return len(drafts), len(gone)


def _slips(context: Context, case_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return the slips of the ladder of each case, oldest first, past the ORM."""
    query = select(SLIPS).where(among(SLIPS.c.case_id, case_ids), SLIPS.c.level > 0).order_by(SLIPS.c.id)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in context.session.execute(query):
        found[row.case_id].append(row)
    return found


def _gone(known: Known, rows: Sequence[Any], day: date) -> Iterator[tuple[Any, str]]:
    """Yield the drafts that have lost what they stood on when the day began, each with the reason."""
    for row in rows:
        if row.state != "draft" or row.origin != "escalation" or row.drafted_on >= day:
            continue
        own = [other for other in rows if other.unit_id == row.unit_id]
        if reason := _why_gone(known.before, Place(row.unit_id, row.level, row.cycle), own, day):
            yield row, reason


def _why_gone(before: CaseFacts, draft: Place, rows: Sequence[Any], day: date) -> str:
    """Say why a draft is gone when the day begins, by what was known before it; `rows` are the slips to its unit."""
    if is_condition_gone(standing_of(before, draft.unit_id, day)):
        return GONE
    slips = [seen_slip(row) for row in rows]
    return ANSWERED if is_answered_since(draft.level, draft.cycle, bad_reports(before), slips, day) else ""


def _due(context: Context, known: Known, rows: Sequence[Any], day: date) -> Draft | None:
    facts, unit_id = known.before, known.lead_id
    if unit_id is None:
        return None
    late = late_on(facts, known.late, day)
    if late is None:
        return None
    own = [row for row in rows if row.unit_id == unit_id]
    proposal = due_level(
        late, bad_reports(facts), [_seen(row, known.facts, own) for row in own], _pack(context, facts.authority_id)
    )
    if proposal is None or any(row.key == proposal.key for row in rows):
        return None
    return Draft(known, unit_id, proposal, *_superseded(known, own, proposal))


def _superseded(known: Known, rows: Sequence[Any], proposal: Proposal) -> tuple[str, date | None]:
    """Say what happened since the date that leaves no room for the draft, and when: only where the job runs late.

    Until then the draft stands, or each day between would find it gone and draft the same again.
    """
    day = proposal.late.day
    if known.facts.ended is not None:
        place = Place(known.lead_id or 0, proposal.level, proposal.late.cycle)
        return "问题已经结束", _gone_on(known.facts, place, rows, day)
    live = [r for r in rows if r.state in LIVE_SLIPS and (r.state == "draft" or r.level == proposal.level)]
    if live:
        return "已有同级或待签发的单据", max(day, min(row.drafted_on for row in live))
    issued = [row for row in rows if row.issued_on is not None and row.withdrawn_on is None]
    higher = [row.issued_on for row in issued if row.level > proposal.level]
    return ("已发出更高一级的单据", max(day, min(higher))) if higher else ("", None)


def _gone_on(facts: CaseFacts, draft: Place, rows: Sequence[Any], day: date) -> date:
    """Return the day on which a draft of the day lapsed in a case that has ended: its condition's or the case's end."""
    ended_on = facts.ended[1] if facts.ended else day
    for on in (day + timedelta(days=n) for n in range(1, (ended_on - day).days + 1)):
        if _why_gone(known_before(facts, on), draft, rows, on):
            return on
    return max(day, ended_on)


def _seen(row: Any, facts: CaseFacts, rows: Sequence[Any]) -> SeenSlip:
    """Return a slip as the ladder sees it; the end of its case may have come before the late job that let it lapse."""
    seen = seen_slip(row)
    if not (seen.lapsed_on and row.origin == "escalation" and facts.ended):
        return seen
    gone_on = _gone_on(facts, Place(row.unit_id, row.level, row.cycle), rows, row.drafted_on)
    return replace(seen, lapsed_on=min(seen.lapsed_on, gone_on))


def _pack(context: Context, authority_id: int) -> SlipPack:
    kept = context.memory
    if ("slip_pack", authority_id) not in kept:
        kept["slip_pack", authority_id] = pack_of(context.session, authority_id)
    return kept["slip_pack", authority_id]  # type: ignore[return-value]


def _lapse(context: Context, rows: Sequence[Any], day: date, reason: str) -> None:
    if not rows:
        return
    facts = [_event(row.id, row, "lapse", "draft", "lapsed", reason) for row in rows]
    record_many(context.session, facts, context.actor, context.moment)
    values = {"state": "lapsed", "version": SLIPS.c.version + 1, "lapsed_on": day, "lapsed_reason": reason}
    ids = {row.id for row in rows}
    moved: Any = context.session.execute(
        update(SLIPS).where(among(SLIPS.c.id, ids), SLIPS.c.state == "draft").values(values)
    )
    if moved.rowcount != len(ids):
        raise RuntimeError("a draft moved under the lock of its case")
    take_ground(context, ids, f"所依据的三单草稿已失效：{reason}")


def _draft(context: Context, drafts: Sequence[Draft], day: date) -> None:
    if not drafts:
        return
    titles = _titles(context, [draft.case.facts.case_id for draft in drafts])
    authorities = {draft.case.facts.authority_id for draft in drafts}
    sign_by = {authority_id: context.limit(authority_id, "slip_sign_days").on for authority_id in authorities}
    rows = [_row(context, draft, titles, day, sign_by) for draft in drafts]
    keys = {row["key"] for row in rows}
    mine = among(SLIPS.c.case_id, {row["case_id"] for row in rows}) & SLIPS.c.key.in_(keys)
    ids = {(case_id, key): slip_id for slip_id, case_id, key in insert_many(context.session, SLIPS, rows, KEYS, mine)}
    if len(ids) != len(rows):
        raise RuntimeError("a slip was already on record")
    made = sorted((SimpleNamespace(id=ids[row["case_id"], row["key"]], **row) for row in rows), key=lambda row: row.id)
    facts = [_event(row.id, row, "draft", "new", row.state, row.lapsed_reason or None) for row in made]
    record_many(context.session, facts, context.actor, context.moment)
    _propose_interviews(context, [row for row in made if row.state == "draft"])


def _titles(context: Context, case_ids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
    query = select(Case.id, Case.title, Case.number).where(among(Case.id, case_ids))
    return {case_id: (title, number or f"#{case_id}") for case_id, title, number in context.session.execute(query)}


def _row(
    context: Context,
    draft: Draft,
    titles: Mapping[int, tuple[str, str]],
    day: date,
    sign_by: Mapping[int, date],
) -> dict[str, Any]:
    facts, proposal, pack = draft.case.facts, draft.proposal, _pack(context, draft.case.facts.authority_id)
    late, (title, number) = proposal.late, titles[facts.case_id]
    due, now = (f"{on.year}年{on.month}月{on.day}日" for on in (late.due_on, late.day))
    urged = (
        "，经督促仍未整改到位"
        if proposal.level == max(one.level for one in pack.types) and proposal.previous_id
        else ""
    )
    ground = f"整改期限为{due}，至{now}已逾期 {late.place} 个工作日{urged}"
    return {
        "authority_id": facts.authority_id,
        "case_id": facts.case_id,
        "unit_id": draft.unit_id,
        "origin": "escalation",
        "key": proposal.key,
        "cycle": late.cycle,
        "basis_due_on": late.due_on,
        "why": [list(pair) for pair in proposal.why],
        "text": proposal.kind.body(title, number, ground),
        "drafted_on": day,
        "sign_due_on": sign_by[facts.authority_id],
        "state": "lapsed" if draft.lapsed else "draft",
        "lapsed_on": draft.lapsed_on,
        "lapsed_reason": draft.lapsed,
        **type_values(pack.code, proposal.kind),
    }


def _propose_interviews(context: Context, rows: Sequence[Any]) -> None:
    """Propose to interview the unit's head where the type of a slip says so, in the words of each kind."""
    by_kind: dict[str, list[SlipNamed]] = defaultdict(list)
    for row in rows:
        kind = _pack(context, row.authority_id).find(row.type_code)
        if kind is not None and kind.interview:
            by_kind[kind.interview].append(SlipNamed(row.id, row.case_id, row.authority_id, row.unit_id))
    for interview, named in sorted(by_kind.items()):
        propose_for_slips(context, named, interview)


def _event(slip_id: int, row: Any, name: str, source: str, dest: str, reason: str | None) -> Fact:
    return Fact(
        f"slip.{name}",
        f"slip:{slip_id}",
        chain_id=row.authority_id,
        case_id=row.case_id,
        unit_id=row.unit_id,
        source=source,
        dest=dest,
        reason=reason,
        due_on=row.basis_due_on,
        data={"type": row.type_code, "key": row.key},
    )
