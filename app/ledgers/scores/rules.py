"""Rule sets as frozen values: read from a pack or from what was frozen, hashed, and found by day. Pure."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT, WHOLE = Decimal("0.01"), Decimal(100)


def rounded(points: Decimal) -> Decimal:
    """Round to two decimals, half away from zero (domain §6)."""
    return points.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """One score rule. Points are signed decimals; a cap is the lowest sum for one case and unit before the factor."""

    code: str
    name: str
    sign: str
    trigger: str
    points: Decimal
    further: Decimal | None
    cap_case: Decimal | None
    lead: Decimal
    assist: Decimal
    evidence_by: str
    basis: str
    table: Mapping[str, Decimal] = field(default_factory=dict)

    def factor(self, is_lead: bool) -> Decimal:
        """Return what the lead or an assisting unit bears of the points."""
        return self.lead if is_lead else self.assist


@dataclass(frozen=True, slots=True)
class Group:
    """Units that are ranked with each other: by their kind."""

    code: str
    name: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleBody:
    """The content of a rule set: what is frozen and hashed."""

    name: str
    full_marks: Decimal
    floor: Decimal
    groups: tuple[Group, ...]
    rules: tuple[ScoreRule, ...]
    components: tuple[tuple[str, str, Decimal], ...]
    grades: tuple[Mapping[str, Any], ...]
    _by_trigger: Mapping[str, tuple[ScoreRule, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the rules by what triggers them: each late day of each case asks."""
        triggers = {rule.trigger for rule in self.rules}
        found = {trigger: tuple(rule for rule in self.rules if rule.trigger == trigger) for trigger in triggers}
        object.__setattr__(self, "_by_trigger", found)

    def rule(self, code: str) -> ScoreRule | None:
        """Return the rule with the code, or None."""
        return next((rule for rule in self.rules if rule.code == code), None)

    def triggered_by(self, trigger: str) -> tuple[ScoreRule, ...]:
        """Return the rules with the trigger, in order."""
        return self._by_trigger.get(trigger, ())

    def group_of(self, unit_kind: str) -> Group | None:
        """Return the group that units of the kind are ranked in, or None for units that are not assessed."""
        return next((group for group in self.groups if unit_kind in group.kinds), None)


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A frozen rule set with the days it is in force for: from `effective_on` to 31 December, or a newer version."""

    id: int
    year: int
    version: int
    effective_on: date
    body: RuleBody


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All frozen rule sets of an authority."""

    versions: tuple[RuleVersion, ...] = ()

    def at(self, day: date) -> RuleVersion | None:
        """Return the version in force on the day, or None where the year has none."""
        found = None
        for version in self.versions:
            if version.year != day.year or version.effective_on > day:
                continue
            if found is None or (version.effective_on, version.version) > (found.effective_on, found.version):
                found = version
        return found

    def only(self, version_id: int) -> "RuleBook":
        """Return the book as if the version held its whole year: what was posted under it is judged by it alone."""
        kept = (v for v in self.versions if v.id == version_id)
        return RuleBook(tuple(replace(v, effective_on=date(v.year, 1, 1)) for v in kept))


def read_pack(text: str) -> dict[str, Any]:
    """Read a pack's TOML into the plain data that is stored and hashed; ValueError when it is no rule set."""
    data = tomllib.loads(text)
    body_of(data)
    return data


def canonical(data: Mapping[str, Any]) -> str:
    """Return the one text form of a rule set that is hashed and stored."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def body_hash(data: Mapping[str, Any]) -> str:
    """Return the hash that every report prints."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()


def body_of(data: Mapping[str, Any]) -> RuleBody:
    """Make the value from plain data; ValueError says what is wrong."""
    try:
        body = RuleBody(
            name=data["name"],
            full_marks=Decimal(data["full_marks"]),
            floor=Decimal(data["floor"]),
            groups=tuple(Group(g["code"], g["name"], tuple(g["kinds"])) for g in data["groups"]),
            rules=tuple(_rule(row) for row in data["rules"]),
            components=tuple((c["code"], c["name"], Decimal(c["weight"])) for c in data["components"]),
            grades=tuple(data["grades"]),
        )
    except (KeyError, ArithmeticError, TypeError) as error:
        raise ValueError(f"规则包缺少或写错了：{error}") from error
    if sum((weight for _, _, weight in body.components), Decimal(0)) != WHOLE:
        raise ValueError("各部分权重之和必须为 100%")
    return body


def _rule(row: Mapping[str, Any]) -> ScoreRule:
    return ScoreRule(
        code=row["code"],
        name=row["name"],
        sign=row["sign"],
        trigger=row["trigger"],
        points=Decimal(row["points"]),
        further=Decimal(row["further"]) if "further" in row else None,
        cap_case=Decimal(row["cap_case"]) if "cap_case" in row else None,
        lead=Decimal(row["lead"]),
        assist=Decimal(row["assist"]),
        evidence_by=row["evidence_by"],
        basis=row["basis"],
        table={name: Decimal(value) for name, value in row.get("table", {}).items()},
    )
