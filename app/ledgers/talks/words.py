"""The fixed vocabulary of talks: interviews, commitments and instructions, each value with its word on the screen."""

INTERVIEW_KINDS = {"work": "工作约谈", "remind": "提醒约谈", "admonish": "告诫约谈"}
LIGHT_KINDS = ("work", "remind")
BASES = {"slip": "三单升级", "rank": "排名靠后", "manual": "督查室提出"}
INTERVIEW_STATES = {
    "proposed": "拟约谈",
    "noticed": "已通知",
    "recorded": "已约谈",
    "settled": "已办结",
    "withdrawn": "已撤回",
}
COMMITMENT_STATES = {"open": "履行中", "reported": "已报完成", "done": "已完成"}
INSTRUCTION_STATES = {"written": "待回复", "replied": "已回复", "settled": "已办结", "withdrawn": "已撤回"}
UNDER_WAY = ("proposed", "noticed", "recorded")
