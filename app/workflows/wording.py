"""The words of events: what each kind is called on the screen."""

from app.workflows.table import WORKFLOWS

OTHERS = {
    "entry.propose": "提出拟扣",
    "entry.confirm": "确认扣分",
    "entry.reverse": "冲销",
    "calendar.change": "更改工作日历",
    "refusal": "办理未获准",
    "sign_in": "登录",
    "sign_in.failed": "登录失败",
    "sign_out": "退出登录",
    "log.read": "查看审计日志",
    "case.read_contact": "查看反映人联系方式",
}


def say_event(kind: str) -> str:
    """Return the Chinese name of an event's kind; a kind without a name stands for itself."""
    if kind in OTHERS:
        return OTHERS[kind]
    workflow_name, _, name = kind.partition(".")
    workflow = WORKFLOWS.get(workflow_name)
    found = next((row.label for row in workflow.transitions if row.name == name), None) if workflow else None
    return found or kind
