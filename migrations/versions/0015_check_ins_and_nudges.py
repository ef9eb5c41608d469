"""check-ins beside the regular ones, reflections, what waits for staff, and the nudge ladder

Expand only. Never import application code: it will have changed.
"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

NUDGE_PAIR = 'fk_nudge_pair_id_pair'


def upgrade() -> None:
    op.create_table(
        'check_in_plan',
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('plan', sa.JSON(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('changed_by', sa.Integer(), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_check_in_plan_programme_id_programme')),
        sa.ForeignKeyConstraint(['changed_by'], ['person.id'], name=op.f('fk_check_in_plan_changed_by_person')),
        sa.PrimaryKeyConstraint('programme_id', name=op.f('pk_check_in_plan')),
    )
    op.create_table(
        'probe_answers',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('pair_id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('answers', sa.JSON(), nullable=False),
        sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('first_contact','meeting','fit','midterm','stuck','closing','wellbeing')",
            name=op.f('ck_probe_answers_kind'),
        ),
        sa.CheckConstraint('number >= 1', name=op.f('ck_probe_answers_number')),
        sa.ForeignKeyConstraint(['pair_id'], ['pair.id'], name=op.f('fk_probe_answers_pair_id_pair')),
        sa.ForeignKeyConstraint(
            ['enrolment_id'], ['enrolment.id'], name=op.f('fk_probe_answers_enrolment_id_enrolment')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_probe_answers')),
        sa.UniqueConstraint('pair_id', 'enrolment_id', 'kind', 'number', name=op.f('uq_probe_answers_pair_id_enrolment_id_kind_number')),
    )
    op.create_index(op.f('ix_probe_answers_enrolment_id'), 'probe_answers', ['enrolment_id'])
    op.create_index(
        'uq_probe_answers_enrolment_id_number_wellbeing',
        'probe_answers',
        ['enrolment_id', 'number'],
        unique=True,
        sqlite_where=sa.text("kind = 'wellbeing'"),
        postgresql_where=sa.text("kind = 'wellbeing'"),
    )
    op.create_table(
        'staff_task',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('pair_id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('source', sa.String(), nullable=False),
        sa.Column('reason', sa.JSON(), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('changed_answer_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('done_by', sa.Integer(), nullable=True),
        sa.Column('note', sa.String(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind in ('urgent','very_hard','support','not_for_me','asks_staff','overload','falling','silent')",
            name=op.f('ck_staff_task_kind'),
        ),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_staff_task_programme_id_programme')),
        sa.ForeignKeyConstraint(['pair_id'], ['pair.id'], name=op.f('fk_staff_task_pair_id_pair')),
        sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_staff_task_enrolment_id_enrolment')),
        sa.ForeignKeyConstraint(['done_by'], ['person.id'], name=op.f('fk_staff_task_done_by_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_task')),
        sa.UniqueConstraint('programme_id', 'source', name=op.f('uq_staff_task_programme_id_source')),
    )
    op.create_index(op.f('ix_staff_task_pair_id'), 'staff_task', ['pair_id'])
    op.create_index(op.f('ix_staff_task_enrolment_id'), 'staff_task', ['enrolment_id'])
    op.create_index('ix_staff_task_programme_id_done_at_due_at', 'staff_task', ['programme_id', 'done_at', 'due_at'])
    op.create_table(
        'reflection',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('stage', sa.String(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('is_shared', sa.Boolean(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('handed_in_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('returned_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("stage in ('start','middle','end')", name=op.f('ck_reflection_stage')),
        sa.CheckConstraint("state in ('draft','handed_in','read','returned')", name=op.f('ck_reflection_state')),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_reflection_programme_id_programme')),
        sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_reflection_enrolment_id_enrolment')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_reflection')),
        sa.UniqueConstraint('enrolment_id', 'stage', name=op.f('uq_reflection_enrolment_id_stage')),
    )
    op.create_index(op.f('ix_reflection_programme_id'), 'reflection', ['programme_id'])
    op.create_table(
        'reading',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('reflection_id', sa.Integer(), nullable=False),
        sa.Column('reader_id', sa.Integer(), nullable=False),
        sa.Column('marks', sa.JSON(), nullable=False),
        sa.Column('comment', sa.String(), nullable=False),
        sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['reflection_id'], ['reflection.id'], name=op.f('fk_reading_reflection_id_reflection')),
        sa.ForeignKeyConstraint(['reader_id'], ['person.id'], name=op.f('fk_reading_reader_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_reading')),
        sa.UniqueConstraint('reflection_id', 'reader_id', name=op.f('uq_reading_reflection_id_reader_id')),
    )
    op.create_index(op.f('ix_reading_reader_id'), 'reading', ['reader_id'])
    op.create_table(
        'ladder_step',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('pair_id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('since', sa.DateTime(timezone=True), nullable=False),
        sa.Column('rung', sa.String(), nullable=False),
        sa.Column('to_enrolment_id', sa.Integer(), nullable=False),
        sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('hello','answer','silence','check_in','reflection')", name=op.f('ck_ladder_step_kind')
        ),
        sa.CheckConstraint("rung in ('self','partner','staff')", name=op.f('ck_ladder_step_rung')),
        sa.ForeignKeyConstraint(['pair_id'], ['pair.id'], name=op.f('fk_ladder_step_pair_id_pair')),
        sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_ladder_step_enrolment_id_enrolment')),
        sa.ForeignKeyConstraint(
            ['to_enrolment_id'], ['enrolment.id'], name=op.f('fk_ladder_step_to_enrolment_id_enrolment')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_ladder_step')),
        sa.UniqueConstraint(
            'pair_id', 'enrolment_id', 'kind', 'since', 'rung', 'to_enrolment_id', name='uq_ladder_step_once'
        ),
    )
    op.create_index(op.f('ix_ladder_step_enrolment_id'), 'ladder_step', ['enrolment_id'])
    op.create_index(op.f('ix_ladder_step_to_enrolment_id'), 'ladder_step', ['to_enrolment_id'])
    op.create_table(
        'away',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('since', sa.DateTime(timezone=True), nullable=False),
        sa.Column('back_on', sa.Date(), nullable=False),
        sa.Column('back_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('words', sa.String(), nullable=False),
        sa.CheckConstraint("reason in ('exams','ill','family','travel','other')", name=op.f('ck_away_reason')),
        sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_away_enrolment_id_enrolment')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_away')),
    )
    op.create_index(op.f('ix_away_enrolment_id'), 'away', ['enrolment_id'])
    with op.batch_alter_table('nudge') as batch_op:
        batch_op.add_column(sa.Column('pair_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('rung', sa.String(), nullable=True))
        batch_op.create_foreign_key(op.f(NUDGE_PAIR), 'pair', ['pair_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('nudge') as batch_op:
        batch_op.drop_constraint(op.f(NUDGE_PAIR), type_='foreignkey')
        batch_op.drop_column('rung')
        batch_op.drop_column('pair_id')
    op.drop_index(op.f('ix_away_enrolment_id'), table_name='away')
    op.drop_table('away')
    op.drop_index(op.f('ix_ladder_step_to_enrolment_id'), table_name='ladder_step')
    op.drop_index(op.f('ix_ladder_step_enrolment_id'), table_name='ladder_step')
    op.drop_table('ladder_step')
    op.drop_index(op.f('ix_reading_reader_id'), table_name='reading')
    op.drop_table('reading')
    op.drop_index(op.f('ix_reflection_programme_id'), table_name='reflection')
    op.drop_table('reflection')
    op.drop_index('ix_staff_task_programme_id_done_at_due_at', table_name='staff_task')
    op.drop_index(op.f('ix_staff_task_enrolment_id'), table_name='staff_task')
    op.drop_index(op.f('ix_staff_task_pair_id'), table_name='staff_task')
    op.drop_table('staff_task')
    op.drop_index('uq_probe_answers_enrolment_id_number_wellbeing', table_name='probe_answers')
    op.drop_index(op.f('ix_probe_answers_enrolment_id'), table_name='probe_answers')
    op.drop_table('probe_answers')
    op.drop_table('check_in_plan')
