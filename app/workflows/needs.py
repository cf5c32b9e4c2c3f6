"""The inputs that several moves share, and how far ahead a date may lie."""

from datetime import timedelta

from app.ledgers.cases.lengths import LONGEST
from app.ledgers.cases.words import DISCOVERIES, SOURCES
from app.workflows.engine import Need

FARTHEST = timedelta(days=3660)
A_YEAR = timedelta(days=366)
REASON = Need("reason", "理由", "text")
NOTE = Need("reason", "意见", "text", required=False)
FILES = Need("files", "佐证材料", "files", required=False, hint="可拍照或选择文件，单个不超过 20 MB")
DUE_ON = Need("due_on", "整改期限", "date")
DEFINITE_PAST = Need("confirm_past", "期限已过，确认按此日期交办", "bool", required=False)
TITLE = Need("title", "问题标题", "line", hint=f"一句话说清楚，最多 {LONGEST['title']} 字", longest=LONGEST["title"])
TEXT = Need("text", "问题描述", "text", hint="时间、地点、事实")
PLACE = Need("place", "发生地点", "line", required=False, longest=LONGEST["place"])
CATEGORY = Need("category", "问题类别", "line", required=False, longest=LONGEST["category"])
FOUND_ON = Need("found_on", "反馈日期", "date", required=False, hint="不填为今天")
SOURCE_KIND = Need("source_kind", "反馈来源", "choice", choices={k: v for k, v in SOURCES.items() if k != "self"})
FOUND_BY = {key: word for key, word in DISCOVERIES.items() if key not in ("self", "superior")}
DISCOVERY = Need("discovery", "发现方式", "choice", choices=FOUND_BY)
REFERENCE = Need("reference", "来源文号或编号", "line", required=False, longest=LONGEST["reference"])
CONTACT = Need(
    "contact",
    "反映人联系方式",
    "line",
    required=False,
    hint="仅督查室可见，不进入流转记录；描述里的电话、证件号、邮箱等和这里写的姓名会自动隐去",
)
