"""The rows of the case table that end a case without its being solved: 并案, 终止(未整改), 作废."""

from app.ledgers.cases import Case
from app.ledgers.cases.words import OPEN_STATES
from app.people import Role, load_actor
from app.workflows.case_effects import (
    end_case,
    list_for_discipline,
    put_scores_right,
    revive_case,
    touch,
)
from app.workflows.case_guards import ended_from, is_asked, is_not_own_case, no_open_request
from app.workflows.children import (
    bind_to_parent,
    moves_no_deadline_below,
    recap_children,
    recap_own,
    tell_below,
    tell_parent,
    unbind_from_parent,
    void_children,
)
from app.workflows.engine import STAYS, Attempt, Need, Transition
from app.workflows.merge_effects import merge_into, unmerge_from
from app.workflows.needs import NOTE, REASON
from app.workflows.request_effects import ask, decide
from app.workflows.slip_ends import end_slips

SUPERVISOR, LEADER = (Role.SUPERVISOR,), (Role.LEADER,)
SIGNER = Need("leader", "签批领导", "person", hint="终止和作废须由分管领导签批")


def check_signer(attempt: Attempt) -> dict[str, str]:
    """The one named to sign is a leader of the authority today, and not the one who proposes."""
    person_id, day = int(attempt.form["leader"]), attempt.context.day
    leader = load_actor(attempt.session, person_id, day)
    if leader is None or leader.grant(Role.LEADER, authority_id=attempt.row.authority_id) is None:
        return {"leader": "请选择本级的分管领导。"}
    return {"leader": "不能由提出人本人签批。"} if person_id == attempt.actor.person_id else {}


def may_be_undone(attempt: Attempt) -> str | None:
    """A merge into a case that was merged itself is undone after that one."""
    other = attempt.session.get(Case, attempt.row.merged_into_id or 0)
    if other is not None and other.state == "merged":
        return "并入的问题本身已并案，请先撤销那一次并案。"
    return None


def _propose(kind: str, label: str) -> Transition:
    return Transition(
        f"propose_{kind}",
        f"提请{label}",
        OPEN_STATES,
        STAYS,
        SUPERVISOR,
        guards=(is_not_own_case, no_open_request("terminate", "终止申请"), no_open_request("void", "作废申请")),
        effects=(ask(kind), touch),
        needs=(REASON, SIGNER),
        checks=(check_signer,),
        is_grave=True,
    )


def _sign(kind: str, label: str, dest: str, slips: str) -> Transition:
    return Transition(
        kind,
        f"签批{label}",
        OPEN_STATES,
        dest,
        LEADER,
        guards=(is_asked(kind, f"{label}申请"),),
        effects=(
            end_case,
            decide(kind, "grant"),
            end_slips(slips, label),
            list_for_discipline(dest),
            tell_below,
            void_children if kind == "void" else recap_children,
            tell_parent,
            put_scores_right,
            touch,
        ),
        needs=(NOTE,),
        is_grave=True,
    )


ENDS = (
    Transition(
        "merge",
        "并案",
        OPEN_STATES,
        "merged",
        SUPERVISOR,
        guards=(is_not_own_case,),
        effects=(
            end_case,
            end_slips("withdraw_along", "并案"),
            merge_into,
            moves_no_deadline_below,
            bind_to_parent,
            recap_children,
            tell_below,
            tell_parent,
            list_for_discipline("merged"),
            put_scores_right,
            touch,
        ),
        needs=(Need("case", "并入的问题编号", "case"), REASON),
        is_grave=True,
    ),
    *(
        Transition(
            "unmerge",
            "撤销并案",
            ("merged",),
            state,
            SUPERVISOR,
            guards=(may_be_undone,),
            effects=(unmerge_from, unbind_from_parent, revive_case, recap_own, tell_below, put_scores_right, touch),
            needs=(REASON,),
            when=ended_from(state),
        )
        for state in OPEN_STATES
    ),
    _propose("terminate", "终止(未整改)"),
    _sign("terminate", "终止(未整改)", "terminated", "settle_along"),
    Transition("take_back", "撤销导入", ("reported",), "voided"),
    _propose("void", "作废"),
    _sign("void", "作废", "voided", "withdraw_along"),
)
