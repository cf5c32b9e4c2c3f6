"""The fixed vocabularies of a case: states, classes, sources, discovery; each value with its word on the screen."""

STATES = {
    "reported": "已登记",
    "ledgered": "已建账",
    "assigned": "待签收",
    "planning": "方案编制",
    "rectifying": "整改中",
    "submitted": "待核查",
    "verified": "待验收",
    "accepted": "待销号",
    "long_term": "长期坚持",
    "closed": "已销号",
    "rejected": "不予受理",
    "merged": "已并案",
    "terminated": "已终止(未整改)",
    "voided": "已作废",
}
ENDED_STATES = ("closed", "rejected", "merged", "terminated", "voided")
OPEN_STATES = tuple(state for state in STATES if state not in ENDED_STATES)
WORKING_STATES = ("assigned", "planning", "rectifying", "long_term")
CHECKED_STATES = ("submitted", "verified", "accepted")

CLASSES = {"immediate": "立行立改", "limited": "限期整改", "staged": "分阶段整改", "long_term": "长期坚持"}

SOURCES = {
    "inspection": "督查活动",
    "assessment": "考核反馈",
    "discipline_inspection": "巡视巡察",
    "audit": "审计",
    "special": "专项督查",
    "petition": "信访",
    "hotline": "热线",
    "online": "网络问政",
    "media": "媒体",
    "self": "自查",
    "superior": "上级转办",
    "other": "其他",
}
DISCOVERIES = {
    "self": "单位自查",
    "citizen": "群众反映",
    "county": "县级督查",
    "city": "市级督查",
    "province": "省级督查",
    "media_county": "县级媒体",
    "media_city": "市级媒体",
    "media_province": "省级媒体",
    "audit": "审计发现",
    "assessment": "考核发现",
    "superior": "上级转办",
}
PART_STATES = {
    "waiting": "待签收",
    "received": "已签收",
    "working": "整改中",
    "done": "本单位已完成",
    "disputed": "申请退回中",
    "released": "已退回",
}
ASSIGNMENT_ROLES = {"lead": "牵头", "assist": "配合"}
LISTING_REASONS = {
    "overdue": "逾期不改",
    "false": "弄虚作假",
    "rebound": "问题反弹",
    "returned": "退回整改",
    "rejected": "不予受理",
    "merged": "并案",
    "voided": "作废",
    "terminated": "终止(未整改)",
    "referred": "移交",
    "copied": "三单抄送",
}
REQUEST_KINDS = {
    "extension": "延期申请",
    "return_assignment": "退回交办",
    "long_term": "转为长期坚持",
    "rebound": "反弹认定",
    "terminate": "终止(未整改)",
    "void": "作废",
}
REQUEST_STATES = {
    "drafted": "待单位负责人审定",
    "asked": "待决定",
    "granted": "已同意",
    "refused": "未同意",
    "withdrawn": "已撤回",
}
PLAN_STATES = {
    "drafted": "待单位负责人审定",
    "approved": "待督查室审核",
    "passed": "已通过",
    "sent_back": "已退回修改",
}
EVIDENCE_KINDS = {"before": "整改前", "after": "整改后", "document": "文件", "other": "其他"}
FLAGS = {
    "overdue": "逾期",
    "soon": "临期",
    "behind": "措施滞后",
    "extension": "延期待批",
    "return_assignment": "退回交办待定",
    "contested": "申辩中",
    "returned": "退回 {} 次",
    "rebound": "反弹 {} 次",
    "provisional": "暂定期限",
    "listed": "已列入纪检",
}
DEADLINE_CAUSES = {
    "assigned": "交办时确定",
    "extension": "同意延期",
    "reassigned": "退回后改派",
    "long_term": "长期坚持复核",
    "review": "复核后转入整改",
    "rebound": "反弹后重新整改",
    "calendar": "工作日历更新后重新计算",
    "parent": "随上级期限提前",
}
