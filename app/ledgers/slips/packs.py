"""Packs of slip types, which are data (packs/slips): order, name, colour word, tone, signers, limits, escalation. Pure."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[3] / "packs" / "slips"
DEFAULT_PACK = "blue-yellow-red"


@dataclass(frozen=True, slots=True)
class SlipType:
    """One type of slip. Level 0 stands outside the ladder; days are working days; no `from_late_day`: by hand alone."""

    code: str
    level: int
    name: str
    colour: str
    tone: str
    number_word: str
    signers: tuple[str, ...]
    receipt_days: int
    reply_days: int
    copy_to: tuple[str, ...]
    may_be_direct: bool
    text: str
    from_late_day: int | None = None
    score_key: str = ""
    interview: str = ""

    def body(self, title: str, number: str, ground: str) -> str:
        """Return the text a slip of this type begins with."""
        return self.text.format(title=title, number=number, ground=ground, reply_days=self.reply_days)


@dataclass(frozen=True, slots=True)
class SlipPack:
    """A pack: its types, lowest level first."""

    code: str
    name: str
    types: tuple[SlipType, ...]

    def find(self, code: str) -> SlipType | None:
        """Return the type of that code."""
        return next((kind for kind in self.types if kind.code == code), None)

    def of_level(self, level: int) -> SlipType | None:
        """Return the type of a level of the ladder."""
        return next((kind for kind in self.types if kind.level == level > 0), None)

    def reach(self, place: int) -> int:
        """Return the highest level that the late working day of that place reaches, 0 for none."""
        reached = (kind.level for kind in self.types if kind.from_late_day is not None and kind.from_late_day <= place)
        return max(reached, default=0)

    def renamed(self, names: Mapping[str, str]) -> "SlipPack":
        """Return the pack with an office's own names."""
        kinds = (replace(kind, name=names.get(kind.code) or kind.name) for kind in self.types)
        return replace(self, types=tuple(kinds))


@cache
def shipped_packs() -> Mapping[str, SlipPack]:
    """Read every pack, by its code (the file's name), the default first."""
    files = sorted(FOLDER.glob("*.toml"), key=lambda path: (path.stem != DEFAULT_PACK, path.stem))
    return {path.stem: read_slip_pack(path.stem, path.read_text(encoding="utf-8")) for path in files}


def read_slip_pack(code: str, text: str) -> SlipPack:
    """Read a pack; ValueError for one that cannot work."""
    data = tomllib.loads(text)
    kinds = tuple(sorted(map(_type, data["types"]), key=lambda kind: kind.level))
    _check(kinds)
    return SlipPack(code, data["name"], kinds)


def _type(row: Mapping[str, Any]) -> SlipType:
    return SlipType(**{**row, "signers": tuple(row["signers"]), "copy_to": tuple(row["copy_to"])})


def _check(kinds: Iterable[SlipType]) -> None:
    levels = [kind.level for kind in kinds if kind.level]
    if levels != list(range(1, len(levels) + 1)):
        raise ValueError("levels of a pack must run 1, 2, 3 without a gap")
    for kind in kinds:
        if not kind.colour or not kind.name or not kind.signers:
            raise ValueError(f"{kind.code}: a type has a name, a colour word and a signer")
