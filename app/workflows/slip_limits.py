"""Limits of slips: counted from the signature, and again once the year is loaded in which they were a guess."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from app.audit import Fact, record_many
from app.ledgers.slips import Slip, shipped_packs
from app.workflows.context import Context


class Limits(NamedTuple):
    """Until when a slip is to be received and answered (None: no answer is asked for), and whether that is a guess."""

    receipt_due_on: date
    reply_due_on: date | None
    is_provisional: bool


def limits_of(context: Context, slip: Slip, issued_on: date) -> Limits:
    """Return the limits of a slip signed on the day, by its type; RuntimeError where no pack has the type."""
    kind = shipped_packs()[slip.pack].find(slip.type_code)
    if kind is None:
        raise RuntimeError("a slip whose type no pack has")
    receipt = context.days_from(slip.authority_id, kind.receipt_days, issued_on)
    reply = context.days_from(slip.authority_id, kind.reply_days, issued_on)
    return Limits(receipt.on, reply.on if kind.reply_days else None, receipt.provisional or reply.provisional)


def count_slips_again(context: Context, case_ids: Collection[int]) -> int:
    """Count the provisional limits of the cases' slips again, each change with an event; return how many changed.

    The caller holds the locks of the cases and puts the points right afterwards.
    """
    facts = []
    query = select(Slip).where(Slip.case_id.in_(case_ids), Slip.is_provisional).order_by(Slip.id)
    for slip in context.session.scalars(query):
        before = Limits(slip.receipt_due_on or context.day, slip.reply_due_on, slip.is_provisional)
        after = limits_of(context, slip, slip.issued_on or context.day)
        if before != after:
            slip.receipt_due_on, slip.reply_due_on, slip.is_provisional = after
            slip.version += 1
            facts.append(_fact(slip, before, after))
    if facts:
        context.session.flush()
        record_many(context.session, facts, context.actor, context.moment)
    return len(facts)


def _fact(slip: Slip, before: Limits, after: Limits) -> Fact:
    said = {
        name: {key: str(value) for key, value in limits._asdict().items()}
        for name, limits in (("before", before), ("after", after))
    }
    return Fact(
        "slip.count_again",
        f"slip:{slip.id}",
        chain_id=slip.authority_id,
        case_id=slip.case_id,
        unit_id=slip.unit_id,
        source=slip.state,
        dest=slip.state,
        data=said,
    )
