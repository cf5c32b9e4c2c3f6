"""What can go wrong in the domain, each with words fit to show. The web gives each its status code."""

from collections.abc import Iterable


class DukaoError(Exception):
    """Base of everything the domain refuses; `str(error)` is a Chinese sentence for the person."""


class Absent(DukaoError):
    """The thing does not exist for this actor (404): absent and invisible are the same."""

    def __init__(self, said: str = "没有找到，或者您无权查看。") -> None:
        super().__init__(said)


class Refused(DukaoError):
    """The actor sees the thing but may not do this now (409); the text says why and what next."""


class Stale(Refused):
    """Somebody was faster: the version in the form is not the version on record (409)."""

    def __init__(self, seen: int | None = None, current: int | None = None) -> None:
        self.seen, self.current = seen, current
        versions = f"您看到的是第 {seen} 版，现在是第 {current} 版。" if seen is not None else ""
        super().__init__(f"刚刚有人先办理了这一项。{versions}请刷新后核对，再决定是否办理。")


class TooMany(Refused):
    """Too much is under way for this person already (429); asking again a little later is all there is to do."""


class Invalid(DukaoError):
    """The input is wrong (422). `errors` maps a field name to what is wrong with it, in Chinese."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__(in_one_sentence(errors.values()))


def in_one_sentence(said: Iterable[str]) -> str:
    """Join what is wrong: each without its full stop, and one at the end where there was any."""
    parts = list(said)
    joined = "；".join(part.removesuffix("。") for part in parts)
    return f"{joined}。" if any(part.endswith("。") for part in parts) else joined
