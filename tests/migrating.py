"""Run the project's own migrations on a test's database, as the owner of its tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from app.core.db import Database, Model, make_engine
from app.core.protect import protect

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def alembic_config(database: Database) -> Config:
    """Return the configuration that points the project's migrations at a database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["database"] = database
    return config


def build_schema(database: Database, revision: str = "head") -> None:
    """Upgrade a database to a revision, protections included."""
    if any((MIGRATIONS / "versions").glob("*.py")):
        command.upgrade(alembic_config(database), revision)
        return
    owner = make_engine(database.owner_url)
    with owner.begin() as connection:
        Model.metadata.create_all(connection)
        user = database.engine.url.username
        protect(connection, user if user != owner.url.username else None)
    owner.dispose()
