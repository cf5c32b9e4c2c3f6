"""views."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0005_views'
down_revision: str | None = '0004_layouts'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

REF = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Make the change."""
    op.create_table('saved_views',
    sa.Column('id', REF, nullable=False),
    sa.Column('authority_id', REF, nullable=False),
    sa.Column('person_id', REF, nullable=False),
    sa.Column('name', sa.String(length=30), nullable=False),
    sa.Column('asked', sa.JSON(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['authority_id'], ['units.id'], name=op.f('fk_saved_views_authority_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_saved_views_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_views')),
    sa.UniqueConstraint('person_id', 'authority_id', 'name', name=op.f('uq_saved_views_person_id_authority_id_name'))
    )
    op.create_index('ix_saved_views_authority_id', 'saved_views', ['authority_id'])
    op.create_table('view_shares',
    sa.Column('id', REF, nullable=False),
    sa.Column('view_id', REF, nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['view_id'], ['saved_views.id'], name=op.f('fk_view_shares_view_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_view_shares')),
    sa.UniqueConstraint('view_id', 'role', name=op.f('uq_view_shares_view_id_role'))
    )
    op.create_table('ledger_columns',
    sa.Column('person_id', REF, nullable=False),
    sa.Column('names', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_ledger_columns_person_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_ledger_columns'))
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table('ledger_columns')
    op.drop_table('view_shares')
    op.drop_table('saved_views')
