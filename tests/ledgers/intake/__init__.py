"""Tests of app/ledgers/intake."""
