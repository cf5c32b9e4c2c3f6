"""marks."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from app.ledgers.cases.keeping import rebuild

revision: str = '0011_marks'
down_revision: str | None = '0010_intake'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

PAIRS = sa.Text().with_variant(postgresql.ARRAY(sa.Text()), 'postgresql')


def upgrade() -> None:
    """Make the change."""
    is_postgresql = op.get_bind().dialect.name == 'postgresql'
    if is_postgresql:
        op.drop_index('ix_case_texts_grams', 'case_texts')
    else:
        op.execute('DROP TABLE IF EXISTS case_texts_fts')
    # words, marks and counts follow from the cases: all are made anew
    op.execute('DELETE FROM case_texts')
    with op.batch_alter_table('case_texts', recreate='never' if is_postgresql else 'always') as batch:
        batch.add_column(sa.Column('marks', PAIRS, nullable=False))
    session = Session(op.get_bind())
    rebuild(session)
    session.flush()
    if is_postgresql:
        op.create_index('ix_case_texts_grams', 'case_texts', ['grams', 'marks'], postgresql_using='gin')


def downgrade() -> None:
    """Take the change back."""
    if op.get_bind().dialect.name == 'postgresql':
        op.drop_index('ix_case_texts_grams', 'case_texts')
        op.drop_column('case_texts', 'marks')
        op.create_index('ix_case_texts_grams', 'case_texts', ['grams'], postgresql_using='gin')
    else:
        op.execute('DROP TABLE IF EXISTS case_texts_fts')
        with op.batch_alter_table('case_texts') as batch:
            batch.drop_column('marks')
