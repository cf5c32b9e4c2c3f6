"""Slips (三单): numbered documents that push a case, their packs of types, and who sees them."""

from app.ledgers.slips import scopes as _scopes  # noqa: F401
from app.ledgers.slips.finders import find_slip, pack_of, slips_of_case, slips_to_sign
from app.ledgers.slips.models import Slip, SlipSetting
from app.ledgers.slips.packs import DEFAULT_PACK, SlipPack, SlipType, read_slip_pack, shipped_packs
from app.people import Absence

__all__ = [
    "DEFAULT_PACK",
    "Absence",
    "Slip",
    "SlipPack",
    "SlipSetting",
    "SlipType",
    "find_slip",
    "pack_of",
    "read_slip_pack",
    "shipped_packs",
    "slips_of_case",
    "slips_to_sign",
]
