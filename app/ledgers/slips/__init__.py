"""Slips (三单): numbered documents that push a case, their packs of types, and who sees them."""

from app.ledgers.slips import scopes as _scopes  # noqa: F401
from app.ledgers.slips.finders import find_slip, pack_of, slips_of_case, slips_to_sign, waits_for
from app.ledgers.slips.models import Slip, SlipSetting
from app.ledgers.slips.packs import DEFAULT_PACK, SlipPack, SlipType, read_slip_pack, shipped_packs
from app.ledgers.slips.pages import (
    MOST_TO_SIGN,
    SlipFilters,
    SlipPage,
    count_slips,
    is_late,
    slip_events,
    slip_page,
    slip_rows,
    slips_beside,
    slips_waiting,
    types_met,
)
from app.people import Absence

__all__ = [
    "DEFAULT_PACK",
    "MOST_TO_SIGN",
    "Absence",
    "Slip",
    "SlipFilters",
    "SlipPack",
    "SlipPage",
    "SlipSetting",
    "SlipType",
    "count_slips",
    "find_slip",
    "is_late",
    "pack_of",
    "read_slip_pack",
    "shipped_packs",
    "slip_events",
    "slip_page",
    "slip_rows",
    "slips_beside",
    "slips_of_case",
    "slips_to_sign",
    "slips_waiting",
    "types_met",
    "waits_for",
]
