"""imports."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0013_imports'
down_revision: str | None = '0012_lanes'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

REF = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Make the change."""
    op.add_column('import_batches', sa.Column('period', sa.String(length=7), server_default='', nullable=False))
    with op.batch_alter_table('import_batches', schema=None) as batch_op:
        batch_op.add_column(sa.Column('continues_id', REF, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f('fk_import_batches_continues_id'), 'import_batches', ['continues_id'], ['id'], ondelete='RESTRICT')
    with op.batch_alter_table('unit_aliases', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('lead_id', REF, nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_unit_aliases_lead_id'), 'units', ['lead_id'], ['id'])


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table('unit_aliases', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_unit_aliases_lead_id'), type_='foreignkey')
        batch_op.drop_column('lead_id')
        batch_op.drop_column('kind')
    with op.batch_alter_table('import_batches', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_import_batches_continues_id'), type_='foreignkey')
        batch_op.drop_column('continues_id')
        batch_op.drop_column('period')
