"""The roster (花名册): a county's units, accounts and mandates as a workbook, judged against what is on record."""

from app.ledgers.roster.appointing import plan_mandates
from app.ledgers.roster.columns import MANDATES, PERSONS, TABLES, UNITS, RosterColumn, RosterTable
from app.ledgers.roster.known import Record, RosterMandate, RosterPerson, RosterUnit
from app.ledgers.roster.lines import STATUS_WORDS, Line, Plan, Row, read_table
from app.ledgers.roster.load import load_record
from app.ledgers.roster.planning import plan_persons, plan_units

__all__ = [
    "MANDATES",
    "PERSONS",
    "STATUS_WORDS",
    "TABLES",
    "UNITS",
    "Line",
    "Plan",
    "Record",
    "RosterColumn",
    "RosterMandate",
    "RosterPerson",
    "RosterTable",
    "RosterUnit",
    "Row",
    "load_record",
    "plan_mandates",
    "plan_persons",
    "plan_units",
    "read_table",
]
