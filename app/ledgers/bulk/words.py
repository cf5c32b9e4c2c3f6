"""The words of a bulk run on the screen."""

RUN_STATES = {
    "chosen": "待确认",
    "waiting": "排队中",
    "running": "正在办理",
    "done": "已办完",
    "stopped": "已停止",
    "failed": "未办完",
}
OUTCOMES = {"done": "已办理", "refused": "未办理"}
UNDER_WAY = ("waiting", "running")
