"""Scores: frozen rules, the pure arithmetic, the append-only ledger and what became of its entries."""

from app.ledgers.scores import scopes as _scopes  # noqa: F401
from app.ledgers.scores.account import CaseAccount, account_lines, scored_years, unit_accounts
from app.ledgers.scores.assess import TABLE_WORDS, Deduction, assess
from app.ledgers.scores.changes import changes_between, grade_words
from app.ledgers.scores.docket import Plea, count_objections, docket, named_entries, names_of
from app.ledgers.scores.facts import CaseFacts, SlipFact, deciding_events, known_before, known_through
from app.ledgers.scores.forecast import CaseForecast, forecast
from app.ledgers.scores.lateness import LateDay, deadline_on, late_days, stands
from app.ledgers.scores.load import load_book, load_facts
from app.ledgers.scores.models import (
    DailyRun,
    Objection,
    ObjectionEntry,
    Reversal,
    RuleSet,
    ScoreEntry,
    Standing,
    Total,
)
from app.ledgers.scores.of_case import CaseScores, contested_cases, scores_of_case
from app.ledgers.scores.outlook import case_forecasts, points_to_come, unit_forecasts
from app.ledgers.scores.packs import pack_faults, pack_text
from app.ledgers.scores.ranking import BELOW, below_floor, rank, total_of
from app.ledgers.scores.rules import (
    Group,
    RuleBody,
    RuleBook,
    RuleVersion,
    ScoreRule,
    body_hash,
    body_of,
    canonical,
    read_pack,
    rounded,
)
from app.ledgers.scores.scopes import SCORE_OFFICES, sees_scores
from app.ledgers.scores.sheet import EntryLine, UnitScore, entry_lines, rules_for, score_sheet
from app.ledgers.scores.trace import Happened, Trace, find_entry, trace_of

__all__ = [
    "BELOW",
    "SCORE_OFFICES",
    "TABLE_WORDS",
    "CaseAccount",
    "CaseFacts",
    "CaseForecast",
    "CaseScores",
    "DailyRun",
    "Deduction",
    "EntryLine",
    "Group",
    "Happened",
    "LateDay",
    "Objection",
    "ObjectionEntry",
    "Plea",
    "Reversal",
    "RuleBody",
    "RuleBook",
    "RuleSet",
    "RuleVersion",
    "ScoreEntry",
    "ScoreRule",
    "SlipFact",
    "Standing",
    "Total",
    "Trace",
    "UnitScore",
    "account_lines",
    "assess",
    "below_floor",
    "body_hash",
    "body_of",
    "canonical",
    "case_forecasts",
    "changes_between",
    "contested_cases",
    "count_objections",
    "deadline_on",
    "deciding_events",
    "docket",
    "entry_lines",
    "find_entry",
    "forecast",
    "grade_words",
    "known_before",
    "known_through",
    "late_days",
    "load_book",
    "load_facts",
    "named_entries",
    "names_of",
    "pack_faults",
    "pack_text",
    "points_to_come",
    "rank",
    "read_pack",
    "rounded",
    "rules_for",
    "score_sheet",
    "scored_years",
    "scores_of_case",
    "sees_scores",
    "stands",
    "total_of",
    "trace_of",
    "unit_accounts",
    "unit_forecasts",
]
