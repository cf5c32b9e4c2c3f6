"""Slips: packs as data and the ladder as arithmetic."""
