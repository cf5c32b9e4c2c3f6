"""Tests of app/ledgers."""
