"""Run the project's own migrations on a test's database, as the owner of its tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from app.core.db import Database

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def alembic_config(database: Database) -> Config:
    """Return the configuration that points the project's migrations at a database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["database"] = database
    return config


def build_schema(database: Database, revision: str = "head") -> None:
    """Upgrade a database to a revision, protections included."""
    command.upgrade(alembic_config(database), revision)
