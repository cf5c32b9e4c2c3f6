"""books."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0006_books'
down_revision: str | None = '0005_views'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

REF = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
UNDONE = sa.text('done_on IS NULL AND dropped_on IS NULL')


def upgrade() -> None:
    """Make the change."""
    op.create_table('charges',
    sa.Column('id', REF, nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('row_id', REF, nullable=False),
    sa.Column('person_id', REF, nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_charges_person_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_charges')),
    sa.UniqueConstraint('kind', 'row_id', name=op.f('uq_charges_kind_row_id'))
    )
    op.create_index('ix_charges_person', 'charges', ['person_id', 'kind', 'row_id'])
    op.create_index('ix_measures_unit', 'measures', ['unit_id', 'due_on', 'id'], sqlite_where=UNDONE, postgresql_where=UNDONE)
    op.create_index('ix_measures_due', 'measures', ['due_on', 'id'], sqlite_where=UNDONE, postgresql_where=UNDONE)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index('ix_measures_due', 'measures')
    op.drop_index('ix_measures_unit', 'measures')
    op.drop_table('charges')
