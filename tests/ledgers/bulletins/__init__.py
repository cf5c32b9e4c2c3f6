"""Bulletins."""
