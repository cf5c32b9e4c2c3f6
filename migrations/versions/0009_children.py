"""children."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0009_children'
down_revision: str | None = '0008_sources'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

REF = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
FILLED = sa.text('parent_id IS NOT NULL')


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table('cases') as batch:
        batch.add_column(sa.Column('parent_id', REF, nullable=True))
        batch.add_column(sa.Column('handed_due_on', sa.Date(), nullable=True))
        batch.create_foreign_key(op.f('fk_cases_parent_id'), 'cases', ['parent_id'], ['id'], ondelete='RESTRICT')
    op.create_index('ix_cases_parent_id', 'cases', ['parent_id'], sqlite_where=FILLED, postgresql_where=FILLED)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index('ix_cases_parent_id', 'cases')
    with op.batch_alter_table('cases') as batch:
        batch.drop_constraint(op.f('fk_cases_parent_id'), type_='foreignkey')
        batch.drop_column('handed_due_on')
        batch.drop_column('parent_id')
