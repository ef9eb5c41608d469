"""launch, the rest

Platform storage, launches that wait for a decision, links beside a programme's own, course copies, notices, sections
and groups. Expand only. Never import application code: it will have changed.
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def new_columns() -> dict[str, tuple[sa.Column, ...]]:
    """The columns added to each table, made anew for each use."""
    return {
        'login': (
            sa.Column('storage_hash', sa.String(), nullable=True),
            sa.Column('storage_frame', sa.String(), nullable=True),
        ),
        'course': (
            sa.Column('groups_url', sa.String(), nullable=True),
            sa.Column('group_names', sa.JSON(), nullable=False, server_default='{}'),
        ),
        'member': (
            sa.Column('section_ids', sa.JSON(), nullable=False, server_default='[]'),
            sa.Column('group_ids', sa.JSON(), nullable=False, server_default='[]'),
        ),
        'deployment': (
            sa.Column('notices_url', sa.String(), nullable=True),
            sa.Column('notices_subscribed_at', sa.DateTime(timezone=True), nullable=True),
        ),
        'programme': (sa.Column('copied_from_id', sa.Integer(), nullable=True),),
    }


def upgrade() -> None:
    for table, columns in new_columns().items():
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.add_column(column)
            if table == 'programme':
                batch_op.alter_column('resource_link_id', existing_type=sa.String(), nullable=True)
                batch_op.create_foreign_key(
                    op.f('fk_programme_copied_from_id_programme'), 'programme', ['copied_from_id'], ['id']
                )
    op.create_table(
        'errand',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('secret_hash', sa.String(), nullable=False),
        sa.Column('registration_id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('payload', sa.JSON(), nullable=False),
        sa.Column('data', sa.JSON(), nullable=False),
        sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['registration_id'], ['registration.id'], name=op.f('fk_errand_registration_id_registration')
        ),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_errand_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_errand')),
        sa.UniqueConstraint('key', name=op.f('uq_errand_key')),
    )
    op.create_index(op.f('ix_errand_expires_at'), 'errand', ['expires_at'])
    op.create_index(op.f('ix_errand_person_id'), 'errand', ['person_id'])
    op.create_table(
        'programme_link',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('deployment_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('resource_link_id', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ['programme_id'], ['programme.id'], name=op.f('fk_programme_link_programme_id_programme')
        ),
        sa.ForeignKeyConstraint(
            ['deployment_id'], ['deployment.id'], name=op.f('fk_programme_link_deployment_id_deployment')
        ),
        sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_programme_link_course_id_course')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_link')),
        sa.UniqueConstraint('course_id', 'deployment_id', 'resource_link_id', name=op.f('uq_programme_link_course_id_deployment_id_resource_link_id')),
    )
    op.create_index(op.f('ix_programme_link_programme_id'), 'programme_link', ['programme_id'])
    op.create_table(
        'course_copy',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('registration_id', sa.Integer(), nullable=False),
        sa.Column('context_id', sa.String(), nullable=False),
        sa.Column('origins', sa.JSON(), nullable=False),
        sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['registration_id'], ['registration.id'], name=op.f('fk_course_copy_registration_id_registration')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_course_copy')),
    )
    op.create_index(op.f('ix_course_copy_registration_id'), 'course_copy', ['registration_id', 'context_id'])
    op.create_table(
        'notice',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('registration_id', sa.Integer(), nullable=False),
        sa.Column('notice_id', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['registration_id'], ['registration.id'], name=op.f('fk_notice_registration_id_registration')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
        sa.UniqueConstraint('registration_id', 'notice_id', name=op.f('uq_notice_registration_id_notice_id')),
    )
    # The program says these itself from now on.
    for table, columns in (('course', ('group_names',)), ('member', ('section_ids', 'group_ids'))):
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.alter_column(column, server_default=None)


def downgrade() -> None:
    for table in ('notice', 'course_copy', 'programme_link', 'errand'):
        op.drop_table(table)
    # A link that was never opened needs some name again.
    op.execute("update programme set resource_link_id = 'chosen-' || key where resource_link_id is null")
    for table, columns in new_columns().items():
        with op.batch_alter_table(table) as batch_op:
            if table == 'programme':
                batch_op.drop_constraint(op.f('fk_programme_copied_from_id_programme'), type_='foreignkey')
                batch_op.alter_column('resource_link_id', existing_type=sa.String(), nullable=False)
            for column in columns:
                batch_op.drop_column(column.name)
