"""The one list of what anybody is told: the sentence on the page, the word in a digest, and whether it leaves the house."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MessageKind:
    """One kind. `words` stand on the page, `short` is counted in a digest (新的交办 3 项).

    `is_urgent`: does not wait for the next digest, but for the end of the quiet hours. `goes_out`: leaves the house at all.
    `once_per_case`: told out once for each case, whatever else of the kind follows. `while_open`: moot once the case has ended.
    """

    words: str
    short: str
    is_urgent: bool = False
    goes_out: bool = True
    once_per_case: bool = False
    while_open: bool = False


MESSAGE_KINDS = {
    "assigned": MessageKind("有新的交办事项，请签收", "新的交办", while_open=True),
    "due_soon": MessageKind("有事项即将到期", "即将到期", while_open=True),
    "entry_proposed": MessageKind("有新的拟扣记录，可在申辩期内申辩", "新的拟扣", once_per_case=True),
    "entry_confirmed": MessageKind("有拟扣记录已确认", "拟扣已确认", once_per_case=True),
    "entry_reversed": MessageKind("有得分记录已冲销", "得分已冲销", once_per_case=True),
    "child_ended": MessageKind("转办下级的问题已结束", "下级已结束"),
    "parent_moved": MessageKind(
        "转办下级的问题，上级件已并案、撤销并案或已结束，请查看对下级办件的影响", "上级件有变化"
    ),
    "reminded": MessageKind("督查室提醒您抓紧办理承办事项", "督查提醒", while_open=True),
    "progress_asked": MessageKind("请报送承办事项的整改进展", "催报进展", while_open=True),
    "sent_back": MessageKind("有事项被退回整改", "退回整改", while_open=True),
    "decided": MessageKind("有申请已作出决定", "申请已有决定"),
    "rules_changed": MessageKind("考核规则有新版本", "考核规则更新"),
    "interview_noticed": MessageKind("收到约谈通知", "约谈通知", is_urgent=True),
    "interview_withdrawn": MessageKind("约谈已撤回", "约谈已撤回"),
    "interview_hosted": MessageKind("有约谈由您主持", "由您主持的约谈", is_urgent=True),
    "interview_recorded": MessageKind("您参加的约谈已登记记录", "约谈已登记记录"),
    "interview_doubtful": MessageKind("您签发或由人代签的约谈所依据的三单已失效或撤回，请决定是否继续", "约谈待您复核"),
    "committed": MessageKind("约谈承诺已登记，请按期完成", "约谈承诺已登记"),
    "commitment_named": MessageKind("有由您负责的约谈承诺，请按期完成", "由您负责的约谈承诺"),
    "commitment_soon": MessageKind("有约谈承诺即将到期", "约谈承诺即将到期"),
    "commitment_late": MessageKind("有约谈承诺已逾期", "约谈承诺已逾期"),
    "commitment_returned": MessageKind("约谈承诺的完成情况被退回", "约谈承诺被退回"),
    "instructed": MessageKind("有领导批示待回复", "新的领导批示", is_urgent=True),
    "instruction_soon": MessageKind("有领导批示即将到回复期限", "领导批示即将到期"),
    "instruction_late": MessageKind("有领导批示逾期未回复", "领导批示已逾期"),
    "instruction_replied": MessageKind("您的批示已有回复，请阅", "批示已有回复"),
    "slip_issued": MessageKind("有新的单据，请签收并按期回复", "新的单据", is_urgent=True),
    "slip_withdrawn": MessageKind("有单据已撤回", "单据已撤回"),
    "slip_copied": MessageKind("有单据抄送您处，请阅", "抄送的单据"),
    "slip_discarded": MessageKind("您拟稿的单据未予签发，已作废", "拟稿未予签发"),
    "slip_settled": MessageKind("单据回复已通过", "单据已办结"),
    "slip_refused": MessageKind("单据回复被退回，请重新回复", "单据回复被退回", is_urgent=True),
    "to_sign": MessageKind("有单据等您签发", "待您签发"),
    "substitute_named": MessageKind("已有人被指定在您离岗期间代理您，请核对", "指定您的代理人"),
    "substitute_cancelled": MessageKind("您离岗期间的代理已取消，请核对", "您的代理已取消"),
    "substituting": MessageKind("您被指定为离岗人员的代理人，请查看起止日期", "指定您为代理人"),
    "substituting_ended": MessageKind("您的代理已取消，从现在起不再代为办理", "您不再代理"),
    "acted_for": MessageKind("代理人以您的名义办理了事项，请阅", "代您办理的事项"),
    "handed_over": MessageKind("有事项移交给您，请看我的工作清单", "移交给您的事项"),
}


def kinds_that(*, urgent: bool | None = None, **holds: bool) -> list[str]:
    """Return the kinds that leave the house and fit: urgent or not, `once_per_case`, `while_open`."""
    found = [(name, kind) for name, kind in MESSAGE_KINDS.items() if kind.goes_out]
    found = [pair for pair in found if urgent is None or pair[1].is_urgent is urgent]
    return [name for name, kind in found if all(getattr(kind, trait) is value for trait, value in holds.items())]
