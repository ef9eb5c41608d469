"""what waits for release: whether it says something new, and when the clock releases it

Expand only. Never import application code: it will have changed.
"""

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('ledger_total') as batch_op:
        batch_op.add_column(sa.Column('has_news', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('releases_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_ledger_total_releases_at', ['releases_at'])
        batch_op.create_index('ix_ledger_total_programme_id_has_news', ['programme_id', 'has_news'])


def downgrade() -> None:
    with op.batch_alter_table('ledger_total') as batch_op:
        batch_op.drop_index('ix_ledger_total_programme_id_has_news')
        batch_op.drop_index('ix_ledger_total_releases_at')
        batch_op.drop_column('releases_at')
        batch_op.drop_column('has_news')
