"""Who there is in the bench's county: 120 units with a head and a liaison each, the offices, rules and a signed-in person."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from app.calendar import seed_state_years
from app.core.clock import Moment
from app.core.db import Database
from app.ledgers.scores import RuleSet, body_hash, canonical, read_pack
from app.people import Mandate, Person, Role, Unit, WebSession

RULES = Path(__file__).parent.parent / "packs" / "rules" / "default.toml"
TOWNS, DEPARTMENTS = 40, 80
LONG_AGO = date(2015, 1, 1)


@dataclass
class County:
    """Ids of what was made, and the tokens of the two who are signed in: the supervisor, and the head of one unit."""

    id: int
    units: list[int] = field(default_factory=list)
    persons: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def focus(self) -> int:
        """The unit whose ledger is measured."""
        return self.units[0]

    @property
    def office(self) -> str:
        """The cookie of the supervisor."""
        return f"dukao={self.tokens['supervisor']}"

    @property
    def head(self) -> str:
        """The cookie of the head of the unit."""
        return f"dukao={self.tokens[f'head{self.focus}']}"


def make_county(database: Database, now: Moment) -> County:
    """Put units, persons, mandates, rules of six years and one session into an empty database."""
    with database.begin() as session:
        seed_state_years(session, now)
        root = Unit(code="C", name="长河县", short_name="长河县", kind="county", is_authority=True)
        session.add(root)
        session.flush()
        county = County(root.id)
        kinds = [("town", "镇")] * TOWNS + [("department", "局")] * DEPARTMENTS
        below = {"parent_id": root.id, "authority_id": root.id}
        office = Unit(code="O", name="县委督查室", short_name="督查室", kind="office", **below)
        units = [
            Unit(code=f"U{n}", name=f"第{n}{word}", short_name=f"第{n}{word}", kind=kind, position=n, **below)
            for n, (kind, word) in enumerate(kinds, 1)
        ]
        session.add_all([office, *units])
        session.flush()
        county.units = [unit.id for unit in units]
        held = [("supervisor", Role.SUPERVISOR, office.id), ("inspector", Role.INSPECTOR, office.id)]
        held += [("assessor", Role.ASSESSOR, office.id), ("leader", Role.LEADER, root.id)]
        for unit in units:
            held += [(f"head{unit.id}", Role.HEAD, unit.id), (f"liaison{unit.id}", Role.LIAISON, unit.id)]
        persons = [Person(username=name, name=f"{role.label}{at}", unit_id=at) for name, role, at in held]
        session.add_all(persons)
        session.flush()
        county.persons = {person.username: person.id for person in persons}
        for person, (_, role, at) in zip(persons, held, strict=True):
            session.add(Mandate(person_id=person.id, unit_id=at, role=role, begins_on=LONG_AGO))
        session.add_all(_rules(county, now.day))
        session.add_all(_signed_in(county, name, now) for name in ("supervisor", f"head{county.focus}"))
    return county


def _rules(county: County, day: date) -> list[RuleSet]:
    data = read_pack(RULES.read_text(encoding="utf-8"))
    persons = {"drafted_by_id": county.persons["assessor"], "approved_by_id": county.persons["leader"]}
    return [
        RuleSet(
            authority_id=county.id,
            year=year,
            number=1,
            state="approved",
            body=canonical(data),
            hash=body_hash(data),
            effective_on=date(year, 1, 1),
            approved_on=date(year - 1, 12, 20),
            **persons,
        )
        for year in range(day.year - 5, day.year + 1)
    ]


def _signed_in(county: County, name: str, now: Moment) -> WebSession:
    token, person_id = secrets.token_urlsafe(32), county.persons[name]
    county.tokens[name] = token
    return WebSession(
        token_digest=hashlib.sha256(token.encode()).hexdigest(),
        person_id=person_id,
        data=json.dumps({"person_id": person_id, "csrf_token": secrets.token_hex(20)}),
        created_at=now.at,
        seen_at=now.at,
        expires_at=now.at + timedelta(hours=12),
    )
