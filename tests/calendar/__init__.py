"""Tests of app/calendar."""
