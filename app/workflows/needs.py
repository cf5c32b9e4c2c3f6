"""The inputs that several moves share, and how far ahead a date may lie."""

from datetime import timedelta

from app.workflows.engine import Need

FARTHEST = timedelta(days=3660)
REASON = Need("reason", "理由", "text")
NOTE = Need("reason", "意见", "text", required=False)
FILES = Need("files", "佐证材料", "files", required=False, hint="可拍照或选择文件，单个不超过 20 MB")
DUE_ON = Need("due_on", "整改期限", "date")
DEFINITE_PAST = Need("confirm_past", "期限已过，确认按此日期交办", "bool", required=False)
