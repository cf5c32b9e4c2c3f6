"""Workflows: how things move. Each is one transition table; the engine asks, moves and records."""

from app.workflows.calendar_change import declare_day, load_year
from app.workflows.case import CASE
from app.workflows.case_start import new_case
from app.workflows.context import Context
from app.workflows.daily import DayDone, catch_up, last_done, run_day
from app.workflows.engine import (
    NEW,
    STAYS,
    WORKFLOWS,
    Attempt,
    Need,
    Transition,
    Workflow,
    attempts,
    available,
    fire,
    refusal,
    state_of,
)
from app.workflows.gate import missing_for_closure
from app.workflows.objection import OBJECTION
from app.workflows.part import PART
from app.workflows.plan import PLAN
from app.workflows.posting import entry_digest
from app.workflows.request import EXTENSION, REQUEST, workflow_of
from app.workflows.reversal import REVERSAL
from app.workflows.rule_set import RULE_SET, new_rule_set
from app.workflows.settling import entries_in_force, settle
from app.workflows.wording import say_event

__all__ = [
    "CASE",
    "EXTENSION",
    "NEW",
    "OBJECTION",
    "PART",
    "PLAN",
    "REQUEST",
    "REVERSAL",
    "RULE_SET",
    "STAYS",
    "WORKFLOWS",
    "Attempt",
    "Context",
    "DayDone",
    "Need",
    "Transition",
    "Workflow",
    "attempts",
    "available",
    "catch_up",
    "declare_day",
    "entries_in_force",
    "entry_digest",
    "fire",
    "last_done",
    "load_year",
    "missing_for_closure",
    "new_case",
    "new_rule_set",
    "refusal",
    "run_day",
    "say_event",
    "settle",
    "state_of",
    "workflow_of",
]
