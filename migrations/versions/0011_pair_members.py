"""pair members

A pair may have more than two people, may pause, and says why it ended. Expand only: whoever was in a running or ended
pair is a member of it. Never import application code: it will have changed.
"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'pair_member',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('pair_id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('role', sa.String(), nullable=False),
        sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role in ('mentor','mentee','both')", name=op.f('ck_pair_member_role')),
        sa.ForeignKeyConstraint(['pair_id'], ['pair.id'], name=op.f('fk_pair_member_pair_id_pair')),
        sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_pair_member_enrolment_id_enrolment')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pair_member')),
        sa.UniqueConstraint('pair_id', 'enrolment_id', name=op.f('uq_pair_member_pair_id_enrolment_id')),
    )
    op.create_index(op.f('ix_pair_member_enrolment_id'), 'pair_member', ['enrolment_id'])
    with op.batch_alter_table('pair') as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(), nullable=False, server_default='mentoring'))
        batch_op.add_column(sa.Column('others', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('paused_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('resumes_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('contact_stopped_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('end_reason', sa.String(), nullable=True))
        batch_op.drop_constraint(op.f('ck_pair_state'), type_='check')
        batch_op.create_check_constraint(op.f('ck_pair_state'), "state in ('proposed','active','paused','ended')")
        batch_op.create_check_constraint(op.f('ck_pair_kind'), "kind in ('mentoring','peer')")
    for role in ('mentor', 'mentee'):
        op.execute(
            f'insert into pair_member (pair_id, enrolment_id, role, opened_at)'
            f" select id, {role}_id, '{role}', published_at from pair where state in ('active', 'ended')"
        )


def downgrade() -> None:
    op.execute("update pair set state = 'active' where state = 'paused'")
    with op.batch_alter_table('pair') as batch_op:
        batch_op.drop_constraint(op.f('ck_pair_kind'), type_='check')
        batch_op.drop_constraint(op.f('ck_pair_state'), type_='check')
        batch_op.create_check_constraint(op.f('ck_pair_state'), "state in ('proposed','active','ended')")
        for name in ('end_reason', 'ended_at', 'contact_stopped_at', 'resumes_on', 'paused_at', 'others', 'kind'):
            batch_op.drop_column(name)
    op.drop_index(op.f('ix_pair_member_enrolment_id'), table_name='pair_member')
    op.drop_table('pair_member')
