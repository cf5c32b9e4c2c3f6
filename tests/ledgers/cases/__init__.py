"""Tests of app/ledgers/cases."""
