"""Every table, in one import: for migrations, protections and tests."""

from app import audit, calendar, people
from app.core.db import Model
from app.ledgers import cases, intake, messages, scores, slips

PACKAGES = (audit, calendar, people, cases, intake, messages, scores, slips)
metadata = Model.metadata

__all__ = ["PACKAGES", "metadata"]
