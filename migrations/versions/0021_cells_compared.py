"""since when a cell differs, whether staff say that they emptied it, and why a column could not be compared

Expand only. Never import application code: it will have changed.
"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('score') as batch_op:
        batch_op.add_column(sa.Column('differs_since', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('cleared_said_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_score_programme_id_part_state', ['programme_id', 'part', 'state'])
    with op.batch_alter_table('gradebook_column') as batch_op:
        batch_op.add_column(sa.Column('compare_problem', sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('gradebook_column') as batch_op:
        batch_op.drop_column('compare_problem')
    with op.batch_alter_table('score') as batch_op:
        batch_op.drop_index('ix_score_programme_id_part_state')
        batch_op.drop_column('cleared_said_at')
        batch_op.drop_column('differs_since')
