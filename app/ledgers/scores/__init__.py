"""Scores: frozen rules, the pure arithmetic, the append-only ledger and what became of its entries."""

from app.ledgers.scores import scopes as _scopes  # noqa: F401
from app.ledgers.scores.assess import Deduction, assess
from app.ledgers.scores.facts import CaseFacts, deciding_events, known_before, known_through
from app.ledgers.scores.forecast import CaseForecast, forecast
from app.ledgers.scores.lateness import LateDay, deadline_on, late_days
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
from app.ledgers.scores.outlook import case_forecasts, points_to_come
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
)
from app.ledgers.scores.scopes import sees_scores
from app.ledgers.scores.sheet import EntryLine, UnitScore, entry_lines, rules_for, score_sheet

__all__ = [
    "BELOW",
    "CaseFacts",
    "CaseForecast",
    "CaseScores",
    "DailyRun",
    "Deduction",
    "EntryLine",
    "Group",
    "LateDay",
    "Objection",
    "ObjectionEntry",
    "Reversal",
    "RuleBody",
    "RuleBook",
    "RuleSet",
    "RuleVersion",
    "ScoreEntry",
    "ScoreRule",
    "Standing",
    "Total",
    "UnitScore",
    "assess",
    "below_floor",
    "body_hash",
    "body_of",
    "canonical",
    "case_forecasts",
    "contested_cases",
    "deadline_on",
    "deciding_events",
    "entry_lines",
    "forecast",
    "known_before",
    "known_through",
    "late_days",
    "load_book",
    "load_facts",
    "points_to_come",
    "rank",
    "read_pack",
    "rules_for",
    "score_sheet",
    "scores_of_case",
    "sees_scores",
    "total_of",
]
