"""Every blueprint of the web, by noun."""

from flask import Blueprint

from app.web import moves

BLUEPRINTS: tuple[Blueprint, ...] = (moves.blueprint,)
