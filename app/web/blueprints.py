"""Every blueprint of the web, by noun."""

from flask import Blueprint

from app.web import (
    account,
    cases,
    health,
    intake,
    lists,
    log,
    moves,
    people,
    roster,
    scores,
    second_step,
    workbench,
    years,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    account.blueprint,
    cases.blueprint,
    health.blueprint,
    intake.blueprint,
    lists.blueprint,
    log.blueprint,
    moves.blueprint,
    people.blueprint,
    roster.blueprint,
    scores.blueprint,
    second_step.blueprint,
    workbench.blueprint,
    years.blueprint,
)
