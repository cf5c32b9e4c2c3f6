"""Operator commands, thin."""

from flask import Flask

from app.cli.calendar import calendar_cli


def register(app: Flask) -> None:
    """Add every command group to the application."""
    app.cli.add_command(calendar_cli, "calendar")
