"""while in reserve: check-ins of mentors who wait for a partner

Expand only. Never import application code: it will have changed.
"""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('standby_check_in',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('answers', sa.JSON(), nullable=False),
        sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('once', sa.String(), nullable=True),
        sa.CheckConstraint('number >= 1', name=op.f('ck_standby_check_in_number')),
        sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_standby_check_in_enrolment_id')),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_standby_check_in_programme_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_standby_check_in')),
        sa.UniqueConstraint('enrolment_id', 'number', name=op.f('uq_standby_check_in_enrolment_id_number'))
    )
    op.create_index('ix_standby_check_in_programme_id_changed_at', 'standby_check_in', ['programme_id', 'changed_at'])


def downgrade() -> None:
    op.drop_index('ix_standby_check_in_programme_id_changed_at', table_name='standby_check_in')
    op.drop_table('standby_check_in')
