"""Views: filters of the ledger that were given a name, for oneself or for roles, and the columns each person reads."""

from app.ledgers.views import scopes as _scopes  # noqa: F401
from app.ledgers.views.keeping import (
    MOST_VIEWS,
    SHARED_WITH,
    SHARERS,
    View,
    columns_of,
    keep_columns,
    remove_view,
    save_view,
    views_of,
)
from app.ledgers.views.models import LedgerColumns, SavedView, ViewShare

__all__ = [
    "MOST_VIEWS",
    "SHARED_WITH",
    "SHARERS",
    "LedgerColumns",
    "SavedView",
    "View",
    "ViewShare",
    "columns_of",
    "keep_columns",
    "remove_view",
    "save_view",
    "views_of",
]
