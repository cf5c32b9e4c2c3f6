"""Operator commands, thin."""

from flask import Flask

from app.cli.calendar import calendar_cli
from app.cli.daily import daily_cli
from app.cli.demo.load import demo_cli
from app.cli.docs import docs_cli
from app.cli.finding import finding_cli
from app.cli.ledger import ledger_cli
from app.cli.ledger_export import export_ledger
from app.cli.people import people_cli
from app.cli.scores import scores_cli
from app.cli.verify import verify_cli
from app.cli.wording import help_in_chinese, speak_chinese
from app.cli.worker import worker_cli

COMMANDS = (
    calendar_cli,
    daily_cli,
    demo_cli,
    docs_cli,
    finding_cli,
    ledger_cli,
    people_cli,
    scores_cli,
    verify_cli,
    worker_cli,
)


def register(app: Flask) -> None:
    """Add every command and group to the application; help and what is typed wrong are said in Chinese."""
    speak_chinese()
    ledger_cli.add_command(export_ledger)
    for command in COMMANDS:
        help_in_chinese(command, str(command.name))
        app.cli.add_command(command)
