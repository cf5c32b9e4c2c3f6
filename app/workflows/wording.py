"""The words of events: what each kind is called on the screen."""

from app.workflows.table import WORKFLOWS

OTHERS = {
    "import.applied": "导入反馈台账",
    "export.ask": "申请导出台账",
    "export.make": "导出台账",
    "export.fetch": "下载导出的台账",
    "bulk.start": "批量办理",
    "bulk.stop": "停止批量办理",
    "bulk.end": "批量办理结束",
    "layout.add": "新增台账版式",
    "layout.retire": "停用台账版式",
    "import.unit_matched": "指定单位名称",
    "case.absorb": "并入另一件问题",
    "case.release": "撤销另一件的并入",
    "import.unit_forgotten": "删除记住的单位名称",
    "import.rows_corrected": "在导入预览中改正",
    "import.reversed": "撤销导入",
    "case.source_restored": "撤回来源台账的变化",
    "case.source_changed": "来源台账有变化",
    "entry.propose": "提出拟扣",
    "entry.confirm": "确认扣分",
    "entry.reverse": "冲销",
    "calendar.change": "更改工作日历",
    "view.share": "共享视图",
    "view.remove": "删除共享视图",
    "refusal": "办理未获准",
    "sign_in": "登录",
    "sign_in.failed": "登录失败",
    "sign_in.locked": "登录失败，已锁定",
    "sign_out": "退出登录",
    "sign_out.everywhere": "退出所有设备",
    "password.change": "修改密码",
    "password.set": "用一次性代码设置密码",
    "password.reset": "重置密码",
    "second_factor.enrol": "启用两步验证",
    "second_factor.drop": "停用两步验证",
    "account.create": "新建账号",
    "account.change": "修改账号",
    "account.disable": "停用账号",
    "account.enable": "启用账号",
    "unit.create": "新建单位",
    "unit.change": "修改单位",
    "unit.make_authority": "设为督办主体",
    "unit.close": "撤销单位",
    "mandate.grant": "授予任职",
    "mandate.change": "调整任职",
    "mandate.end": "终止任职",
    "portfolio.set": "调整分管单位",
    "slip.count_again": "重新计算签收和回复期限",
    "slip_pack.change": "更换单据种类",
    "absence.name": "指定代理人",
    "absence.cancel": "取消代理",
    "handover.measures": "移交整改措施",
    "handover.commitments": "移交约谈承诺",
    "handover.instructions": "移交领导批示",
    "handover.requests": "移交待签批事项",
    "handover.cases": "移交登记的问题",
    "handover.slips": "移交经办的三单",
    "contact.change": "修改消息设置",
    "delivery.retry": "重新发送消息",
    "delivery.drop": "不再发送消息",
    "paper.download": "下载文书",
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
