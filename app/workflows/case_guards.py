"""Guards of the case: each gives the reason why a move may not be made, or None."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import bindparam, func, select

from app.ledgers.cases import Assignment, Case, Plan, Request, Verification
from app.people import Role, bare, names_in
from app.workflows.context import Context
from app.workflows.engine import Attempt, Guard, When
from app.workflows.gate import missing_for_closure

OPEN_REQUESTS = ("drafted", "asked")
OPEN_OF_CASE = select(Request).where(Request.case_id == bindparam("case_id"), Request.state.in_(OPEN_REQUESTS))


def case_of(attempt: Attempt) -> Case:
    """Return the case that an attempt is about."""
    if attempt.case is None:
        raise RuntimeError("a case's move without its case")
    return attempt.case


def unit_is_in_portfolio(attempt: Attempt) -> str | None:
    """A leader signs for the units of the portfolio of the mandate used: the own one, or that of somebody absent."""
    grant = attempt.grant
    if grant is None or grant.role is not Role.LEADER or attempt.row.unit_id in grant.portfolio:
        return None
    return "这个单位不在您的分管范围，须由分管领导办理。"


def reporter_is_not_verifier(attempt: Attempt) -> str | None:
    """First separation: who reports a case finished does not verify it."""
    if case_of(attempt).submitted_by_id == attempt.actor.person_id:
        return "这一件由您报结，不能由您本人核查。请由其他督查员核查。"
    return None


def verifier_is_not_of_the_unit(attempt: Attempt) -> str | None:
    """An inspector does not verify a case of the own unit."""
    units = select(Assignment.unit_id).where(
        Assignment.case_id == case_of(attempt).id, Assignment.released_on.is_(None)
    )
    own = {grant.unit_id for grant in attempt.actor.grants}
    if own & set(attempt.session.scalars(units)):
        return "这一件由您任职的单位承办，须回避。请由其他督查员核查。"
    return None


def verifier_is_not_acceptor(attempt: Attempt) -> str | None:
    """Second separation: who verified level 1 does not accept level 2, nor does who reported it finished."""
    case = case_of(attempt)
    if case.verified_by_id == attempt.actor.person_id:
        return "这一件由您核查，不能由您本人验收。请由另一位督查室负责人验收。"
    if case.submitted_by_id == attempt.actor.person_id:
        return "这一件由您报结，不能由您本人验收。"
    level_one = select(Verification.names).where(
        Verification.case_id == case.id, Verification.cycle == case.cycle, Verification.level == 1, Verification.passed
    )
    newest = attempt.session.scalars(level_one.order_by(Verification.id.desc()).limit(1)).first() or ""
    if bare(attempt.actor.name) in names_in(newest):
        return "您是这一件的第二核查人，不能由您本人验收。请由另一位督查室负责人验收。"
    return None


def gate_is_open(attempt: Attempt) -> str | None:
    """The closure gate: nothing may be missing."""
    missing = missing_for_closure(attempt.session, case_of(attempt))
    return "还不能验收：" + "；".join(missing) + "。" if missing else None


def every_part_is_in(attempt: Attempt) -> str | None:
    """The lead may report finished only when every assisting unit has."""
    query = select(func.count()).where(
        Assignment.case_id == case_of(attempt).id,
        Assignment.role == "assist",
        Assignment.released_on.is_(None),
        Assignment.state != "done",
    )
    if count := attempt.session.scalar(query):
        return f"还有 {count} 个配合单位没有完成本单位部分，暂不能报结。请先督促配合单位完成。"
    return None


def lead_is_not_disputed(attempt: Attempt) -> str | None:
    """The lead does not sign for what it asks to return; what an assisting unit disputes does not hold it up."""
    case, request = case_of(attempt), open_request(attempt, "return_assignment")
    if request is not None and request.unit_id == case.lead_unit_id:
        return "本单位已申请退回交办，尚未决定。请先等待督查室决定。"
    return None


def nothing_is_disputed(attempt: Attempt) -> str | None:
    """A case with a disputed part waits for the decision on it."""
    if open_request(attempt, "return_assignment"):
        return "有单位申请退回交办，尚未决定。请先等待督查室决定。"
    return None


def plan_is_approved(attempt: Attempt) -> str | None:
    """The supervisor passes a plan that the unit's head has approved."""
    plan = current_plan(attempt)
    if plan is None:
        return "牵头单位还没有提交整改方案。"
    if plan.state != "approved":
        return "整改方案尚未经单位负责人审定，或已退回修改。"
    return None


def notice_is_over(attempt: Attempt) -> str | None:
    """A public notice that was begun must have run."""
    until: date | None = case_of(attempt).notice_until
    if until is not None and attempt.context.day <= until:
        return f"公示到 {until} 为止，期满后方可销号。"
    return None


def no_open_request(kind: str, words: str) -> Guard:
    """Make the guard that no request of the kind is open."""

    def guard(attempt: Attempt) -> str | None:
        return f"已有一件{words}在办，请先等待决定。" if open_request(attempt, kind) else None

    return guard


def is_asked(kind: str, words: str) -> Guard:
    """Make the guard that a request of the kind waits for the actor's decision."""

    def guard(attempt: Attempt) -> str | None:
        request = open_request(attempt, kind)
        if request is None or request.state != "asked":
            return f"没有待决定的{words}。"
        if request.decider_id is not None and request.decider_id not in attempt.actor.stands_for:
            return f"这件{words}已指定由其他领导签批。"
        if request.asked_by_id == attempt.actor.person_id:
            return f"这件{words}由您提出，不能由您本人决定。"
        return None

    return guard


def disputed_part_is(role: str) -> Guard:
    """Make the guard that the part asked to be returned has the role in the case."""

    def guard(attempt: Attempt) -> str | None:
        request = open_request(attempt, "return_assignment")
        part = attempt.session.get(Assignment, request.data["part"]) if request else None
        return None if part is not None and part.role == role else "没有这类单位提出的退回申请。"

    return guard


def within_extension_time(attempt: Attempt) -> str | None:
    """An extension is asked for by the end of the deadline day."""
    case = case_of(attempt)
    if case.due_on is None or case.state not in ("planning", "rectifying", "assigned"):
        return "没有在办的期限可以延长。"
    if attempt.context.day > case.due_on:
        return f"整改期限 {case.due_on} 已过，逾期后不再受理延期申请。"
    return None


def was_level_one(attempt: Attempt) -> str | None:
    """Level 2 needs the record of level 1 with date on site, method and two names."""
    query = select(Verification).where(
        Verification.case_id == case_of(attempt).id,
        Verification.level == 1,
        Verification.cycle == case_of(attempt).cycle,
    )
    if attempt.session.scalars(query.limit(1)).first() is None:
        return "没有一级核查记录。"
    return None


def case_is_worked_on(attempt: Attempt) -> str | None:
    """Work is reported while the case is with the units."""
    if case_of(attempt).state not in ("assigned", "planning", "rectifying", "long_term"):
        return "这一件已报结或已结束，不能再填报。"
    return None


def open_request(attempt: Attempt, kind: str) -> Request | None:
    """Return the open request of a kind on the case (remembered while the page is made)."""
    case = case_of(attempt)
    memory = attempt.context.memory
    if ("requests", case.id) not in memory:
        memory["requests", case.id] = list(attempt.session.scalars(OPEN_OF_CASE, {"case_id": case.id}))
    requests: list[Request] = memory["requests", case.id]  # type: ignore[assignment]
    return next((request for request in requests if request.kind == kind), None)


def remember_requests(context: Context, case_id: int, requests: Iterable[Request]) -> None:
    """Let the guards know the requests of a case that are read already: all of them, not only those an actor sees."""
    context.memory["requests", case_id] = [request for request in requests if request.state in OPEN_REQUESTS]


def current_plan(attempt: Attempt) -> Plan | None:
    """Return the plan of the case's present cycle."""
    case = case_of(attempt)
    memory = attempt.context.memory
    if ("plan", case.id) not in memory:
        query = select(Plan).where(Plan.case_id == case.id, Plan.cycle == case.cycle)
        memory["plan", case.id] = attempt.session.scalars(query).first()
    return memory["plan", case.id]  # type: ignore[return-value]


def ended_from(state: str) -> When:
    """Make the condition that the case ended from the state, to which it can be brought back."""
    return lambda case: bool(case.ended_from == state)


def is_not_own_case(attempt: Attempt) -> str | None:
    """A supervisor does not decide on a case of a unit that the supervisor answers for."""
    if attempt.actor.units(Role.HEAD, Role.LIAISON) & {case_of(attempt).lead_unit_id}:
        return "这一件由您任职的单位牵头，须回避。"
    return None
