"""what scenarios found

Repairs and pairs among equals keep what they found besides their pairs; swaps keep who helps whom with what. Never import
application code: it will have changed.
"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('scenario') as batch_op:
        batch_op.add_column(sa.Column('outcome', sa.JSON(), nullable=False, server_default='{}'))
    with op.batch_alter_table('pair') as batch_op:
        batch_op.add_column(sa.Column('role_cards', sa.JSON(), nullable=False, server_default='[]'))


def downgrade() -> None:
    with op.batch_alter_table('pair') as batch_op:
        batch_op.drop_column('role_cards')
    with op.batch_alter_table('scenario') as batch_op:
        batch_op.drop_column('outcome')
