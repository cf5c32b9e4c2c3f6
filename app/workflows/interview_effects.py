"""What an interview asks and leaves: guards, checks and effects of its moves."""

from typing import Any

from sqlalchemy import select

from app.ledgers.cases import Assignment, Case
from app.ledgers.talks import Commitment, Interview
from app.ledgers.talks.lengths import LONGEST
from app.ledgers.talks.words import UNDER_WAY
from app.people import Person, Unit
from app.workflows.engine import Attempt
from app.workflows.numbering import next_serial
from app.workflows.posting import tell
from app.workflows.talking import tell_named

NUMBER = "约谈〔{}〕{}号"


def proposal_is_sound(attempt: Attempt) -> dict[str, str]:
    """The unit is one of the authority's; a case named is one it answers for; a place in the ranking names its year."""
    form, row = attempt.form, attempt.row
    unit = attempt.session.get(Unit, form["unit"])
    if unit is None or unit.authority_id != row.authority_id or unit.closed_on is not None:
        return {"unit": "请从列出的单位中选择。"}
    if form["basis"] == "rank" and not str(form.get("period") or "").isdecimal():
        return {"period": "请填写排名的年度，例如 2026。"}
    if case_id := form.get("case"):
        part = select(Assignment.id).where(Assignment.case_id == case_id, Assignment.unit_id == unit.id)
        if attempt.session.scalars(part.where(Assignment.released_on.is_(None))).first() is None:
            return {"case": f"{unit.name}没有承办这一件问题，请核对编号。"}
    return _not_proposed_yet(attempt, unit, str(form["period"])) if form["basis"] == "rank" else {}


def _not_proposed_yet(attempt: Attempt, unit: Unit, period: str) -> dict[str, str]:
    """One at a time proposes the unit for its place; the second hears who was first. A unique key holds it besides."""
    session = attempt.session
    session.execute(select(Unit.id).where(Unit.id == unit.id).with_for_update(key_share=True))
    same = (Interview.unit_id == unit.id, Interview.basis == "rank", Interview.period == period)
    query = select(Interview.proposed_on, Person.name).outerjoin(Person, Person.id == Interview.proposed_by_id)
    first = session.execute(query.where(*same, Interview.state.in_(UNDER_WAY)).limit(1)).first()
    if first is None:
        return {}
    return {
        "unit": f"{unit.name}因 {period} 年排名已有一件约谈在办，由{first.name}于 {first.proposed_on} 提出，请先办理那一件。"
    }


def begin(attempt: Attempt) -> None:
    """Fill the new row from the form."""
    row, form = attempt.row, attempt.form
    row.unit_id, row.kind, row.basis, row.reason = form["unit"], form["kind"], form["basis"], form["reason"]
    row.case_id = form.get("case")
    row.period = str(form["period"]) if form["basis"] == "rank" else None
    row.proposed_by_id, row.proposed_on = attempt.actor.person_id, attempt.context.day


def change_kind(attempt: Attempt) -> None:
    """Call another kind of interview; who signs the notice changes with it."""
    attempt.data["before"] = {"kind": attempt.row.kind}
    attempt.row.kind = attempt.form["kind"]


def is_planned_ahead(attempt: Attempt) -> dict[str, str]:
    """An interview is called for today or later."""
    return {"planned_on": "约谈日期不能早于今天。"} if attempt.form["planned_on"] < attempt.context.day else {}


def number_notice(attempt: Attempt) -> None:
    """Give the number of the authority and year, and put down when, where and by whom; the case hears of it now."""
    row, form, day = attempt.row, attempt.form, attempt.context.day
    row.year, row.serial = day.year, next_serial(attempt.session, row.authority_id, "interview", day.year)
    row.number = NUMBER.format(row.year, row.serial)
    row.noticed_on, row.signed_by_id = day, attempt.actor.person_id
    row.signed_for_id = attempt.grant.acting_for_id if attempt.grant else None
    row.planned_on, row.planned_at = form["planned_on"], form["planned_at"]
    row.place, row.host, row.request = form["place"], form["host"], form.get("request") or ""
    attempt.data["number"] = row.number
    attempt.case = attempt.session.get(Case, row.case_id) if row.case_id else None


def tell_noticed(attempt: Attempt) -> None:
    """Tell the unit that its head is called, and who is to hold it."""
    row = attempt.row
    tell(attempt.context, [(row.authority_id, row.unit_id, "interview_noticed", f"interview:{row.id}", None)])
    tell_named(attempt.context, row, "interview_hosted", [(f"interview:{row.id}", row.host)])


def minutes_are_sound(attempt: Attempt) -> dict[str, str]:
    """The interview was held, not before its notice and not in the future; each promise has text, person and date."""
    form, row = attempt.form, attempt.row
    if form["held_on"] > attempt.context.day:
        return {"held_on": "约谈还没有到日期，不能登记记录。"}
    if form["held_on"] < row.noticed_on:
        return {"held_on": f"约谈通知是 {row.noticed_on} 发出的，实际日期不能更早。"}
    for number, promise in enumerate(form["commitments"], 1):
        if not all(promise.get(name) for name in ("text", "person", "due_on")):
            return {"commitments": f"第 {number} 项承诺须写明内容、责任人和完成时限。"}
        if len(promise["person"]) > (longest := LONGEST["person"]):
            return {"commitments": f"第 {number} 项承诺的责任人最多 {longest} 字。"}
        if promise["due_on"] < form["held_on"]:
            return {"commitments": f"第 {number} 项承诺的完成时限早于约谈日期。"}
    return {}


def keep_record(attempt: Attempt) -> None:
    """Put down what was said and promised; each promise is tracked from now on."""
    row, form = attempt.row, attempt.form
    row.held_on, row.attendees, row.minutes = form["held_on"], form["attendees"], form["minutes"]
    row.place, row.host, row.recorded_by_id = form["place"], form["host"], attempt.actor.person_id
    for position, promise in enumerate(form["commitments"], 1):
        attempt.session.add(_commitment(row, position, promise))
    attempt.session.flush()
    told = (row.authority_id, row.unit_id, "committed", f"interview:{row.id}", None)
    tell(attempt.context, [told])
    _tell_persons(attempt)


def _tell_persons(attempt: Attempt) -> None:
    """Tell who held it and who was there that the record stands, and each person what they are to do."""
    row, promises = attempt.row, attempt.form["commitments"]
    tell_named(attempt.context, row, "interview_recorded", [(f"interview:{row.id}", f"{row.host}、{row.attendees}")])
    named = [(f"interview:{row.id}:{number}", promise["person"]) for number, promise in enumerate(promises, 1)]
    tell_named(attempt.context, row, "commitment_named", named)


def _commitment(row: Interview, position: int, promise: dict[str, Any]) -> Commitment:
    return Commitment(
        authority_id=row.authority_id,
        interview_id=row.id,
        unit_id=row.unit_id,
        position=position,
        text=promise["text"],
        person=promise["person"],
        due_on=promise["due_on"],
        state="open",
    )


def all_is_kept(attempt: Attempt) -> str | None:
    """An interview settles when everything promised in it is done; the page says what is not."""
    query = select(Commitment).where(Commitment.interview_id == attempt.row.id, Commitment.state != "done")
    left = attempt.session.scalars(query.order_by(Commitment.position)).all()
    if left:
        said = "；".join(f"第 {row.position} 项（{row.person}，{row.due_on} 前）" for row in left)
        return f"还有 {len(left)} 项承诺没有完成：{said}。"
    return None


def settle_interview(attempt: Attempt) -> None:
    """Put down when it ended."""
    attempt.row.settled_on = attempt.context.day


def keep_withdrawal(attempt: Attempt) -> None:
    """Put down why; a unit that was called is told."""
    row = attempt.row
    row.withdrawn_on, row.withdrawn_reason = attempt.context.day, attempt.form["reason"]
    if row.noticed_on:
        told = (row.authority_id, row.unit_id, "interview_withdrawn", f"interview:{row.id}", None)
        tell(attempt.context, [told])
        tell_named(attempt.context, row, "interview_withdrawn", [(f"interview:{row.id}", row.host)])
