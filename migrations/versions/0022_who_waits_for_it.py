"""work that somebody waits for goes first in its lane

Expand only. Never import application code: it will have changed.
"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('outbox', recreate='never') as batch_op:
        batch_op.add_column(sa.Column('is_awaited', sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table('outbox', recreate='never') as batch_op:
        batch_op.drop_column('is_awaited')
