"""the admin's side

One idea per migration: expand, then backfill, then contract. Never import application code: it will have changed.
Constraints and indexes carry names; what a column is for stands in the model.
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

def new_columns() -> dict[str, tuple[sa.Column, ...]]:
    """The columns added to each table, made anew for each use."""
    return {
        'registration': (
            sa.Column('first_launch_at', sa.DateTime(timezone=True), nullable=True),
            sa.Column('last_launch_at', sa.DateTime(timezone=True), nullable=True),
            sa.Column('refused_at', sa.DateTime(timezone=True), nullable=True),
            sa.Column('refused_code', sa.String(), nullable=True),
            sa.Column('management_url', sa.String(), nullable=True),
            sa.Column('management_token', sa.String(), nullable=True),
            sa.Column('checks', sa.JSON(), nullable=False, server_default='[]'),
            sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
        ),
        'deployment': (sa.Column('state', sa.String(), nullable=False, server_default='accepted'),),
        'invitation': (sa.Column('note', sa.String(), nullable=False, server_default=''),),
    }


def upgrade() -> None:
    op.create_table(
        'admin_visit',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('code_hash', sa.String(), nullable=False),
        sa.Column('secret_hash', sa.String(), nullable=True),
        sa.Column('data', sa.JSON(), nullable=False),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_admin_visit')),
        sa.UniqueConstraint('code_hash', name=op.f('uq_admin_visit_code_hash')),
        sa.UniqueConstraint('secret_hash', name=op.f('uq_admin_visit_secret_hash')),
    )
    op.create_index(op.f('ix_admin_visit_expires_at'), 'admin_visit', ['expires_at'])
    op.create_table(
        'attempt',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_attempt')),
    )
    op.create_index(op.f('ix_attempt_key'), 'attempt', ['key'])
    op.create_index(op.f('ix_attempt_expires_at'), 'attempt', ['expires_at'])
    op.create_table(
        'signing_key',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('pem', sa.String(), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('signs_from', sa.DateTime(timezone=True), nullable=False),
        sa.Column('retires_at', sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_signing_key')),
    )
    op.create_table(
        'heartbeat',
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_heartbeat')),
    )
    for table, columns in new_columns().items():
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.add_column(column)
            if table == 'deployment':
                batch_op.create_check_constraint(
                    op.f('ck_deployment_state'), "state in ('accepted','pending','refused')"
                )
    # An LMS from which somebody has launched is not pending.
    op.execute(
        'update registration set'
        ' first_launch_at = (select min(created_at) from course where course.registration_id = registration.id),'
        ' last_launch_at = (select max(member.launched_at) from member join course on course.id = member.course_id'
        ' where course.registration_id = registration.id)'
    )
    # The program says these itself from now on.
    for table, column in (('registration', 'checks'), ('deployment', 'state'), ('invitation', 'note')):
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(column, server_default=None)


def downgrade() -> None:
    for table, columns in new_columns().items():
        with op.batch_alter_table(table) as batch_op:
            if table == 'deployment':
                batch_op.drop_constraint(op.f('ck_deployment_state'), type_='check')
            for column in columns:
                batch_op.drop_column(column.name)
    for table in ('heartbeat', 'signing_key', 'attempt', 'admin_visit'):
        op.drop_table(table)
