"""words and duties

What a course calls several of those who help and are helped, and what it expects of each side. Expand only. Never import
application code: it will have changed.
"""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0018'
branch_labels = None
depends_on = None

COLUMNS = ('mentors_word', 'mentees_word', 'mentor_duties', 'mentee_duties')


def upgrade() -> None:
    with op.batch_alter_table('programme') as batch_op:
        for name in COLUMNS:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=''))


def downgrade() -> None:
    with op.batch_alter_table('programme') as batch_op:
        for name in reversed(COLUMNS):
            batch_op.drop_column(name)
