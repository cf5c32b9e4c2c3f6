"""Every blueprint of the web, by noun."""

from flask import Blueprint

from app.web import (
    absences,
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
    slips,
    workbench,
    years,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    absences.blueprint,
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
    slips.blueprint,
    workbench.blueprint,
    years.blueprint,
)
