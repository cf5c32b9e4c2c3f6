"""The fixed vocabulary of scores, each value with its word on the screen."""

STANDINGS = {"proposed": "拟扣", "contested": "申辩中", "confirmed": "确认", "reversed": "冲销"}
OBJECTION_STATES = {
    "drafted": "待单位负责人审定",
    "asked": "待考核办裁定",
    "upheld": "申辩成立",
    "dismissed": "申辩不成立",
    "withdrawn": "已撤回",
}
RULE_SET_STATES = {"drafted": "草案", "approved": "已批准并冻结", "discarded": "已弃用"}
REVERSAL_STATES = {"asked": "待第二人复核", "granted": "已冲销", "refused": "未同意"}
TRIGGER_WORDS = {
    "found": "交办时，按发现方式",
    "late_receipt": "超过签收期限",
    "overdue_day": "超过整改期限，逐个工作日",
    "returned": "报结被退回",
    "false_report": "报结被认定弄虚作假",
    "rebound": "认定反弹",
    "unresolved": "年底未报结，或终止（未整改）",
    "slip": "单据签发，按单据",
    "late_slip_receipt": "超过单据签收期限",
    "late_slip_reply": "超过单据回复期限",
}
SIGN_WORDS = {"deduct": "扣分", "add": "加分", "veto": "一票否决"}
