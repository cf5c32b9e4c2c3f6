"""The floor of the daily job: what it inserts, with one statement for each table; no chain, no rules, no Python."""

from datetime import date

from sqlalchemy import Connection, text

from app.core.clock import Moment

LATE_PARTS = """
    FROM cases c JOIN assignments a ON a.case_id = c.id
    WHERE c.state IN ('assigned', 'planning', 'rectifying', 'long_term') AND c.due_on < :day
    AND a.released_on IS NULL AND a.state <> 'done'
"""
EVENTS = f"""
    INSERT INTO events (chain_id, seq, kind, subject, case_id, unit_id, at, day, data, alg, hash)
    SELECT c.authority_id, :head + row_number() OVER (ORDER BY c.id, a.id), 'entry.propose', 'overdue/2026-01-01',
    c.id, a.unit_id, :at, :day, '{{"day": "2026-01-01", "digest": "{"0" * 64}", "points": "-0.50", "said": "逾期"}}',
    'sha256', '{"0" * 64}' {LATE_PARTS}
"""
ENTRIES = """
    INSERT INTO score_entries (authority_id, unit_id, year, rule_set_id, rule, origin, key, day, points, beyond,
    calculation, case_id, posted_event_id, posted_at)
    SELECT e.chain_id, e.unit_id, r.year, r.id, 'overdue', 'case:' || e.case_id, CAST(:day AS VARCHAR(10)), :day, -50, 0,
    '逾期第 1 个工作日（期限 2026-01-01（周四））：-0.50', e.case_id, e.id, :at
    FROM events e JOIN rule_sets r ON r.id = (SELECT max(id) FROM rule_sets) WHERE e.seq > :head
"""
STANDINGS = """
    INSERT INTO standings (entry_id, authority_id, unit_id, year, state, version, told_on, object_until, event_id)
    SELECT id, authority_id, unit_id, year, 'proposed', 1, :day, :day, posted_event_id
    FROM score_entries WHERE id > :newest
"""
MESSAGES = """
    INSERT INTO messages (authority_id, unit_id, kind, subject, case_id, day, at)
    SELECT authority_id, unit_id, 'entry_proposed', CAST(id AS VARCHAR(60)), case_id, :day, :at
    FROM score_entries WHERE id > :newest
"""

# of each newly overdue case: the draft of its first slip and the event of that
SLIP_EVENTS = f"""
    INSERT INTO events (chain_id, seq, kind, subject, case_id, unit_id, at, day, data, alg, hash)
    SELECT c.authority_id, :head + 10000000 + row_number() OVER (ORDER BY c.id), 'slip.draft', 'slip:1', c.id,
    c.lead_unit_id, :at, :day, '{{"type": "prompt", "level": 1, "key": "1:2026-01-01"}}', 'sha256', '{"0" * 64}'
    FROM cases c WHERE c.state IN ('assigned', 'planning', 'rectifying', 'long_term') AND c.due_on < :day
    AND NOT EXISTS (SELECT 1 FROM slips s WHERE s.case_id = c.id)
"""
SLIPS = """
    INSERT INTO slips (authority_id, case_id, unit_id, pack, type_code, level, name, colour, tone, signers, state, version,
    origin, entry_reason, key, cycle, basis_due_on, why, text, drafted_on, sign_due_on, copy_to, reply,
    score_key, is_provisional, refused_reason, withdrawn_reason, lapsed_reason)
    SELECT chain_id, case_id, unit_id, 'blue-yellow-red', 'prompt', 1, '提示单', 'blue', '提醒', 'supervisor', 'draft', 1,
    'escalation', '', '1:' || CAST(:day AS VARCHAR(10)), 1, :day, '[["期限", "2026-01-01（周四）"]]',
    '请抓紧整改，并在规定期限内回复。', :day, :day, '[]', '', '', FALSE, '', '', ''
    FROM events WHERE seq > :head + 10000000
"""


def run_bare(connection: Connection, day: date) -> None:
    """Insert events, entries, standings, messages and drafts of slips of the day set by set."""
    found = connection.execute(text("SELECT seq, (SELECT max(id) FROM score_entries) FROM chains WHERE id > 0")).one()
    at, is_sqlite = Moment.on(day, hour=0).at, connection.dialect.name == "sqlite"
    words = {
        "day": day.isoformat() if is_sqlite else day,
        "at": at.strftime("%Y-%m-%d %H:%M:%S.%f") if is_sqlite else at,
        "head": found[0],
        "newest": found[1] or 0,
    }
    for statement in (EVENTS, ENTRIES, STANDINGS, MESSAGES, SLIP_EVENTS, SLIPS):
        prepared = text(statement)
        connection.execute(prepared, {name: words[name] for name in prepared.compile().params})
