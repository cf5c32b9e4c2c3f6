"""Settings from the environment; no logic."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the data lies and how the house is run. `owner_url` is the tables' owner on PostgreSQL, for migrations."""

    instance: Path
    database_url: str
    owner_url: str | None = None
    is_secure: bool = False
    password_profile: str = "asvs"  # noqa: S105 - the name of a profile
    max_upload: int = 64 * 1024 * 1024


def from_environment() -> Settings:
    """Read the settings; the data folder is `instance/` beside this file unless told."""
    instance = Path(os.environ.get("DUKAO_INSTANCE") or ROOT / "instance").absolute()
    return Settings(
        instance=instance,
        database_url=os.environ.get("DUKAO_DATABASE_URL") or f"sqlite:///{instance / 'dukao.db'}",
        owner_url=os.environ.get("DUKAO_OWNER_URL") or None,
        is_secure=os.environ.get("DUKAO_HTTPS") == "1",
        password_profile=os.environ.get("DUKAO_PASSWORDS") or "asvs",
    )
