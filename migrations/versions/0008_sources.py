"""sources."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0008_sources'
down_revision: str | None = '0009_many'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

REF = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
PLACED, STANDS = sa.text("place <> ''"), sa.text('withdrawn_event_id IS NULL')


def upgrade() -> None:
    """Make the change."""
    op.add_column('case_sources', sa.Column('merged_from_id', REF, nullable=True))
    op.create_index('ix_case_sources_kind', 'case_sources', ['authority_id', 'kind', 'case_id'], sqlite_where=STANDS,
                    postgresql_where=STANDS)
    op.create_index('ix_cases_place', 'cases', ['authority_id', 'place', 'id'], sqlite_where=PLACED, postgresql_where=PLACED)
    # what came with a merge names its case, and the case that was kept is found by the numbers of those merged into it
    op.execute('UPDATE case_sources SET merged_from_id = (SELECT c.id FROM cases c WHERE c.ended_event_id = case_sources.event_id '
               'AND c.merged_into_id = case_sources.case_id) WHERE EXISTS (SELECT 1 FROM cases c '
               'WHERE c.ended_event_id = case_sources.event_id AND c.merged_into_id = case_sources.case_id)')
    # the words by which cases are found are all made anew by 0011_marks


def downgrade() -> None:
    """Take the change back."""
    op.drop_index('ix_cases_place', 'cases')
    op.drop_index('ix_case_sources_kind', 'case_sources')
    op.drop_column('case_sources', 'merged_from_id')
