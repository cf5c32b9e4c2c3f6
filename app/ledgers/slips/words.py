"""The fixed vocabularies of a slip; each value with its word on the screen."""

from app.people import Role

SLIP_STATES = {
    "draft": "拟稿",
    "issued": "已签发",
    "acknowledged": "已签收",
    "replied": "已回复",
    "settled": "已办结",
    "withdrawn": "已撤回",
    "lapsed": "已失效",
}
OPEN_SLIPS = ("issued", "acknowledged", "replied")
LIVE_SLIPS = ("draft", *OPEN_SLIPS)
ORIGINS = {"escalation": "系统按期限拟稿", "direct": "直接发出"}
ENTRY_REASONS = {
    "grave": "重大",
    "urgent": "紧急",
    "sudden": "突发",
    "instruction": "领导批示",
    "special": "特事特办",
}
INTERVIEW_KINDS = {"work": "工作约谈", "remind": "提醒约谈", "admonish": "告诫约谈"}
COPIED_ROLES = (Role.INSPECTOR, Role.SUPERVISOR, Role.ASSESSOR, Role.DISCIPLINE)  # they can read a slip copied to them
COPIED_WORDS = tuple(role.label for role in COPIED_ROLES)
