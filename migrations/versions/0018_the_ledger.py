"""the ledger with all its rules: schemes, excuses, overrides, work alone, release; more columns, states of a score

Expand only. Never import application code: it will have changed.
"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

COLUMN_STATES = "state in ('none','waiting','ready','refused','lost')"
SCORE_STATES = "state in ('waiting','sent','refused','differs','held','frozen')"
PROGRAMME = {
    'participation': "participation in ('default','light','practicum','ungraded','check_ins')",
    'release': "release in ('by_hand','after_due','at_once')",
    'columns': "columns in ('one','three')",
}
PARTS = "part in ('all','onboarding','participation','reflection')"


def upgrade() -> None:
    op.create_table('absence',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('from_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('until_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_absence_course_id')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_absence_person_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_absence'))
    )
    op.create_index('ix_absence_course_id_person_id', 'absence', ['course_id', 'person_id'])
    op.create_index(op.f('ix_absence_person_id'), 'absence', ['person_id'])
    op.create_table('release',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('released_by', sa.Integer(), nullable=True),
        sa.Column('people', sa.Integer(), nullable=False),
        sa.Column('released_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_release_programme_id')),
        sa.ForeignKeyConstraint(['released_by'], ['person.id'], name=op.f('fk_release_released_by')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_release'))
    )
    op.create_index(op.f('ix_release_programme_id'), 'release', ['programme_id'])
    op.create_table('survey_answers',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('side', sa.String(), nullable=False),
        sa.Column('answers', sa.JSON(), nullable=False),
        sa.CheckConstraint("side in ('mentor','mentee')", name=op.f('ck_survey_answers_side')),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_survey_answers_programme_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_answers'))
    )
    op.create_index(op.f('ix_survey_answers_programme_id'), 'survey_answers', ['programme_id'])
    op.create_table('excuse',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('words', sa.String(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('decided_by', sa.Integer(), nullable=True),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('answer', sa.String(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.CheckConstraint("reason in ('illness','duty','barrier','tool','partner_left','other')", name=op.f('ck_excuse_reason')),
        sa.CheckConstraint("state = 'asked' or decided_at is not null", name=op.f('ck_excuse_decided')),
        sa.CheckConstraint("state in ('asked','granted','refused')", name=op.f('ck_excuse_state')),
        sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_excuse_decided_by')),
        sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_excuse_enrolment_id')),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_excuse_programme_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_excuse'))
    )
    op.create_index(op.f('ix_excuse_enrolment_id'), 'excuse', ['enrolment_id'])
    op.create_index('ix_excuse_programme_id_state', 'excuse', ['programme_id', 'state'])
    op.create_table('hours_entry',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('worked_on', sa.Date(), nullable=False),
        sa.Column('minutes', sa.Integer(), nullable=False),
        sa.Column('words', sa.String(), nullable=False),
        sa.Column('logged_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('minutes between 1 and 1440', name=op.f('ck_hours_entry_minutes')),
        sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_hours_entry_enrolment_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_hours_entry'))
    )
    op.create_index(op.f('ix_hours_entry_enrolment_id'), 'hours_entry', ['enrolment_id'])
    op.create_table('ledger_total',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('points', sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column('reachable', sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column('standing', sa.String(), nullable=False),
        sa.Column('efforts', sa.Integer(), nullable=False),
        sa.Column('unread', sa.Integer(), nullable=False),
        sa.Column('decided', sa.Integer(), nullable=False),
        sa.Column('counted_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('changes_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('released_points', sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("standing in ('nothing','collecting','score','clear_by_hand')", name=op.f('ck_ledger_total_standing')),
        sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_ledger_total_enrolment_id')),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_ledger_total_programme_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_total')),
        sa.UniqueConstraint('enrolment_id', name=op.f('uq_ledger_total_enrolment_id'))
    )
    op.create_index('ix_ledger_total_changes_at', 'ledger_total', ['changes_at'])
    op.create_index('ix_ledger_total_programme_id_points', 'ledger_total', ['programme_id', 'points'])
    op.create_table('peer_case',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('handed_in_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_peer_case_enrolment_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_peer_case')),
        sa.UniqueConstraint('enrolment_id', name=op.f('uq_peer_case_enrolment_id'))
    )
    op.create_table('points_override',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('points', sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('decided_by', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('points >= 0', name=op.f('ck_points_override_points')),
        sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_points_override_decided_by')),
        sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_points_override_enrolment_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_points_override'))
    )
    op.create_index(op.f('ix_points_override_enrolment_id'), 'points_override', ['enrolment_id'])
    op.create_table('survey_sent',
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_survey_sent_enrolment_id')),
        sa.PrimaryKeyConstraint('enrolment_id', name=op.f('pk_survey_sent'))
    )
    op.create_table('rematch_offer',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('pair_id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('offered_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('answer', sa.String(), nullable=True),
        sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_rematch_offer_enrolment_id')),
        sa.ForeignKeyConstraint(['pair_id'], ['pair.id'], name=op.f('fk_rematch_offer_pair_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_rematch_offer'))
    )
    op.create_index(op.f('ix_rematch_offer_enrolment_id'), 'rematch_offer', ['enrolment_id'])
    op.create_index(op.f('ix_rematch_offer_pair_id'), 'rematch_offer', ['pair_id'])
    op.create_table('solo_work',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('pair_id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('what', sa.String(), nullable=False),
        sa.Column('words', sa.String(), nullable=False),
        sa.Column('done_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("what in ('agenda','questions','guide')", name=op.f('ck_solo_work_what')),
        sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_solo_work_enrolment_id')),
        sa.ForeignKeyConstraint(['pair_id'], ['pair.id'], name=op.f('fk_solo_work_pair_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_solo_work'))
    )
    op.create_index(op.f('ix_solo_work_enrolment_id'), 'solo_work', ['enrolment_id'])
    op.create_index(op.f('ix_solo_work_pair_id'), 'solo_work', ['pair_id'])
    with op.batch_alter_table('gradebook_column') as batch_op:
        batch_op.add_column(sa.Column('part', sa.String(), nullable=False, server_default='all'))
        batch_op.drop_constraint(op.f('uq_gradebook_column_programme_id'), type_='unique')
        batch_op.drop_constraint(op.f('ck_gradebook_column_state'), type_='check')
        batch_op.create_check_constraint(op.f('ck_gradebook_column_state'), COLUMN_STATES)
        batch_op.create_check_constraint(op.f('ck_gradebook_column_part'), PARTS)
        batch_op.create_unique_constraint(op.f('uq_gradebook_column_programme_id_part'), ['programme_id', 'part'])
    with op.batch_alter_table('member') as batch_op:
        batch_op.add_column(sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table('programme') as batch_op:
        batch_op.add_column(sa.Column('participation', sa.String(), nullable=False, server_default='check_ins'))
        batch_op.add_column(sa.Column('own_scheme', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('release', sa.String(), nullable=False, server_default='at_once'))
        batch_op.add_column(sa.Column('columns', sa.String(), nullable=False, server_default='one'))
        for name, rule in PROGRAMME.items():
            batch_op.create_check_constraint(op.f(f'ck_programme_{name}'), rule)
    with op.batch_alter_table('registration') as batch_op:
        batch_op.add_column(sa.Column('rests_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('faults_in_a_row', sa.Integer(), nullable=False, server_default='0'))
    with op.batch_alter_table('score') as batch_op:
        batch_op.add_column(sa.Column('part', sa.String(), nullable=False, server_default='all'))
        batch_op.add_column(sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('there_points', sa.Numeric(precision=8, scale=2), nullable=True))
        batch_op.add_column(sa.Column('decided_by', sa.Integer(), nullable=True))
        batch_op.drop_constraint(op.f('uq_score_programme_id_person_id'), type_='unique')
        batch_op.drop_constraint(op.f('ck_score_state'), type_='check')
        batch_op.create_check_constraint(op.f('ck_score_state'), SCORE_STATES)
        batch_op.create_unique_constraint(op.f('uq_score_programme_id_person_id_part'), ['programme_id', 'person_id', 'part'])
        batch_op.create_foreign_key(op.f('fk_score_decided_by'), 'person', ['decided_by'], ['id'])


def downgrade() -> None:
    op.execute("delete from score where part <> 'all'")
    op.execute("delete from gradebook_column where part <> 'all'")
    op.execute("update score set state = 'differs' where state = 'frozen'")
    op.execute("update gradebook_column set state = 'refused' where state = 'lost'")
    with op.batch_alter_table('score') as batch_op:
        batch_op.drop_constraint(op.f('ck_score_state'), type_='check')
        batch_op.create_check_constraint(
            op.f('ck_score_state'), "state in ('waiting','sent','refused','differs','held')"
        )
        batch_op.drop_constraint(op.f('fk_score_decided_by'), type_='foreignkey')
        batch_op.drop_constraint(op.f('uq_score_programme_id_person_id_part'), type_='unique')
        batch_op.create_unique_constraint(op.f('uq_score_programme_id_person_id'), ['programme_id', 'person_id'])
        batch_op.drop_column('decided_by')
        batch_op.drop_column('there_points')
        batch_op.drop_column('confirmed_at')
        batch_op.drop_column('part')
    with op.batch_alter_table('registration') as batch_op:
        batch_op.drop_column('faults_in_a_row')
        batch_op.drop_column('rests_until')
    with op.batch_alter_table('programme') as batch_op:
        for name in PROGRAMME:
            batch_op.drop_constraint(op.f(f'ck_programme_{name}'), type_='check')
        batch_op.drop_column('columns')
        batch_op.drop_column('release')
        batch_op.drop_column('own_scheme')
        batch_op.drop_column('participation')
    with op.batch_alter_table('member') as batch_op:
        batch_op.drop_column('arrived_at')
    with op.batch_alter_table('gradebook_column') as batch_op:
        batch_op.drop_constraint(op.f('ck_gradebook_column_part'), type_='check')
        batch_op.drop_constraint(op.f('ck_gradebook_column_state'), type_='check')
        batch_op.create_check_constraint(
            op.f('ck_gradebook_column_state'), "state in ('none','waiting','ready','refused')"
        )
        batch_op.drop_constraint(op.f('uq_gradebook_column_programme_id_part'), type_='unique')
        batch_op.create_unique_constraint(op.f('uq_gradebook_column_programme_id'), ['programme_id'])
        batch_op.drop_column('part')
    op.drop_index(op.f('ix_solo_work_pair_id'), table_name='solo_work')
    op.drop_index(op.f('ix_solo_work_enrolment_id'), table_name='solo_work')
    op.drop_table('solo_work')
    op.drop_index(op.f('ix_rematch_offer_pair_id'), table_name='rematch_offer')
    op.drop_index(op.f('ix_rematch_offer_enrolment_id'), table_name='rematch_offer')
    op.drop_table('rematch_offer')
    op.drop_table('survey_sent')
    op.drop_index(op.f('ix_points_override_enrolment_id'), table_name='points_override')
    op.drop_table('points_override')
    op.drop_table('peer_case')
    op.drop_index('ix_ledger_total_programme_id_points', table_name='ledger_total')
    op.drop_index('ix_ledger_total_changes_at', table_name='ledger_total')
    op.drop_table('ledger_total')
    op.drop_index(op.f('ix_hours_entry_enrolment_id'), table_name='hours_entry')
    op.drop_table('hours_entry')
    op.drop_index('ix_excuse_programme_id_state', table_name='excuse')
    op.drop_index(op.f('ix_excuse_enrolment_id'), table_name='excuse')
    op.drop_table('excuse')
    op.drop_index(op.f('ix_survey_answers_programme_id'), table_name='survey_answers')
    op.drop_table('survey_answers')
    op.drop_index(op.f('ix_release_programme_id'), table_name='release')
    op.drop_table('release')
    op.drop_index(op.f('ix_absence_person_id'), table_name='absence')
    op.drop_index('ix_absence_course_id_person_id', table_name='absence')
    op.drop_table('absence')
