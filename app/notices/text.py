"""What leaves the house: counts by kind and the address to sign in, never a fact of a case. Pure."""

from collections.abc import Mapping

from app.ledgers.messages import MESSAGE_KINDS

MOST_KINDS = 6


def digest_text(counts: Mapping[str, int], address: str, unit_name: str | None = None) -> str:
    """Return the words of a digest; a robot's names its unit. More than six kinds are summed up as 其他."""
    said = [(MESSAGE_KINDS[kind].short, counts[kind]) for kind in MESSAGE_KINDS if counts.get(kind)]
    if len(said) > MOST_KINDS:
        rest = sum(count for _, count in said[MOST_KINDS - 1 :])
        said = [*said[: MOST_KINDS - 1], ("其他", rest)]
    who = unit_name or "您"
    listed = "、".join(f"{words} {count} 项" for words, count in said)
    return f"【督考】{who}有待阅事项：{listed}。请登录 {address} 查看。"
