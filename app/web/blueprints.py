"""Every blueprint of the web, by noun."""

from flask import Blueprint

from app.web import cases, health, log, moves, workbench, years

BLUEPRINTS: tuple[Blueprint, ...] = (
    cases.blueprint,
    health.blueprint,
    log.blueprint,
    moves.blueprint,
    workbench.blueprint,
    years.blueprint,
)
