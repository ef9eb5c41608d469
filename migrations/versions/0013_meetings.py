"""meetings

Meetings of a pair with everybody's part in them, what happened to them, their notes; attempts at contact; private
addresses of calendars; from how many minutes a meeting counts. Expand only. Never import application code: it will have
changed.
"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

STATES = "state in ('proposed','agreed','declined','cancelled','missed','held','disputed','dismissed')"
REPORT = "(state in ('held','disputed','dismissed')) = (reported_at is not null)"
LEAST = 'ck_programme_least_meeting_minutes'


def instant(name: str, *, nullable: bool = False) -> sa.Column:
    """A moment."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def words(name: str) -> sa.Column:
    """What somebody wrote, empty where they wrote nothing."""
    return sa.Column(name, sa.String(), nullable=False, server_default='')


def number(name: str, *, nullable: bool = False) -> sa.Column:
    """A whole number, often of a row elsewhere."""
    return sa.Column(name, sa.Integer(), nullable=nullable)


def key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    """A reference to another table's row, by name."""
    return sa.ForeignKeyConstraint([column], [f'{to}.id'], name=op.f(f'fk_{table}_{column}_{to}'))


def upgrade() -> None:
    with op.batch_alter_table('programme') as batch_op:
        batch_op.add_column(sa.Column('least_meeting_minutes', sa.Integer(), nullable=False, server_default='15'))
        batch_op.create_check_constraint(op.f(LEAST), 'least_meeting_minutes between 1 and 240')
    make_meeting()
    make_part()
    make_change()
    make_note()
    make_attempt()
    make_feed()


def make_meeting() -> None:
    op.create_table(
        'meeting',
        number('id'),
        number('pair_id'),
        number('created_by'),
        sa.Column('once', sa.String(), nullable=False),
        instant('created_at'),
        instant('changed_at'),
        sa.Column('version', sa.Integer(), nullable=False, server_default='1'),
        sa.Column('state', sa.String(), nullable=False),
        instant('starts_at', nullable=True),
        number('planned_minutes', nullable=True),
        words('place'),
        words('words'),
        number('proposed_by'),
        sa.Column('held_on', sa.Date(), nullable=True),
        number('held_minutes', nullable=True),
        number('reported_by', nullable=True),
        instant('reported_at', nullable=True),
        number('disputed_by', nullable=True),
        instant('disputed_at', nullable=True),
        words('dispute_words'),
        sa.Column('ruling', sa.String(), nullable=True),
        number('ruled_by', nullable=True),
        instant('ruled_at', nullable=True),
        words('ruling_words'),
        sa.CheckConstraint(STATES, name=op.f('ck_meeting_state')),
        sa.CheckConstraint("ruling in ('counts','does_not_count')", name=op.f('ck_meeting_ruling')),
        sa.CheckConstraint('(starts_at is null) = (planned_minutes is null)', name=op.f('ck_meeting_plan')),
        sa.CheckConstraint(REPORT, name=op.f('ck_meeting_report')),
        key('meeting', 'pair_id', 'pair'),
        key('meeting', 'created_by', 'enrolment'),
        key('meeting', 'proposed_by', 'enrolment'),
        key('meeting', 'reported_by', 'enrolment'),
        key('meeting', 'disputed_by', 'enrolment'),
        key('meeting', 'ruled_by', 'person'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting')),
        sa.UniqueConstraint('created_by', 'once', name=op.f('uq_meeting_created_by_once')),
    )
    op.create_index(op.f('ix_meeting_pair_id'), 'meeting', ['pair_id'])
    op.create_index('ix_meeting_state_pair_id', 'meeting', ['state', 'pair_id'])


def make_part() -> None:
    op.create_table(
        'meeting_part',
        number('id'),
        number('meeting_id'),
        number('enrolment_id'),
        sa.Column('answer', sa.String(), nullable=False, server_default='none'),
        sa.Column('was_there', sa.Boolean(), nullable=False, server_default=sa.false()),
        number('said_minutes', nullable=True),
        instant('said_at', nullable=True),
        sa.CheckConstraint("answer in ('none','coming','not_coming')", name=op.f('ck_meeting_part_answer')),
        key('meeting_part', 'meeting_id', 'meeting'),
        key('meeting_part', 'enrolment_id', 'enrolment'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_part')),
        sa.UniqueConstraint('meeting_id', 'enrolment_id', name=op.f('uq_meeting_part_meeting_id_enrolment_id')),
    )
    op.create_index(op.f('ix_meeting_part_enrolment_id'), 'meeting_part', ['enrolment_id'])


def make_change() -> None:
    op.create_table(
        'meeting_change',
        number('id'),
        number('meeting_id'),
        number('enrolment_id', nullable=True),
        sa.Column('what', sa.String(), nullable=False),
        instant('starts_at', nullable=True),
        number('minutes', nullable=True),
        words('place'),
        words('words'),
        instant('at'),
        key('meeting_change', 'meeting_id', 'meeting'),
        key('meeting_change', 'enrolment_id', 'enrolment'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_change')),
    )
    op.create_index(op.f('ix_meeting_change_meeting_id'), 'meeting_change', ['meeting_id'])
    op.create_index(op.f('ix_meeting_change_enrolment_id'), 'meeting_change', ['enrolment_id'])


def make_note() -> None:
    op.create_table(
        'meeting_note',
        number('id'),
        number('meeting_id'),
        number('number'),
        sa.Column('text', sa.String(), nullable=False),
        number('written_by'),
        instant('written_at'),
        sa.CheckConstraint('number >= 1', name=op.f('ck_meeting_note_number')),
        key('meeting_note', 'meeting_id', 'meeting'),
        key('meeting_note', 'written_by', 'enrolment'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_note')),
        sa.UniqueConstraint('meeting_id', 'number', name=op.f('uq_meeting_note_meeting_id_number')),
    )
    op.create_index(op.f('ix_meeting_note_written_by'), 'meeting_note', ['written_by'])


def make_attempt() -> None:
    op.create_table(
        'contact_attempt',
        number('id'),
        number('pair_id'),
        number('enrolment_id'),
        sa.Column('tried_on', sa.Date(), nullable=False),
        instant('tried_at'),
        instant('answered_at', nullable=True),
        key('contact_attempt', 'pair_id', 'pair'),
        key('contact_attempt', 'enrolment_id', 'enrolment'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_attempt')),
        sa.UniqueConstraint(
            'pair_id', 'enrolment_id', 'tried_on', name=op.f('uq_contact_attempt_pair_id_enrolment_id_tried_on')
        ),
    )
    op.create_index(op.f('ix_contact_attempt_enrolment_id'), 'contact_attempt', ['enrolment_id'])


def make_feed() -> None:
    op.create_table(
        'calendar_feed',
        number('id'),
        number('enrolment_id'),
        sa.Column('secret_hash', sa.String(), nullable=False),
        instant('made_at'),
        key('calendar_feed', 'enrolment_id', 'enrolment'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_feed')),
        sa.UniqueConstraint('enrolment_id', name=op.f('uq_calendar_feed_enrolment_id')),
        sa.UniqueConstraint('secret_hash', name=op.f('uq_calendar_feed_secret_hash')),
    )


def downgrade() -> None:
    for table in ('calendar_feed', 'contact_attempt', 'meeting_note', 'meeting_change', 'meeting_part', 'meeting'):
        op.drop_table(table)
    with op.batch_alter_table('programme') as batch_op:
        batch_op.drop_constraint(op.f(LEAST), type_='check')
        batch_op.drop_column('least_meeting_minutes')
