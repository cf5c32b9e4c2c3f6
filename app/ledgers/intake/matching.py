"""Match the names by which offices call units with the units there are. Nothing is guessed in silence. Pure."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from app.ledgers.intake.cells import EVERY_KIND, EVERY_TOWN, fold

PACK = Path(__file__).parents[3] / "packs" / "unit_names.toml"
TOWN = "town"
MOST_SUGGESTIONS = 3
MOST_SEARCHES = 500  # a file with more unknown names than that gets no further suggestions
LONGEST_NAME = 60
LEAST_LIKENESS = 0.5
_JOINS = re.compile(r"\s+|和|及|与")
_PART_WORDS = re.compile(r"[(（](?:牵头|配合|责任单位|协助|主办|协办)[)）]")


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit as the matching sees it: its names, its kind (`town`, `department`, …) and remembered aliases."""

    id: int
    name: str
    short_name: str = ""
    kind: str = "department"
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupName:
    """A remembered name of all units of a kind (EVERY_KIND: of any). `lead_id` is who leads where it stands for the lead."""

    name: str
    kind: str
    lead_id: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """What a name means: one unit, or several (ambiguous), or none with the nearest as `suggestions`.

    `is_of_group` says that the name means many units, of which this one is not the lead.
    """

    said: str
    units: tuple[KnownUnit, ...] = ()
    suggestions: tuple[KnownUnit, ...] = ()
    is_of_group: bool = False

    @property
    def unit(self) -> KnownUnit | None:
        """The one unit that is meant, if it is certain."""
        return self.units[0] if len(self.units) == 1 else None

    @property
    def problem(self) -> str:
        """Why the name is not certain, fit to show; empty where it is."""
        if len(self.units) == 1:
            return ""
        if self.units:
            return f"“{self.said}”可能是{'或'.join(unit.name for unit in self.units)}，请指定一个"
        nearest = "、".join(unit.name for unit in self.suggestions)
        return f"没有名为“{self.said}”的单位" + (f"，是不是{nearest}？" if nearest else "，请指定一次，以后自动识别")


class Directory:
    """The units of one authority, found by any of the names that offices use for them."""

    def __init__(self, authority_name: str, units: Iterable[KnownUnit], groups: Iterable[GroupName] = ()) -> None:
        """Index the units. `authority_name` (云岭县) is the prefix that names may carry or leave out."""
        self._authority = fold(authority_name)
        self.units, self.groups = tuple(units), tuple(groups)
        self._groups = {fold(group.name): group for group in (GroupName(EVERY_TOWN, TOWN), *self.groups)}
        self._forms = {unit.id: self._bases(fold(unit.short_name or unit.name)) for unit in self.units}
        self._found: dict[str, tuple[KnownUnit, ...]] = {}
        self._certain: dict[str, list[KnownUnit]] = defaultdict(list)
        self._aliases: dict[str, list[KnownUnit]] = defaultdict(list)
        self._likely: dict[str, list[KnownUnit]] = defaultdict(list)
        for unit in self.units:
            _add(self._certain, unit, (unit.name, unit.short_name))
            _add(self._aliases, unit, unit.aliases)
            _add(self._likely, unit, self._writings(unit))

    @property
    def towns(self) -> tuple[KnownUnit, ...]:
        """Every town of the authority, which is what 各镇 means."""
        return self.units_of(TOWN)

    def units_of(self, kind: str) -> tuple[KnownUnit, ...]:
        """Return all units of a kind (EVERY_KIND: of any)."""
        return tuple(unit for unit in self.units if kind in (unit.kind, EVERY_KIND))

    def match(self, said: str) -> Match:
        """Match one name: by its own names first, then by remembered aliases, then by the usual short forms.

        Where several units share a name of their own, the remembered alias says which is meant.
        """
        key = fold(plain_name(said))
        if len(self._certain.get(key, ())) > 1 and len(self._aliases.get(key, ())) == 1:
            return Match(said, tuple(self._aliases[key]))
        for index in (self._certain, self._aliases, self._likely):
            if key in index:
                return Match(said, tuple(index[key]))
        return Match(said, suggestions=self._nearest(key))

    def match_all(self, names: Iterable[str]) -> tuple[Match, ...]:
        """Match the names of one cell, each unit once; 各镇 becomes every town, `甲局 乙局` two names."""
        matches = [match for name in names for match in self._match_joined(name)]
        first: dict[KnownUnit | str, Match] = {}
        for match in matches:
            first.setdefault(match.unit or match.said, match)
        return tuple(first.values())

    def _match_joined(self, said: str) -> list[Match]:
        whole = self._match_any(said)
        parts = [part for part in _JOINS.split(said) if part]
        if whole[0].units or len(parts) == 1:
            return whole
        split = [match for part in parts for match in self._match_any(part)]
        return split if all(match.units for match in split) else whole

    def _match_any(self, said: str) -> list[Match]:
        """Match a name of one unit, or of all units of a kind: its lead first, if it has one."""
        group = self._groups.get(fold(plain_name(said)))
        if group is None:
            return [self.match(said)]
        units = sorted(self.units_of(group.kind), key=lambda unit: unit.id != group.lead_id)
        return [Match(said, (unit,), is_of_group=unit.id != group.lead_id) for unit in units] or [Match(said)]

    def _writings(self, unit: KnownUnit) -> Iterator[str]:
        """Give every usual writing of a unit's names: short forms, with and without the county before them."""
        level = self._authority[-1:]
        for name in filter(None, {unit.name, unit.short_name}):
            for base in self._bases(fold(name)):
                yield from (base, level + base, self._authority + base)
                if unit.kind == TOWN:
                    yield from (base + "政府", base + "人民政府")

    def _bases(self, name: str) -> set[str]:
        """Return a name without the county before it, and what offices shorten it to."""
        level, place = self._authority[-1:], self._authority[:-1]
        base = name.removeprefix("中共").removeprefix(self._authority)
        base = base.removeprefix(level) if base == name or not base.startswith(level) else base
        branch = re.fullmatch(rf"(?:.*?[省市](?!场))?((.+?)局{re.escape(place)}{level}?分局)", name) if place else None
        bases = {base} | ({branch[1], branch[2] + "分局", branch[2] + "局"} if branch else set())
        return bases | {form for group in load_short_forms() if bases & set(group) for form in group}

    def _nearest(self, key: str) -> tuple[KnownUnit, ...]:
        if key not in self._found:
            if len(key) > LONGEST_NAME or len(self._found) >= MOST_SEARCHES:
                return ()
            self._found[key] = self._search(min(self._bases(key), key=len))
        return self._found[key]

    def _search(self, wanted: str) -> tuple[KnownUnit, ...]:
        scores = {unit.id: max(_likeness(wanted, form) for form in self._forms[unit.id]) for unit in self.units}
        likely = [unit for unit in self.units if scores[unit.id] >= LEAST_LIKENESS]
        return tuple(sorted(likely, key=lambda unit: -scores[unit.id])[:MOST_SUGGESTIONS])


@cache
def load_short_forms(path: Path = PACK) -> tuple[tuple[str, ...], ...]:
    """Read the groups of names that call one and the same department."""
    return tuple(tuple(group) for group in tomllib.loads(path.read_text(encoding="utf-8"))["groups"])


def plain_name(said: str) -> str:
    """Return a name without the words for its part (牵头) beside it: the form in which an alias is remembered."""
    return _PART_WORDS.sub("", said).strip()


def _add(index: dict[str, list[KnownUnit]], unit: KnownUnit, names: Iterable[str]) -> None:
    for key in {fold(name) for name in names if name}:
        index[key].append(unit)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()
