"""The words of an import on the screen: verdicts, outcomes, states of a batch, and the facts that rows are compared by."""

VERDICTS = {
    "wrong": "有误",
    "new": "新增",
    "changed": "有变化",
    "duplicate": "可能重复",
    "unchanged": "无变化",
}
OUTCOMES = {"created": "已登记", "updated": "已更新", "noted": "已记入办理过程", "known": "已在台账", "left": "未导入"}
UNDONE = {"voided": "已作废", "restored": "已恢复原样"}
BATCH_STATES = {
    "reading": "正在读取",
    "refused": "未能读取",
    "previewed": "待确认导入",
    "applied": "已导入",
    "reversed": "已撤销",
    "expired": "已过期",
}
WHY_CLOSED = {  # what is said of a batch whose rows can no longer be changed, or not yet
    "reading": "文件还在读取，读完后再核对。",
    "refused": "文件未能读取，没有可以核对的内容。请修改文件后重新上传。",
    "applied": "这一批已经导入，不能再改动。请在结果页查看登记的问题；没有导入的行可以在那里继续改正。",
    "reversed": "这一批已经导入又撤销，不能再改动。需要导入的，请重新上传。",
    "expired": "上传后长时间没有导入，文件和读取的内容已经清除。需要导入的，请重新上传。",
}
TASKS = {"read": "正在读取", "judge": "正在重新核对", "apply": "正在导入", "reverse": "正在撤销"}
STATUSES = {"finished": "已完成", "unfinished": "未完成", "long_term": "长期坚持"}
FACTS = {
    "title": "标题",
    "text": "问题描述",
    "source": "反馈来源",
    "found_on": "反馈日期",
    "reference": "来源编号",
    "category": "问题类别",
    "lead": "牵头单位",
    "assisting": "配合单位",
    "due_on": "整改时限",
    "rect_class": "整改类型",
    "standard": "整改目标",
    "measures": "整改措施",
    "progress": "整改进展",
    "status": "完成情况",
    "leader": "责任领导",
    "person": "责任人",
    "remark": "备注",
    "place": "发生地点",
    "inspectors": "检查人",
    "amount": "问题金额",
    "finding": "调查核实情况",
    "is_true": "是否属实",
    "handling": "责任人被处理情况",
    "mechanism": "建章立制情况",
    "done_on": "完成时间",
    "checked_on": "复查时间",
    "checked_by": "复查人",
    "check_result": "复查结果",
    "votes": "点赞数",
    "against": "反对数",
}
