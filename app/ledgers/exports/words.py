"""The words of an export on the screen."""

EXPORT_STATES = {
    "waiting": "排队中",
    "running": "正在导出",
    "done": "已完成",
    "failed": "未完成",
    "expired": "文件已清理",
}
UNDER_WAY = ("waiting", "running")
