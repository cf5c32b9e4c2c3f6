"""Workflows: how things move. Each is one transition table; the engine asks, moves and records."""

from app.workflows.absences import Substitution, cancel_absence, name_substitute
from app.workflows.accounts import (
    IssuedCode,
    change_person,
    create_person,
    disable_person,
    enable_person,
    reset_by_operator,
    reset_password,
)
from app.workflows.acting import level_of
from app.workflows.bulletin import BULLETIN, new_bulletin
from app.workflows.calendar_change import declare_day, load_year
from app.workflows.case import CASE
from app.workflows.case_start import new_case
from app.workflows.commitment import COMMITMENT
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
    seize,
    state_of,
)
from app.workflows.gate import missing_for_closure
from app.workflows.handover import PassedOn, pass_on
from app.workflows.instruction import INSTRUCTION
from app.workflows.interview import INTERVIEW, SlipNamed, propose_for_slips
from app.workflows.mandates import Appointment, end_mandate, grant_mandate, set_portfolio, vacancy
from app.workflows.objection import OBJECTION
from app.workflows.part import PART
from app.workflows.passwords import change_password, use_code
from app.workflows.plan import PLAN
from app.workflows.posting import entry_digest
from app.workflows.readiness import Condition, is_ready, readiness
from app.workflows.request import EXTENSION, REQUEST, workflow_of
from app.workflows.reversal import REVERSAL
from app.workflows.roster import Applied, apply_roster, judge_roster, reissue_codes, tables_of
from app.workflows.rule_set import RULE_SET, new_rule_set
from app.workflows.second_factor import (
    drop_second_factor,
    enrol_second_factor,
    has_second_factor,
    take_second_step,
)
from app.workflows.settling import entries_in_force, settle
from app.workflows.signing_in import Credentials, SignIn, check_credentials, end_all_sessions, sign_in, sign_out
from app.workflows.signing_slips import Signed, sign_many
from app.workflows.slip import SLIP
from app.workflows.slip_effects import new_slip
from app.workflows.slip_pack import choose_pack
from app.workflows.suspicion import Doubt, TrueTime, clock_doubts, database_time, doubts
from app.workflows.units import change_unit, close_unit, create_unit
from app.workflows.wording import say_event

__all__ = [
    "BULLETIN",
    "CASE",
    "COMMITMENT",
    "EXTENSION",
    "INSTRUCTION",
    "INTERVIEW",
    "NEW",
    "OBJECTION",
    "PART",
    "PLAN",
    "REQUEST",
    "REVERSAL",
    "RULE_SET",
    "SLIP",
    "STAYS",
    "WORKFLOWS",
    "Applied",
    "Appointment",
    "Attempt",
    "Condition",
    "Context",
    "Credentials",
    "DayDone",
    "Doubt",
    "IssuedCode",
    "Need",
    "PassedOn",
    "SignIn",
    "Signed",
    "SlipNamed",
    "Substitution",
    "Transition",
    "TrueTime",
    "Workflow",
    "apply_roster",
    "attempts",
    "available",
    "cancel_absence",
    "catch_up",
    "change_password",
    "change_person",
    "change_unit",
    "check_credentials",
    "choose_pack",
    "clock_doubts",
    "close_unit",
    "create_person",
    "create_unit",
    "database_time",
    "declare_day",
    "disable_person",
    "doubts",
    "drop_second_factor",
    "enable_person",
    "end_all_sessions",
    "end_mandate",
    "enrol_second_factor",
    "entries_in_force",
    "entry_digest",
    "fire",
    "grant_mandate",
    "has_second_factor",
    "is_ready",
    "judge_roster",
    "last_done",
    "level_of",
    "load_year",
    "missing_for_closure",
    "name_substitute",
    "new_bulletin",
    "new_case",
    "new_rule_set",
    "new_slip",
    "pass_on",
    "propose_for_slips",
    "readiness",
    "refusal",
    "reissue_codes",
    "reset_by_operator",
    "reset_password",
    "run_day",
    "say_event",
    "seize",
    "set_portfolio",
    "settle",
    "sign_in",
    "sign_many",
    "sign_out",
    "state_of",
    "tables_of",
    "take_second_step",
    "use_code",
    "vacancy",
    "workflow_of",
]
