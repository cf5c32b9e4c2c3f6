"""intake."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0010_intake'
down_revision: str | None = '0009_children'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

REF = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
UNDER_WAY = sa.text("state IN ('waiting', 'running')")


def upgrade() -> None:
    """Make the change."""
    op.create_table('import_tasks',
    sa.Column('id', REF, nullable=False),
    sa.Column('authority_id', REF, nullable=False),
    sa.Column('batch_id', REF, nullable=False),
    sa.Column('person_id', REF, nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('asked', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('total', sa.Integer(), nullable=True),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('worker', sa.String(length=80), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id'], ['units.id'], name=op.f('fk_import_tasks_authority_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batches.id'], name=op.f('fk_import_tasks_batch_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_import_tasks_person_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_tasks'))
    )
    op.create_index('ix_import_tasks_batch', 'import_tasks', ['batch_id', 'id'])
    op.create_index('ix_import_tasks_under_way', 'import_tasks', ['state', 'id'], sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY)
    with op.batch_alter_table('import_batches') as batch:
        batch.add_column(sa.Column('reversed_at', sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column('reversed_by_id', REF, nullable=True))
        batch.add_column(sa.Column('reversal_event_id', REF, nullable=True))
        batch.create_foreign_key(op.f('fk_import_batches_reversed_by_id'), 'persons', ['reversed_by_id'], ['id'], ondelete='RESTRICT')
    with op.batch_alter_table('import_rows') as batch:
        batch.add_column(sa.Column('typed', sa.JSON(), nullable=False, server_default='{}'))
        batch.add_column(sa.Column('before', sa.JSON(), nullable=True))
        batch.add_column(sa.Column('is_doubtful', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE import_rows SET is_doubtful = true WHERE verdict IN ('new', 'changed') AND CAST(doubts AS TEXT) <> '[]'")
    with op.batch_alter_table('unit_aliases') as batch:
        batch.add_column(sa.Column('person_id', REF, nullable=True))
        batch.add_column(sa.Column('made_at', sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(op.f('fk_unit_aliases_person_id'), 'persons', ['person_id'], ['id'], ondelete='RESTRICT')


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table('unit_aliases') as batch:
        batch.drop_column('made_at')
        batch.drop_column('person_id')
    with op.batch_alter_table('import_rows') as batch:
        batch.drop_column('is_doubtful')
        batch.drop_column('before')
        batch.drop_column('typed')
    with op.batch_alter_table('import_batches') as batch:
        batch.drop_column('reversal_event_id')
        batch.drop_column('reversed_by_id')
        batch.drop_column('reversed_at')
    op.drop_table('import_tasks')
