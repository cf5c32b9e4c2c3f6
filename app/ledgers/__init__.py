"""Ledgers: what is on record, one package for each."""
