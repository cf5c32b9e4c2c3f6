"""The case workflow: the one table for the life of a case (domain §3), from 登记 to 销号 and back."""

from dataclasses import replace

from app.ledgers.cases import Case
from app.ledgers.cases.words import STATES
from app.workflows.case_asks import ASKS
from app.workflows.case_children import FOLLOWS
from app.workflows.case_effects import touch
from app.workflows.case_end import ENDS
from app.workflows.case_nudges import NUDGES
from app.workflows.case_start import STARTS
from app.workflows.case_work import WORKS
from app.workflows.engine import Transition, Workflow


def units_of(case: Case) -> frozenset[int]:
    """The unit whose head and liaison move the case: the lead; before assignment the unit that logged it itself."""
    unit_id = case.lead_unit_id or (case.reporter_unit_id if case.source_kind == "self" else None)
    return frozenset({unit_id}) if unit_id else frozenset()


def touch_first(row: Transition) -> Transition:
    """Let a move of the case itself note that it moved before it moves, so that the case is written once."""
    if touch not in row.effects:
        return row
    return replace(row, before=(*row.before, touch), effects=tuple(e for e in row.effects if e is not touch))


CASE = Workflow(
    "case",
    "问题",
    Case,
    STATES,
    [touch_first(row) for row in (*STARTS, *WORKS, *ASKS, *NUDGES, *FOLLOWS, *ENDS)],
    units_of,
)
