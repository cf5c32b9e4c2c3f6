"""lanes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0012_lanes'
down_revision: str | None = '0011_marks'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

REF = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
OPEN, RETURNED, REBOUNDED = sa.text('ended_on IS NULL'), sa.text('returned_count > 0'), sa.text('rebound_count > 0')
LANE = ['kind', 'owner_id', 'order_on', 'case_id', 'role']
TABLES = {'found': 'cases', 'finder': 'cases', 'case': 'cases', 'part': 'assignments', 'released': 'assignments',
          'listed': 'listings'}
# what the triggers keep from now on, made here for the cases that are there already
FILLED = """
INSERT INTO case_lanes (kind, owner_id, case_id, role, order_on, ended_on)
SELECT 'unit', a.unit_id, a.case_id, a.role, c.order_on, c.ended_on
FROM assignments AS a JOIN cases AS c ON c.id = a.case_id WHERE a.released_on IS NULL
UNION ALL
SELECT 'unit', c.reporter_unit_id, c.id, '', c.order_on, c.ended_on
FROM cases AS c WHERE c.source_kind = 'self' AND c.reporter_unit_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM assignments AS a
    WHERE a.case_id = c.id AND a.unit_id = c.reporter_unit_id AND a.released_on IS NULL)
UNION ALL
SELECT 'listed', c.authority_id, c.id, '', c.order_on, c.ended_on
FROM cases AS c WHERE EXISTS (SELECT 1 FROM listings AS l WHERE l.case_id = c.id)
"""


def upgrade() -> None:
    """Make the change."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('SET LOCAL statement_timeout = 0')
    op.create_table('case_lanes',
    sa.Column('case_id', REF, nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('owner_id', REF, nullable=False),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('order_on', sa.Date(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_lanes_case_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['owner_id'], ['units.id'], name=op.f('fk_case_lanes_owner_id')),
    sa.PrimaryKeyConstraint('case_id', 'kind', 'owner_id', name=op.f('pk_case_lanes'))
    )
    op.execute(FILLED)
    op.create_index('ix_case_lanes_open', 'case_lanes', LANE, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index('ix_case_lanes_order', 'case_lanes', LANE)
    op.create_index('ix_cases_still', 'cases', ['authority_id', 'moved_at', 'id'], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index('ix_cases_returned', 'cases', ['authority_id', 'order_on', 'id', 'returned_count'],
                    sqlite_where=RETURNED, postgresql_where=RETURNED)
    op.create_index('ix_cases_rebounded', 'cases', ['authority_id', 'order_on', 'id'],
                    sqlite_where=REBOUNDED, postgresql_where=REBOUNDED)


def downgrade() -> None:
    """Take the change back."""
    if op.get_bind().dialect.name == 'postgresql':
        for name, table in TABLES.items():
            op.execute(f'DROP TRIGGER IF EXISTS watch_lanes_{name} ON {table}')
    for name in ('ix_cases_rebounded', 'ix_cases_returned', 'ix_cases_still'):
        op.drop_index(name, 'cases')
    op.drop_table('case_lanes')
