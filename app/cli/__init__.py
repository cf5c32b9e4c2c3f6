"""Operator commands, thin."""

from importlib import import_module
from importlib.util import find_spec

from flask import Flask

from app.cli.calendar import calendar_cli
from app.cli.daily import daily_cli
from app.cli.docs import docs_cli
from app.cli.scores import scores_cli
from app.cli.verify import verify_cli
from app.cli.worker import worker_cli

GROUPS = {"app.cli.demo.load": "demo_cli", "app.cli.ledger": "ledger_cli", "app.cli.roster": "roster_cli"}


def register(app: Flask) -> None:
    """Add every command and group to the application."""
    for command in (calendar_cli, daily_cli, docs_cli, scores_cli, verify_cli, worker_cli):
        app.cli.add_command(command)
    for module, name in GROUPS.items():
        if find_spec(module):
            app.cli.add_command(getattr(import_module(module), name))
