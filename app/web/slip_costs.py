"""What a slip costs when it is signed, in words: the points of the rules in force, for the lead or an assisting unit."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.ledgers.cases import Assignment
from app.ledgers.scores import RuleBook, load_book, rounded
from app.ledgers.slips import Slip
from app.people import within
from app.web.score_looks import signed
from app.web.shell import desk


def cost_words(slip: Slip) -> str:
    """Say what the slip costs its unit, by the rules of the day on which it was signed, or of today."""
    day = slip.issued_on or desk().moment.day
    part = select(Assignment.role).where(Assignment.case_id == slip.case_id, Assignment.unit_id == slip.unit_id)
    role = desk().session.scalar(part.where(within(Assignment, desk().actor)).order_by(Assignment.id.desc()).limit(1))
    book = load_book(desk().session, slip.authority_id)
    return points_words(book, slip.score_key, day, is_lead=role != "assist")


def points_words(book: RuleBook, score_key: str, day: date, *, is_lead: bool = True) -> str:
    """Say the points that a signature on the day leads to, and by which rules."""
    if not score_key:
        return "本身不计分"
    version = book.at(day)
    if version is None:
        return f"{day.year} 年还没有生效的考核规则，暂不计分"
    rules = [rule for rule in version.body.triggered_by("slip") if score_key in rule.table]
    points = sum((rounded(rule.table[score_key] * rule.factor(is_lead)) for rule in rules), Decimal(0))
    if not points:
        return f"{version.year} 年考核规则没有为它定分值，不计分"
    part = "，配合单位按比例" if any(rule.factor(is_lead) != 1 for rule in rules) else ""
    return f"签发即计 {signed(points)} 分（{version.year} 年考核规则第 {version.version} 版“{rules[0].name}”{part}）"
