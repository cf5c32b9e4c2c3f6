"""Tests of handing ledgers out."""
