"""The numbers an office may change, with the values shipped (packs/parameters.toml)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core.db import Ref
from app.people.models import Parameter

PACK = Path(__file__).parents[2] / "packs" / "parameters.toml"
OWN = select(Parameter.name, Parameter.value).where(Parameter.authority_id == bindparam("authority_id", type_=Ref))


@dataclass(frozen=True, slots=True)
class Setting:
    """One parameter: its name, its words on the screen and the value shipped."""

    name: str
    label: str
    value: int


@cache
def shipped_settings() -> tuple[Setting, ...]:
    """Read the shipped parameters."""
    data = tomllib.loads(PACK.read_text(encoding="utf-8"))
    return tuple(Setting(name, row["label"], row["value"]) for name, row in data.items())


class Parameters(dict[str, int]):
    """The values in force for one authority, by name."""


def load_parameters(session: Session, authority_id: int | None) -> Parameters:
    """Return the shipped values overlaid with the authority's own."""
    values = Parameters({setting.name: setting.value for setting in shipped_settings()})
    if authority_id is not None:
        own = session.execute(OWN, {"authority_id": authority_id})
        values.update({name: int(value) for name, value in own})
    return values
