"""conversation and shelf

What pairs and mentors write to each other with reports and staff's readings, resources with their files, and
announcements with the channel they may be posted to. Expand only. Never import application code: it will have changed.
"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'message',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('pair_id', sa.Integer(), nullable=True),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('once', sa.String(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('removed_by', sa.String(), nullable=True),
        sa.CheckConstraint("removed_by in ('writer','staff')", name=op.f('ck_message_removed_by')),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_message_programme_id_programme')),
        sa.ForeignKeyConstraint(['pair_id'], ['pair.id'], name=op.f('fk_message_pair_id_pair')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_message_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
        sa.UniqueConstraint('person_id', 'once', name=op.f('uq_message_person_id_once')),
    )
    op.create_index('ix_message_pair_id_id', 'message', ['pair_id', 'id'])
    op.create_index('ix_message_programme_id_pair_id_id', 'message', ['programme_id', 'pair_id', 'id'])
    op.create_table(
        'message_report',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('message_id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('words', sa.String(), nullable=False),
        sa.Column('why', sa.String(), nullable=False),
        sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('settled_by', sa.Integer(), nullable=True),
        sa.Column('answer', sa.String(), nullable=False, server_default=''),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_message_report_programme_id_programme')),
        sa.ForeignKeyConstraint(['message_id'], ['message.id'], name=op.f('fk_message_report_message_id_message')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_message_report_person_id_person')),
        sa.ForeignKeyConstraint(['settled_by'], ['person.id'], name=op.f('fk_message_report_settled_by_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_message_report')),
        sa.UniqueConstraint('message_id', 'person_id', name=op.f('uq_message_report_message_id_person_id')),
    )
    op.create_index('ix_message_report_person_id', 'message_report', ['person_id'])
    op.create_index('ix_message_report_programme_id_settled_at', 'message_report', ['programme_id', 'settled_at'])
    op.create_table(
        'thread_reading',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('pair_id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('why', sa.String(), nullable=False),
        sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['pair_id'], ['pair.id'], name=op.f('fk_thread_reading_pair_id_pair')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_thread_reading_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_thread_reading')),
    )
    op.create_index('ix_thread_reading_pair_id', 'thread_reading', ['pair_id'])
    op.create_index('ix_thread_reading_person_id', 'thread_reading', ['person_id'])
    op.create_table(
        'read_up_to',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('place', sa.String(), nullable=False),
        sa.Column('message_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_read_up_to_person_id_person')),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_read_up_to_programme_id_programme')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_read_up_to')),
        sa.UniqueConstraint('person_id', 'programme_id', 'place', name=op.f('uq_read_up_to_person_id_programme_id_place')),
    )
    op.create_table(
        'resource',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('pair_id', sa.Integer(), nullable=True),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('once', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('title', sa.String(), nullable=False),
        sa.Column('note', sa.String(), nullable=False, server_default=''),
        sa.Column('address', sa.String(), nullable=True),
        sa.Column('file_name', sa.String(), nullable=True),
        sa.Column('media_type', sa.String(), nullable=True),
        sa.Column('size_bytes', sa.Integer(), nullable=False, server_default='0'),
        sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('link','file')", name=op.f('ck_resource_kind')),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_resource_programme_id_programme')),
        sa.ForeignKeyConstraint(['pair_id'], ['pair.id'], name=op.f('fk_resource_pair_id_pair')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_resource_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_resource')),
        sa.UniqueConstraint('person_id', 'once', name=op.f('uq_resource_person_id_once')),
    )
    op.create_index('ix_resource_pair_id', 'resource', ['pair_id'])
    op.create_index('ix_resource_programme_id_pair_id', 'resource', ['programme_id', 'pair_id'])
    op.create_table(
        'resource_file',
        sa.Column('resource_id', sa.Integer(), nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['resource_id'], ['resource.id'], name=op.f('fk_resource_file_resource_id_resource')),
        sa.PrimaryKeyConstraint('resource_id', name=op.f('pk_resource_file')),
    )
    op.create_table(
        'resource_tip',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('resource_id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['resource_id'], ['resource.id'], name=op.f('fk_resource_tip_resource_id_resource')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_resource_tip_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_resource_tip')),
        sa.UniqueConstraint('resource_id', 'person_id', name=op.f('uq_resource_tip_resource_id_person_id')),
    )
    op.create_index('ix_resource_tip_person_id', 'resource_tip', ['person_id'])
    op.create_table(
        'announcement',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('once', sa.String(), nullable=False),
        sa.Column('audience', sa.String(), nullable=False),
        sa.Column('subject', sa.String(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('goes_to_channel', sa.Boolean(), nullable=False),
        sa.Column('posted_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('problem', sa.String(), nullable=True),
        sa.CheckConstraint("audience in ('everybody','mentors','mentees')", name=op.f('ck_announcement_audience')),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_announcement_programme_id_programme')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_announcement_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_announcement')),
        sa.UniqueConstraint('person_id', 'once', name=op.f('uq_announcement_person_id_once')),
    )
    op.create_index('ix_announcement_programme_id_id', 'announcement', ['programme_id', 'id'])
    op.create_table(
        'announcement_channel',
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('host', sa.String(), nullable=False),
        sa.Column('secret_address', sa.String(), nullable=False),
        sa.Column('set_by', sa.Integer(), nullable=True),
        sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_announcement_channel_programme_id_programme')),
        sa.ForeignKeyConstraint(['set_by'], ['person.id'], name=op.f('fk_announcement_channel_set_by_person')),
        sa.PrimaryKeyConstraint('programme_id', name=op.f('pk_announcement_channel')),
    )


def downgrade() -> None:
    op.drop_table('announcement_channel')
    op.drop_index('ix_announcement_programme_id_id', table_name='announcement')
    op.drop_table('announcement')
    op.drop_index('ix_resource_tip_person_id', table_name='resource_tip')
    op.drop_table('resource_tip')
    op.drop_table('resource_file')
    op.drop_index('ix_resource_programme_id_pair_id', table_name='resource')
    op.drop_index('ix_resource_pair_id', table_name='resource')
    op.drop_table('resource')
    op.drop_table('read_up_to')
    op.drop_index('ix_thread_reading_person_id', table_name='thread_reading')
    op.drop_index('ix_thread_reading_pair_id', table_name='thread_reading')
    op.drop_table('thread_reading')
    op.drop_index('ix_message_report_programme_id_settled_at', table_name='message_report')
    op.drop_index('ix_message_report_person_id', table_name='message_report')
    op.drop_table('message_report')
    op.drop_index('ix_message_programme_id_pair_id_id', table_name='message')
    op.drop_index('ix_message_pair_id_id', table_name='message')
    op.drop_table('message')
