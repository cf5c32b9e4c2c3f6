"""What every command stands on: the application's database, clock and folder, and errors said in words."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from app.core.clock import Clock, Moment
from app.core.db import Database
from app.core.errors import DukaoError
from config import Settings

NO_TABLES = "数据库还没有建好，请先执行 flask db upgrade。"


def the_database() -> Database:
    """Return the application's database."""
    found: Database = current_app.extensions["database"]
    return found


def the_moment() -> Moment:
    """Read the application's clock."""
    clock: Clock = current_app.extensions["clock"]
    return clock.now()


def the_settings() -> Settings:
    """Return the settings in force."""
    found: Settings = current_app.config["DUKAO"]
    return found


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turn what the domain refuses, and a database that is not ready, into a message on stderr and exit code 1."""
    try:
        yield
    except DukaoError as error:
        raise click.ClickException(str(error)) from error
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(_why(error)) from error


def _why(error: DBAPIError) -> str:
    text = str(error.orig)
    is_missing = "no such table" in text or getattr(error.orig, "sqlstate", None) == "42P01"
    return NO_TABLES if is_missing else f"数据库不能使用：{text.strip().splitlines()[0]}"
