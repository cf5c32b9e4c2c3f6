"""Every blueprint of the web, by noun."""

from flask import Blueprint

from app.web import (
    absences,
    account,
    bulletins,
    cases,
    health,
    intake,
    lists,
    log,
    moves,
    people,
    portfolio,
    roster,
    scores,
    second_step,
    slips,
    talks,
    workbench,
    years,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    absences.blueprint,
    account.blueprint,
    bulletins.blueprint,
    cases.blueprint,
    health.blueprint,
    intake.blueprint,
    lists.blueprint,
    log.blueprint,
    moves.blueprint,
    people.blueprint,
    portfolio.blueprint,
    roster.blueprint,
    scores.blueprint,
    second_step.blueprint,
    slips.blueprint,
    talks.blueprint,
    workbench.blueprint,
    years.blueprint,
)
