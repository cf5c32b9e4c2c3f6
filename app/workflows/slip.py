"""The slip workflow (三单): drafted, signed and numbered, received, answered, settled; withdrawn only with a reason."""

from app.ledgers.slips import Slip, shipped_packs
from app.ledgers.slips.words import COPIED_WORDS, ENTRY_REASONS, OPEN_SLIPS, SLIP_STATES
from app.people import Role
from app.workflows.case_effects import keep_evidence
from app.workflows.case_guards import unit_is_in_portfolio
from app.workflows.engine import NEW, Need, Transition, Workflow
from app.workflows.needs import FILES, NOTE, REASON
from app.workflows.slip_effects import (
    displace_lower_draft,
    give_slip_number,
    note_acknowledged,
    note_discarded,
    note_issued,
    note_refused,
    note_replied,
    note_settled,
    note_withdrawn,
)
from app.workflows.slip_guards import (
    asks_reply,
    case_goes_on,
    check_draft,
    check_text,
    condition_still_holds,
    is_direct,
    is_drafter_or_signer,
    is_signed_by,
    replier_is_not_decider,
    signer_is_not_of_the_unit,
    substitute_is_not_drafter,
)

OFFICE = (Role.INSPECTOR, Role.SUPERVISOR)
UNIT, HEAD = (Role.LIAISON, Role.HEAD), (Role.HEAD,)
SIGNERS = ((Role.SUPERVISOR,), (Role.LEADER,), (Role.SUPERVISOR, Role.LEADER))
TYPES = {kind.code: f"{kind.name}（{kind.colour}）" for pack in shipped_packs().values() for kind in pack.types}
TEXT = Need("text", "正文", "text", required=False, hint="不填则按单据类型的范文", holds="letter")
COPY_HINT = f"用顿号分开，类型规定的不必填写。{'、'.join(COPIED_WORDS)}在系统内收到；其他名称（含本级各单位）须另行送达"
COPY_TO = Need("copy_to", "另行抄送", "line", required=False, hint=COPY_HINT)


def _sign(roles: tuple[Role, ...]) -> Transition:
    return Transition(
        "sign",
        "签发",
        ("draft",),
        "issued",
        roles,
        guards=(
            case_goes_on,
            unit_is_in_portfolio,
            signer_is_not_of_the_unit,
            substitute_is_not_drafter,
            condition_still_holds,
        ),
        effects=(note_issued,),
        needs=(TEXT, COPY_TO, NOTE),
        checks=(check_text,),
        when=is_signed_by(*roles),
        before=(give_slip_number,),
        offer=lambda attempt: {"text": attempt.row.text},
    )


def _withdraw(roles: tuple[Role, ...]) -> Transition:
    return Transition(
        "withdraw",
        "撤回",
        OPEN_SLIPS,
        "withdrawn",
        roles,
        guards=(unit_is_in_portfolio, signer_is_not_of_the_unit),
        effects=(note_withdrawn,),
        needs=(REASON,),
        when=is_signed_by(*roles),
        is_grave=True,
    )


SLIP = Workflow(
    "slip",
    "三单",
    Slip,
    SLIP_STATES,
    [
        Transition(
            "draft",
            "拟稿",
            (NEW,),
            "draft",
            OFFICE,
            guards=(case_goes_on, signer_is_not_of_the_unit),
            needs=(
                Need("type", "单据类型", "choice", choices=TYPES),
                Need("unit", "发往单位", "unit"),
                Need("entry_reason", "直接发出的理由", "choice", required=False, choices=ENTRY_REASONS),
                TEXT,
            ),
            checks=(check_draft, check_text),
            before=(displace_lower_draft,),
        ),
        *(_sign(roles) for roles in SIGNERS),
        Transition(
            "discard",
            "作废草稿",
            ("draft",),
            "lapsed",
            (*OFFICE, Role.LEADER),
            guards=(is_drafter_or_signer,),
            effects=(note_discarded,),
            needs=(REASON,),
            when=is_direct,
        ),
        Transition(
            "acknowledge", "签收", ("issued",), "acknowledged", UNIT, effects=(note_acknowledged,), when=asks_reply
        ),
        Transition(
            "acknowledge",
            "签收",
            ("issued",),
            "settled",
            UNIT,
            effects=(note_acknowledged,),
            when=lambda slip: not asks_reply(slip),
        ),
        Transition(
            "reply",
            "回复",
            ("acknowledged",),
            "replied",
            HEAD,
            effects=(keep_evidence, note_replied),
            needs=(Need("text", "回复内容", "text"), FILES),
            checks=(check_text,),
        ),
        Transition(
            "accept_reply",
            "回复通过，办结",
            ("replied",),
            "settled",
            OFFICE,
            guards=(signer_is_not_of_the_unit, replier_is_not_decider),
            effects=(note_settled,),
            needs=(NOTE,),
        ),
        Transition(
            "refuse_reply",
            "退回重新回复",
            ("replied",),
            "acknowledged",
            OFFICE,
            guards=(signer_is_not_of_the_unit, replier_is_not_decider),
            effects=(note_refused,),
            needs=(REASON,),
        ),
        *(_withdraw(roles) for roles in SIGNERS),
        Transition("settle_along", "办结（随问题）", OPEN_SLIPS, "settled"),
        Transition("withdraw_along", "撤回（随问题）", OPEN_SLIPS, "withdrawn"),
        Transition("lapse", "失效（条件已消失）", ("draft",), "lapsed"),
    ],
    units_of=lambda slip: frozenset({slip.unit_id}),
)
