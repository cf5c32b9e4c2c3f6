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
