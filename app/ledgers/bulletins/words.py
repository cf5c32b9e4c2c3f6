"""The words of a bulletin."""

BULLETIN_STATES = {"draft": "拟稿", "issued": "已印发", "dropped": "已弃用"}
