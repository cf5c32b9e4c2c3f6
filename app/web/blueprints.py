"""Every blueprint of the web, by noun."""

from flask import Blueprint

from app.web import health, log, moves, workbench, years

BLUEPRINTS: tuple[Blueprint, ...] = (
    health.blueprint,
    log.blueprint,
    moves.blueprint,
    workbench.blueprint,
    years.blueprint,
)
