"""from course to cohort

Phases from set-up to closed, versions of settings, who runs a programme, applications, training, consent and reminders.
Expand only. Never import application code: it will have changed.
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0004'
branch_labels = None
depends_on = None

OLD_PHASES = "phase in ('sign_up','proposed','running','closed')"
PHASES = "phase in ('set_up','sign_up','matching','running','closing','closed')"
PROGRAMME_CHECKS = {
    'seniority': "seniority in ('ignore','prefer','require')",
    'meeting_count': 'meeting_count between 0 and 52',
}
WISH_KIND = "kind in ('apart','together')"
OLD_ROLES = "role in ('mentor','mentee','either')"
ROLES = "role in ('mentor','mentee','either','swap')"


def new_columns() -> dict[str, tuple[sa.Column, ...]]:
    """The columns added to each table, made anew for each use."""
    return {
        'programme': (
            sa.Column('objectives', sa.JSON(), nullable=False, server_default='[]'),
            sa.Column('preset', sa.String(), nullable=False, server_default='study_skills'),
            sa.Column('asks_application', sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column('asks_training', sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column('mentor_section_ids', sa.JSON(), nullable=False, server_default='[]'),
            sa.Column('mentee_section_ids', sa.JSON(), nullable=False, server_default='[]'),
            sa.Column('same_section_only', sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column('seniority', sa.String(), nullable=False, server_default='ignore'),
            sa.Column('sign_up_closes_on', sa.Date(), nullable=True),
            sa.Column('matching_on', sa.Date(), nullable=True),
            sa.Column('ends_on', sa.Date(), nullable=True),
            sa.Column('meeting_count', sa.Integer(), nullable=False, server_default='5'),
            sa.Column('is_graded', sa.Boolean(), nullable=False, server_default=sa.true()),
            sa.Column('column_label', sa.String(), nullable=False, server_default=''),
            sa.Column('moves_by_date', sa.Boolean(), nullable=False, server_default=sa.false()),
        ),
        'enrolment': (
            sa.Column('conduct_version', sa.Integer(), nullable=True),
            sa.Column('conduct_at', sa.DateTime(timezone=True), nullable=True),
        ),
        'wish': (sa.Column('kind', sa.String(), nullable=False, server_default='apart'),),
        'person': (sa.Column('mail_off_at', sa.DateTime(timezone=True), nullable=True),),
    }


def upgrade() -> None:
    for table, columns in new_columns().items():
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.add_column(column)
    change_phases(PHASES, 'proposed', 'matching')
    with op.batch_alter_table('programme') as batch_op:
        for name, rule in PROGRAMME_CHECKS.items():
            batch_op.create_check_constraint(op.f(f'ck_programme_{name}'), rule)
    change_roles(ROLES)
    with op.batch_alter_table('wish') as batch_op:
        batch_op.create_check_constraint(op.f('ck_wish_kind'), WISH_KIND)
    create_tables()
    # The program says these itself from now on.
    for table, columns in new_columns().items():
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                if column.server_default is not None:
                    batch_op.alter_column(column.name, server_default=None)


def change_phases(rule: str, old: str, new: str) -> None:
    """Give a phase another name, under another rule."""
    with op.batch_alter_table('programme') as batch_op:
        batch_op.drop_constraint(op.f('ck_programme_phase'), type_='check')
    op.execute(f"update programme set phase = '{new}' where phase = '{old}'")
    with op.batch_alter_table('programme') as batch_op:
        batch_op.create_check_constraint(op.f('ck_programme_phase'), rule)


def change_roles(rule: str) -> None:
    """Which roles people may have."""
    with op.batch_alter_table('enrolment') as batch_op:
        batch_op.drop_constraint(op.f('ck_enrolment_role'), type_='check')
        batch_op.create_check_constraint(op.f('ck_enrolment_role'), rule)


def create_tables() -> None:
    op.create_table(
        'programme_version',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('settings', sa.JSON(), nullable=False),
        sa.Column('questionnaire', sa.JSON(), nullable=False),
        sa.Column('changed_by', sa.Integer(), nullable=True),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        key('programme_version', 'programme_id', 'programme'),
        key('programme_version', 'changed_by', 'person'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_version')),
        sa.UniqueConstraint('programme_id', 'number', name=op.f('uq_programme_version_programme_id_number')),
    )
    op.create_table(
        'programme_staff',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('added_by', sa.Integer(), nullable=True),
        sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
        key('programme_staff', 'programme_id', 'programme'),
        key('programme_staff', 'person_id', 'person'),
        key('programme_staff', 'added_by', 'person'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_staff')),
        sa.UniqueConstraint('programme_id', 'person_id', name=op.f('uq_programme_staff_programme_id_person_id')),
    )
    op.create_index(op.f('ix_programme_staff_person_id'), 'programme_staff', ['person_id'])
    op.create_table(
        'consent',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('what', sa.String(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("what in ('consent','conduct')", name=op.f('ck_consent_what')),
        key('consent', 'enrolment_id', 'enrolment'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_consent')),
    )
    op.create_index(op.f('ix_consent_enrolment_id'), 'consent', ['enrolment_id'])
    op.create_table(
        'application',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('answers', sa.JSON(), nullable=False),
        sa.Column('message', sa.String(), nullable=False),
        sa.Column('rubric', sa.JSON(), nullable=False),
        sa.Column('note', sa.String(), nullable=False),
        sa.Column('decided_by', sa.Integer(), nullable=True),
        sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state in ('draft','submitted','asked','approved','declined')", name=op.f('ck_application_state')
        ),
        key('application', 'enrolment_id', 'enrolment'),
        key('application', 'decided_by', 'person'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_application')),
        sa.UniqueConstraint('enrolment_id', name=op.f('uq_application_enrolment_id')),
    )
    op.create_table(
        'training',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('course', sa.String(), nullable=False),
        sa.Column('done', sa.JSON(), nullable=False),
        sa.Column('replies', sa.JSON(), nullable=False),
        sa.Column('quiz_tries', sa.Integer(), nullable=False),
        sa.Column('quiz_answers', sa.JSON(), nullable=False),
        sa.Column('passed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("course in ('mentor','mentee')", name=op.f('ck_training_course')),
        sa.CheckConstraint('quiz_tries >= 0', name=op.f('ck_training_quiz_tries')),
        key('training', 'enrolment_id', 'enrolment'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_training')),
        sa.UniqueConstraint('enrolment_id', 'course', name=op.f('uq_training_enrolment_id_course')),
    )
    op.create_table(
        'nudge',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('channel', sa.String(), nullable=False),
        sa.Column('asked_by', sa.Integer(), nullable=True),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel in ('mail','page')", name=op.f('ck_nudge_channel')),
        key('nudge', 'programme_id', 'programme'),
        key('nudge', 'person_id', 'person'),
        key('nudge', 'asked_by', 'person'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_nudge')),
    )
    op.create_index('ix_nudge_programme_id_person_id', 'nudge', ['programme_id', 'person_id'])


def key(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    """A foreign key under the name that the models give it."""
    return sa.ForeignKeyConstraint([column], [f'{parent}.id'], name=op.f(f'fk_{table}_{column}_{parent}'))


def downgrade() -> None:
    for table in ('nudge', 'training', 'application', 'consent', 'programme_staff', 'programme_version'):
        op.drop_table(table)
    # Roles and phases that the older program does not know become their nearest.
    op.execute("update enrolment set role = 'either' where role = 'swap'")
    change_roles(OLD_ROLES)
    op.execute("update programme set phase = 'sign_up' where phase = 'set_up'")
    op.execute("update programme set phase = 'running' where phase = 'closing'")
    change_phases(OLD_PHASES, 'matching', 'proposed')
    with op.batch_alter_table('programme') as batch_op:
        for name in PROGRAMME_CHECKS:
            batch_op.drop_constraint(op.f(f'ck_programme_{name}'), type_='check')
    with op.batch_alter_table('wish') as batch_op:
        batch_op.drop_constraint(op.f('ck_wish_kind'), type_='check')
    op.execute("delete from wish where kind = 'together'")
    for table, columns in new_columns().items():
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.drop_column(column.name)
