"""Guards and checks of a slip: each gives the reason why a move may not be made, or what is wrong with the input."""

from datetime import timedelta

from sqlalchemy import select

from app.ledgers.cases import Assignment, in_hands_of
from app.ledgers.scores import load_facts
from app.ledgers.slips import Slip, pack_of
from app.ledgers.slips.escalation import is_answered_since, is_condition_gone
from app.ledgers.slips.words import ENTRY_REASONS, LIVE_SLIPS
from app.people import Role
from app.workflows.case_guards import case_of, unit_is_in_portfolio
from app.workflows.engine import Attempt
from app.workflows.ladder import bad_reports, seen_slip, standing_of

LONGEST_TEXT = 2000


def is_signed_by(*roles: Role):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Make the condition that just these roles sign the slip's type."""
    wanted = {role.value for role in roles}

    def holds(slip: Slip) -> bool:
        """The slip's type is signed by just the roles of the row."""
        return set(slip.signers.split(",")) == wanted

    return holds


def is_direct(slip: Slip) -> bool:
    """Say whether a person drafted the slip, not the daily job."""
    return slip.origin == "direct"


def asks_reply(slip: Slip) -> bool:
    """Say whether the slip is to be answered."""
    return slip.reply_due_on is not None


def case_goes_on(attempt: Attempt) -> str | None:
    """No slip is drafted or signed on a case that has ended or was never assigned; praise may follow a closure."""
    case, slip = case_of(attempt), attempt.row
    is_praised = slip.level == 0 and case.state == "closed"
    if case.ended_on is not None and not is_praised:
        return "这一件已经结束，不再发单。"
    return None if case.assigned_on is not None else "这一件尚未交办，不能发单。"


def is_drafter_or_signer(attempt: Attempt) -> str | None:
    """A draft made by hand is thrown away by who made it or took it over, or by who would have to sign it and does not."""
    slip, grant = attempt.row, attempt.grant
    if slip.drafted_by_id == attempt.actor.person_id:
        return None
    if grant is None or grant.role.value not in slip.signers.split(","):
        mine = in_hands_of(Slip, Slip.drafted_by_id, attempt.actor.person_id)
        taken = attempt.session.scalar(select(Slip.id).where(Slip.id == slip.id, mine))
        return None if taken is not None else "只能由拟稿人作废（移交后由接手人），或者由签发人不予签发。"
    return unit_is_in_portfolio(attempt) or signer_is_not_of_the_unit(attempt)


def signer_is_not_of_the_unit(attempt: Attempt) -> str | None:
    """Nobody decides about a slip to a unit that the person answers for."""
    if attempt.row.unit_id in attempt.actor.own_units:
        return "这是发给您任职单位的单据，须回避。请由其他人员办理。"
    return None


def substitute_is_not_drafter(attempt: Attempt) -> str | None:
    """Who drafted a slip by hand does not sign it in somebody else's place: what needs a leader's word has two people."""
    if attempt.grant and attempt.grant.acting_for and attempt.row.drafted_by_id == attempt.actor.person_id:
        return "这张单由您本人拟稿，不能再由您代签。请由签发人本人、其他签发人或另一位代理人签发。"
    return None


def replier_is_not_decider(attempt: Attempt) -> str | None:
    """Who replied does not decide on the reply."""
    if attempt.row.replied_by_id == attempt.actor.person_id:
        return "这份回复由您提交，不能由您本人审核。"
    return None


def condition_still_holds(attempt: Attempt) -> str | None:
    """What the daily job drafted is signed only while the lead is overdue and has not answered the slip below."""
    slip: Slip = attempt.row
    if slip.origin != "escalation":
        return None
    facts = load_facts(attempt.session, [slip.case_id])[0]
    view = standing_of(facts, slip.unit_id, attempt.context.day + timedelta(days=1), attempt.context.day)
    if is_condition_gone(view):
        return "条件已消失：这一件现在没有逾期，草稿将自动失效。"
    others = [seen_slip(other) for other in slips_of(attempt) if other.id != slip.id]
    tomorrow = attempt.context.day + timedelta(days=1)
    if is_answered_since(slip.level, slip.cycle, bad_reports(facts), others, tomorrow):
        return "条件已消失：上一级单据的回复已经审核认可，草稿将自动失效。"
    return None


def check_draft(attempt: Attempt) -> dict[str, str]:
    """A slip drafted by hand goes to a unit with a part, by a type of the pack in use, never down, never twice."""
    slip: Slip = attempt.row
    kind = pack_of(attempt.session, slip.authority_id).find(slip.type_code)
    if kind is None or not kind.may_be_direct or attempt.form.get("type") != slip.type_code:
        return {"type": "请选择现行单据类型。"}
    part = select(Assignment.id).where(
        Assignment.case_id == slip.case_id, Assignment.unit_id == slip.unit_id, Assignment.released_on.is_(None)
    )
    if attempt.session.scalars(part).first() is None:
        return {"unit": "请选择承办这一件的单位。"}
    return _check_level(attempt, kind.level) if kind.level else _check_praise(attempt)


def _check_praise(attempt: Attempt) -> dict[str, str]:
    """What stands outside the ladder is not sent twice either while one is under way."""
    slip: Slip = attempt.row
    same = select(Slip.number).where(Slip.case_id == slip.case_id, Slip.unit_id == slip.unit_id)
    same = same.where(Slip.type_code == slip.type_code, Slip.state.in_(LIVE_SLIPS))
    with attempt.session.no_autoflush:
        live = attempt.session.execute(same).first()
    return {"type": f"{slip.name}{live.number or '的草稿'}尚未办结，不能重复发出。"} if live else {}


def _check_level(attempt: Attempt, level: int) -> dict[str, str]:
    others = slips_of(attempt)
    for other in others:
        if other.state == "draft" and (other.origin == "direct" or other.level >= level):
            return {"type": f"已有一张待签发的{other.name}，请先办理。"}
        if other.state in LIVE_SLIPS and other.level == level:
            return {"type": f"{other.name}{other.number or ''}尚未办结，不能重复发出同一级。"}
    top = max((other.level for other in others if other.state not in ("draft", "withdrawn", "lapsed")), default=0)
    if level < top:
        return {"type": "本轮已发出更高一级的单据，不能降级。"}
    if (level > 1 or top) and attempt.form.get("entry_reason") not in ENTRY_REASONS:
        return {"entry_reason": "不按期限逐级发出的，请选择直接发出的理由。"}
    return {}


def slips_of(attempt: Attempt) -> list[Slip]:
    """Return the slips of the ladder to the unit in the case's present cycle, oldest first."""
    slip: Slip = attempt.row
    query = select(Slip).where(Slip.case_id == slip.case_id, Slip.unit_id == slip.unit_id, Slip.level > 0)
    query = query.where(Slip.cycle == case_of(attempt).cycle).order_by(Slip.id)
    with attempt.session.no_autoflush:
        return [other for other in attempt.session.scalars(query) if other is not slip]


def check_text(attempt: Attempt) -> dict[str, str]:
    """A slip fits on its page."""
    long = len(str(attempt.form.get("text") or "")) > LONGEST_TEXT
    return {"text": f"正文最多 {LONGEST_TEXT} 字。"} if long else {}
