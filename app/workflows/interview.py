"""The interview workflow (约谈): proposed, noticed with a number, recorded with what was promised, settled when it is kept."""

from app.ledgers.talks import Interview
from app.ledgers.talks.lengths import LONGEST
from app.ledgers.talks.words import INTERVIEW_KINDS, INTERVIEW_STATES, LIGHT_KINDS
from app.people import Role
from app.workflows.case_guards import unit_is_in_portfolio
from app.workflows.engine import NEW, STAYS, Need, Transition, Workflow
from app.workflows.interview_effects import (
    all_is_kept,
    begin,
    change_kind,
    is_planned_ahead,
    keep_record,
    keep_withdrawal,
    minutes_are_sound,
    number_notice,
    proposal_is_sound,
    settle_interview,
    tell_noticed,
)
from app.workflows.needs import REASON
from app.workflows.talking import SlipNamed, propose_for_slips

__all__ = ["INTERVIEW", "SlipNamed", "propose_for_slips"]

SUPERVISOR, LEADER = (Role.SUPERVISOR,), (Role.LEADER,)
OFFICE = (Role.INSPECTOR, Role.SUPERVISOR)
BY_HAND = {"manual": "督查室提出", "rank": "排名靠后"}
PLACE = Need("place", "地点", "line", longest=LONGEST["place"])
HOST = Need("host", "主持人", "line", longest=LONGEST["host"], holds="names")
KIND = Need("kind", "约谈种类", "choice", choices=INTERVIEW_KINDS)
PROPOSAL = (
    Need("unit", "约谈单位", "unit", hint="约谈对象为该单位负责人"),
    KIND,
    Need("basis", "约谈缘由", "choice", choices=BY_HAND),
    Need("period", "排名年度", "line", required=False, hint="排名靠后的填写，例如 2026", longest=LONGEST["period"]),
    Need("case", "有关问题的编号", "case", required=False),
    Need("reason", "约谈事由", "text"),
)
NOTICE = (
    Need("planned_on", "约谈日期", "date"),
    Need("planned_at", "时间", "line", hint="例如 上午 9:00", longest=LONGEST["planned_at"]),
    PLACE,
    HOST,
    Need("request", "有关要求", "text", required=False, hint="需要准备的材料、参加人员等", holds="letter"),
)
RECORD = (
    Need("held_on", "实际约谈日期", "date"),
    PLACE,
    HOST,
    Need("attendees", "参加人员", "text", hint="姓名用顿号分开，其中有账号的会收到消息", holds="names"),
    Need("minutes", "约谈记录", "text"),
    Need("commitments", "整改承诺", "measures", hint="每项承诺写明责任人和完成时限"),
)


def is_light(interview: Interview) -> bool:
    """Work and reminding interviews are the office's own to call."""
    return interview.kind in LIGHT_KINDS


def is_grave(interview: Interview) -> bool:
    """An admonition is a leader's to call."""
    return interview.kind not in LIGHT_KINDS


INTERVIEW = Workflow(
    "interview",
    "约谈",
    Interview,
    INTERVIEW_STATES,
    [
        Transition(
            "propose", "提出约谈", (NEW,), "proposed", OFFICE, (), (), PROPOSAL, (proposal_is_sound,), before=(begin,)
        ),
        Transition(
            "change", "调整约谈种类", ("proposed",), STAYS, SUPERVISOR, needs=(KIND, REASON), before=(change_kind,)
        ),
        Transition(
            "notice",
            "签发约谈通知",
            ("proposed",),
            "noticed",
            SUPERVISOR,
            effects=(tell_noticed,),
            needs=NOTICE,
            checks=(is_planned_ahead,),
            when=is_light,
            before=(number_notice,),
        ),
        Transition(
            "notice",
            "签发约谈通知",
            ("proposed",),
            "noticed",
            LEADER,
            guards=(unit_is_in_portfolio,),
            effects=(tell_noticed,),
            needs=NOTICE,
            checks=(is_planned_ahead,),
            when=is_grave,
            before=(number_notice,),
        ),
        Transition(
            "record",
            "登记约谈记录",
            ("noticed",),
            "recorded",
            OFFICE,
            effects=(keep_record,),
            needs=RECORD,
            checks=(minutes_are_sound,),
            offer=lambda attempt: {"place": attempt.row.place, "host": attempt.row.host},
        ),
        Transition("settle", "办结约谈", ("recorded",), "settled", SUPERVISOR, (all_is_kept,), (settle_interview,)),
        Transition(
            "withdraw",
            "撤回约谈",
            ("proposed", "noticed"),
            "withdrawn",
            SUPERVISOR,
            (),
            (keep_withdrawal,),
            (REASON,),
            when=is_light,
            is_grave=True,
        ),
        Transition(
            "withdraw",
            "撤回约谈",
            ("proposed", "noticed"),
            "withdrawn",
            LEADER,
            (unit_is_in_portfolio,),
            (keep_withdrawal,),
            (REASON,),
            when=is_grave,
            is_grave=True,
        ),
        Transition("withdraw_along", "撤回（随三单）", ("proposed",), "withdrawn"),
    ],
    units_of=lambda interview: frozenset({interview.unit_id}),
    # until its notice an interview is the office's own affair: the case's story is silent about it
    case_id_of=lambda _session, interview: interview.case_id if interview.noticed_on else None,
)
