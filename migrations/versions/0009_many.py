"""many."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0009_many'
down_revision: str | None = '0006_books'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

REF = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
KEPT = sa.text('removed_event_id IS NULL')
UNDER_WAY = sa.text("state IN ('waiting', 'running')")
OPEN = sa.text('outcome IS NULL')


def upgrade() -> None:
    """Make the change."""
    op.create_table('case_tags',
    sa.Column('id', REF, nullable=False),
    sa.Column('authority_id', REF, nullable=False),
    sa.Column('case_id', REF, nullable=False),
    sa.Column('words', sa.String(length=20), nullable=False),
    sa.Column('event_id', REF, nullable=False),
    sa.Column('removed_event_id', REF, nullable=True),
    sa.ForeignKeyConstraint(['authority_id'], ['units.id'], name=op.f('fk_case_tags_authority_id')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_tags_case_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_tags')),
    sa.UniqueConstraint('case_id', 'words', name=op.f('uq_case_tags_case_id_words'))
    )
    op.create_index('ix_case_tags_words', 'case_tags', ['authority_id', 'words', 'case_id'], sqlite_where=KEPT, postgresql_where=KEPT)
    op.create_table('bulk_runs',
    sa.Column('id', REF, nullable=False),
    sa.Column('authority_id', REF, nullable=False),
    sa.Column('person_id', REF, nullable=False),
    sa.Column('act', sa.String(length=30), nullable=False),
    sa.Column('form', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('refused', sa.Integer(), nullable=False),
    sa.Column('worker', sa.String(length=80), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id'], ['units.id'], name=op.f('fk_bulk_runs_authority_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_bulk_runs_person_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_runs'))
    )
    op.create_index('ix_bulk_runs_person', 'bulk_runs', ['person_id', 'id'])
    op.create_index('ix_bulk_runs_under_way', 'bulk_runs', ['state', 'id'], sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY)
    op.create_table('bulk_items',
    sa.Column('id', REF, nullable=False),
    sa.Column('run_id', REF, nullable=False),
    sa.Column('case_id', REF, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=True),
    sa.Column('said', sa.Text(), nullable=False),
    sa.Column('event_id', REF, nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_bulk_items_case_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['run_id'], ['bulk_runs.id'], name=op.f('fk_bulk_items_run_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_items')),
    sa.UniqueConstraint('run_id', 'case_id', name=op.f('uq_bulk_items_run_id_case_id'))
    )
    op.create_index('ix_bulk_items_open', 'bulk_items', ['run_id', 'id'], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index('ix_bulk_items_outcome', 'bulk_items', ['run_id', 'outcome', 'id'])


def downgrade() -> None:
    """Take the change back."""
    op.drop_table('bulk_items')
    op.drop_table('bulk_runs')
    op.drop_table('case_tags')
