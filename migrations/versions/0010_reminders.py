"""reminders

What staff wrote to those who stand still, and why a mail was not sent. Expand only. Never import application code: it
will have changed.
"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0006'
branch_labels = None
depends_on = None

REMINDER_KEY = 'fk_nudge_reminder_id_reminder'


def upgrade() -> None:
    op.create_table(
        'reminder',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('stage', sa.String(), nullable=False),
        sa.Column('subject', sa.String(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('asked_by', sa.Integer(), nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_reminder_programme_id_programme')),
        sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_reminder_asked_by_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder')),
    )
    op.create_index(op.f('ix_reminder_programme_id'), 'reminder', ['programme_id'])
    with op.batch_alter_table('nudge') as batch_op:
        batch_op.add_column(sa.Column('reminder_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('problem', sa.String(), nullable=True))
        batch_op.create_foreign_key(op.f(REMINDER_KEY), 'reminder', ['reminder_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('nudge') as batch_op:
        batch_op.drop_constraint(op.f(REMINDER_KEY), type_='foreignkey')
        batch_op.drop_column('problem')
        batch_op.drop_column('reminder_id')
    op.drop_index(op.f('ix_reminder_programme_id'), table_name='reminder')
    op.drop_table('reminder')
