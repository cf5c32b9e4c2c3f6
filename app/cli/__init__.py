"""Operator commands, thin."""
