"""finding."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = '0004_finding'
down_revision: str | None = '0003_talks'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

REF = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
PAIRS = sa.Text().with_variant(postgresql.ARRAY(sa.Text()), 'postgresql')


def upgrade() -> None:
    """Make the change."""
    op.create_table('case_texts',
    sa.Column('id', REF, nullable=False),
    sa.Column('case_id', REF, nullable=False),
    sa.Column('unit_id', REF, nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('grams', PAIRS, nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_texts_case_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_case_texts_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_texts'))
    )
    op.create_index('ix_case_texts_case', 'case_texts', ['case_id', 'unit_id'])
    op.create_table('case_changes',
    sa.Column('id', REF, nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('ref', REF, nullable=False),
    sa.Column('state', sa.String(length=20), server_default='', nullable=False),
    sa.Column('change', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_changes'))
    )
    op.create_table('case_tallies',
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('owner_id', REF, nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['units.id'], name=op.f('fk_case_tallies_owner_id')),
    sa.PrimaryKeyConstraint('kind', 'owner_id', 'state', name=op.f('pk_case_tallies'))
    )
    op.create_index('ix_cases_moved', 'cases', ['authority_id', 'moved_at', 'id'])
    op.create_index('ix_cases_saved', 'cases', ['authority_id', 'saved_at', 'id'])
    # words and counts follow from the cases: 0011 makes them for those that are there already
    if op.get_bind().dialect.name == 'postgresql':
        op.create_index('ix_case_texts_grams', 'case_texts', ['grams'], postgresql_using='gin')


def downgrade() -> None:
    """Take the change back."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("DO $$ DECLARE t record; BEGIN FOR t IN SELECT tgname, tgrelid::regclass AS tab FROM pg_trigger "
                   "WHERE tgname LIKE 'watch\\_%' LOOP EXECUTE format('DROP TRIGGER %I ON %s', t.tgname, t.tab); END LOOP; END $$")
    else:
        op.execute('DROP TABLE IF EXISTS case_texts_fts')
    op.drop_index('ix_cases_saved', 'cases')
    op.drop_index('ix_cases_moved', 'cases')
    op.drop_table('case_tallies')
    op.drop_table('case_changes')
    op.drop_table('case_texts')
