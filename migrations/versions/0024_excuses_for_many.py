"""excuses for many at once, which can be taken back

Expand only. Never import application code: it will have changed.
"""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

WHOM = "whom in ('everybody','section','people')"
REASONS = "reason in ('illness','duty','barrier','tool','partner_left','other')"


def upgrade() -> None:
    op.create_table('excuse_batch',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('whom', sa.String(), nullable=False),
        sa.Column('section', sa.String(), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=True),
        sa.Column('until_on', sa.Date(), nullable=True),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('words', sa.String(), nullable=False),
        sa.Column('people', sa.Integer(), nullable=False),
        sa.Column('given_by', sa.Integer(), nullable=False),
        sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('undone_by', sa.Integer(), nullable=True),
        sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(WHOM, name=op.f('ck_excuse_batch_whom')),
        sa.CheckConstraint(REASONS, name=op.f('ck_excuse_batch_reason')),
        sa.ForeignKeyConstraint(['given_by'], ['person.id'], name=op.f('fk_excuse_batch_given_by')),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_excuse_batch_programme_id')),
        sa.ForeignKeyConstraint(['undone_by'], ['person.id'], name=op.f('fk_excuse_batch_undone_by')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_excuse_batch'))
    )
    op.create_index(op.f('ix_excuse_batch_programme_id'), 'excuse_batch', ['programme_id'])
    with op.batch_alter_table('excuse') as batch_op:
        batch_op.add_column(sa.Column('batch_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(op.f('ix_excuse_batch_id'), ['batch_id'])
        batch_op.create_foreign_key(op.f('fk_excuse_batch_id'), 'excuse_batch', ['batch_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('excuse') as batch_op:
        batch_op.drop_constraint(op.f('fk_excuse_batch_id'), type_='foreignkey')
        batch_op.drop_index(op.f('ix_excuse_batch_id'))
        batch_op.drop_column('undone_at')
        batch_op.drop_column('batch_id')
    op.drop_table('excuse_batch')
