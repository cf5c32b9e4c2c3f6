"""The invented county 云岭县 as plain values, read from packs/demo: its units, people, problems and phrases."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

PACK = Path(__file__).parents[3] / "packs" / "demo"
LONG_AGO = -900
ANSWERING = ("head", "liaison")


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """One unit. `name` is unique; `short` is what offices write; `group` is the ranking group, None for none.

    `authority` names the authority it answers to, None for the county; `is_authority`: it runs a ledger of its own.
    """

    name: str
    short: str
    code: str
    kind: str
    parent: str | None
    group: str | None
    aliases: tuple[str, ...]
    authority: str | None
    is_authority: bool


@dataclass(frozen=True, slots=True)
class DemoMandate:
    """A role at a unit. `begins` and `ends` are days from the last day of the lived quarter, both included.

    `office` names the authority whose business it is: a unit that is one has an office of its own, while its head and
    liaison answer to the authority above.
    """

    role: str
    unit: str
    begins: int
    ends: int | None
    office: str

    def dates(self, last_day: date) -> tuple[date, date | None]:
        """Return first and last day of validity (None for an open end) for a quarter that ends on `last_day`."""
        ends_on = None if self.ends is None else last_day + timedelta(days=self.ends)
        return last_day + timedelta(days=self.begins), ends_on

    def counts_for(self, unit: str | None, office: str) -> bool:
        """Say whether it is held at the unit; in the office, if no unit is named."""
        return self.office == office if unit is None else self.unit == unit


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One person with an account. `hint` says what to try with it, None for accounts that are not printed."""

    username: str
    name: str
    title: str
    mandates: tuple[DemoMandate, ...]
    portfolio: tuple[str, ...]
    hint: str | None


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem with the texts of its whole life. `lasting` makes it systemic; `stage_goal` belongs to long_term.

    `above` is the title of the problem of the authority above that is handed down as this one.
    """

    title: str
    text: str
    category: str
    place: str
    origin: str
    source: str
    discovery: str
    lead: str
    assisting: tuple[str, ...]
    rect_class: str
    standard: str
    measures: tuple[str, ...]
    progress: tuple[str, ...]
    result: str
    lesson: str
    lasting: str | None
    stage_goal: str | None
    above: str | None


@dataclass(frozen=True)
class County:
    """The county. Wherever a unit is named, it is named by `DemoUnit.name`; the first unit is the county itself.

    `below` are the problems of authorities within the county; `problems` are its own.
    """

    groups: Mapping[str, str]
    units: tuple[DemoUnit, ...]
    people: tuple[DemoPerson, ...]
    problems: tuple[Problem, ...]
    below: tuple[Problem, ...]
    phrases: Mapping[str, tuple[str, ...]]

    @property
    def root(self) -> DemoUnit:
        """The county itself, which is the authority."""
        return self.units[0]

    def unit(self, name: str) -> DemoUnit:
        """Return the unit of that name, short name or alias; KeyError if there is none."""
        return _by_any_name(self.units)[name]

    def authorities(self) -> Iterator[DemoUnit]:
        """Yield the county and every unit in it that runs a ledger of its own."""
        return (unit for unit in self.units if unit.is_authority)

    def holders(self, role: str, unit: str | None = None) -> Iterator[DemoPerson]:
        """Yield who holds the role in the county's office (at the unit, if one is named) on the last day of the quarter."""
        for person in self.people:
            held = (m for m in person.mandates if m.begins <= 0 and (m.ends is None or m.ends >= 0))
            if any(m.role == role and m.counts_for(unit, self.root.name) for m in held):
                yield person


def load_county(folder: Path = PACK) -> County:
    """Read the county; KeyError names a unit, person or origin that does not exist."""
    data = _read(folder / "yunling.toml")
    units = tuple(_units(data))
    called = _by_any_name(units)
    names = {key: unit.name for key, unit in called.items()}
    origins = _read(folder / "origins.toml")
    own, below = (_rows(folder, pattern) for pattern in ("problems-*.toml", "below-*.toml"))
    return County(
        groups=data["groups"],
        units=units,
        people=tuple(_people(data, called)),
        problems=tuple(_problem(row, names, origins[row["origin"]]) for row in own),
        below=tuple(_problem(row, names, origins[row["origin"]]) for row in below),
        phrases={kind: tuple(texts) for kind, texts in _read(folder / "phrases.toml").items()},
    )


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _rows(folder: Path, pattern: str) -> list[dict[str, Any]]:
    return [row for path in sorted(folder.glob(pattern)) for row in _read(path)["problem"]]


def _units(data: dict[str, Any]) -> Iterator[DemoUnit]:
    """Yield the county, then its units in the order of the file, parents before children."""
    root = DemoUnit(data["name"], data["name"], data["code"], "county", None, None, (), None, is_authority=True)
    yield root
    known = {root.name: root}
    for row in data["units"]:
        name, short = row["name"], row.get("short", row["name"])
        parent = known[row.get("parent", root.name)]
        authority = parent.name if parent.is_authority else parent.authority
        aliases, runs = tuple(row.get("aliases", ())), row.get("authority", False)
        kind, group = row["kind"], row.get("group")
        unit = DemoUnit(name, short, row["code"], kind, parent.name, group, aliases, authority, is_authority=runs)
        known[name] = known[short] = unit
        yield unit


def _by_any_name(units: tuple[DemoUnit, ...]) -> dict[str, DemoUnit]:
    return {name: unit for unit in units for name in (unit.name, unit.short, *unit.aliases)}


def _people(data: dict[str, Any], called: Mapping[str, DemoUnit]) -> Iterator[DemoPerson]:
    portfolios: dict[str, list[str]] = data["portfolios"]
    hints: dict[str, str] = data["demo_accounts"]
    if strangers := (portfolios.keys() | hints.keys()) - {row["username"] for row in data["people"]}:
        raise KeyError(", ".join(sorted(strangers)))
    for row in data["people"]:
        username = row["username"]
        yield DemoPerson(
            username,
            row["name"],
            row["title"],
            tuple(_mandate(held, called[held["unit"]]) for held in row["mandates"]),
            tuple(called[unit].name for unit in portfolios.get(username, ())),
            hints.get(username),
        )


def _mandate(row: dict[str, Any], unit: DemoUnit) -> DemoMandate:
    is_of_its_own = unit.authority is None or (unit.is_authority and row["role"] not in ANSWERING)
    office = unit.name if is_of_its_own else unit.authority or unit.name
    return DemoMandate(row["role"], unit.name, row.get("begins", LONG_AGO), row.get("ends"), office)


def _problem(row: dict[str, Any], names: Mapping[str, str], origin: Mapping[str, str]) -> Problem:
    return Problem(
        title=row["title"],
        text=row["text"],
        category=row["category"],
        place=row["place"],
        origin=row["origin"],
        source=origin["source"],
        discovery=origin["discovery"],
        lead=names[row["lead"]],
        assisting=tuple(names[unit] for unit in row.get("assisting", ())),
        rect_class=row["class"],
        standard=row["standard"],
        measures=tuple(row["measures"]),
        progress=tuple(row["progress"]),
        result=row["result"],
        lesson=row["lesson"],
        lasting=row.get("lasting"),
        stage_goal=row.get("stage_goal"),
        above=row.get("above"),
    )
