"""The case workflow: the one table for the life of a case (domain §3), from 登记 to 销号 and back."""

from app.ledgers.cases import Case
from app.ledgers.cases.words import STATES
from app.workflows.case_asks import ASKS
from app.workflows.case_end import ENDS
from app.workflows.case_start import STARTS
from app.workflows.case_work import WORKS
from app.workflows.engine import Workflow


def units_of(case: Case) -> frozenset[int]:
    """The unit whose head and liaison move the case: the lead; before assignment the unit that logged it itself."""
    unit_id = case.lead_unit_id or (case.reporter_unit_id if case.source_kind == "self" else None)
    return frozenset({unit_id}) if unit_id else frozenset()


CASE = Workflow("case", "问题", Case, STATES, [*STARTS, *WORKS, *ASKS, *ENDS], units_of)
