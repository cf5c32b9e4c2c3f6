"""Every table, in one import: for migrations, protections and tests."""

from app import audit, calendar, people
from app.core.db import Model
from app.ledgers import bulk, bulletins, cases, exports, intake, messages, scores, slips, talks, views

PACKAGES = (audit, calendar, people, cases, intake, messages, scores, slips, talks, bulletins, exports, views, bulk)
metadata = Model.metadata

__all__ = ["PACKAGES", "metadata"]
