"""when it does not work

A pair's life and how it is doing, cases with their record, last words. Expand only: of the check-ins that there are, the
last of each member becomes a sign of their pair. Never import application code: it will have changed.
"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0011'
branch_labels = None
depends_on = None

EVENTS = "what in ('paused','resumed','stopped','allowed','left','ended')"
KINDS = "kind in ('talk','rematch','decide','role','concern','urgent','safety')"
ENTRIES = "kind in ('note','talk','answer','addition','taken','closed','reopened','withdrawn')"
SIGNS = "kind in ('check_in','message','meeting','not_reached','fit')"


def upgrade() -> None:
    _life()
    _cases()
    _standing()
    op.execute(
        'insert into pair_sign (pair_id, enrolment_id, kind, at, level, in_a_row)'
        " select pair_id, enrolment_id, 'check_in', max(changed_at), 0, 1 from check_in group by pair_id, enrolment_id"
    )


def _life() -> None:
    op.create_table(
        'pair_event',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('pair_id', sa.Integer(), nullable=False),
        sa.Column('what', sa.String(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=True),
        sa.Column('words', sa.String(), nullable=False, server_default=''),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(EVENTS, name=op.f('ck_pair_event_what')),
        sa.ForeignKeyConstraint(['pair_id'], ['pair.id'], name=op.f('fk_pair_event_pair_id_pair')),
        sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_pair_event_enrolment_id_enrolment')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pair_event')),
    )
    op.create_index(op.f('ix_pair_event_pair_id'), 'pair_event', ['pair_id'])
    op.create_table(
        'pair_stop',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('pair_id', sa.Integer(), nullable=False),
        sa.Column('from_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('until_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['pair_id'], ['pair.id'], name=op.f('fk_pair_stop_pair_id_pair')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pair_stop')),
    )
    op.create_index(op.f('ix_pair_stop_pair_id'), 'pair_stop', ['pair_id'])
    lasts = sa.text('until_at is null')
    op.create_index(
        'uq_pair_stop_pair_id_open', 'pair_stop', ['pair_id'], unique=True, sqlite_where=lasts, postgresql_where=lasts
    )
    op.create_table(
        'farewell',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('pair_id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('thanks', sa.String(), nullable=False, server_default=''),
        sa.Column('stays', sa.Boolean(), nullable=True),
        sa.Column('contact', sa.String(), nullable=False, server_default=''),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['pair_id'], ['pair.id'], name=op.f('fk_farewell_pair_id_pair')),
        sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_farewell_enrolment_id_enrolment')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_farewell')),
        sa.UniqueConstraint('pair_id', 'enrolment_id', name=op.f('uq_farewell_pair_id_enrolment_id')),
    )
    op.create_index(op.f('ix_farewell_enrolment_id'), 'farewell', ['enrolment_id'])


def _cases() -> None:
    op.create_table(
        'pair_case',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('pair_id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('about_id', sa.Integer(), nullable=True),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('topic', sa.String(), nullable=False, server_default='other'),
        sa.Column('answers', sa.JSON(), nullable=False, server_default='{}'),
        sa.Column('may_tell', sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column('is_in_danger', sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('owner_id', sa.Integer(), nullable=True),
        sa.Column('review_on', sa.Date(), nullable=True),
        sa.Column('outcome', sa.String(), nullable=True),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False, server_default='1'),
        sa.Column('once', sa.String(), nullable=False),
        sa.CheckConstraint(KINDS, name=op.f('ck_pair_case_kind')),
        sa.CheckConstraint(
            "state in ('open','taken','review','closed','withdrawn')", name=op.f('ck_pair_case_state')
        ),
        sa.CheckConstraint("(state = 'closed') = (outcome is not null)", name=op.f('ck_pair_case_outcome')),
        sa.CheckConstraint(
            "state not in ('taken','review') or owner_id is not null", name=op.f('ck_pair_case_owner')
        ),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_pair_case_programme_id_programme')),
        sa.ForeignKeyConstraint(['pair_id'], ['pair.id'], name=op.f('fk_pair_case_pair_id_pair')),
        sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_pair_case_enrolment_id_enrolment')),
        sa.ForeignKeyConstraint(['about_id'], ['enrolment.id'], name=op.f('fk_pair_case_about_id_enrolment')),
        sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_pair_case_owner_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pair_case')),
        sa.UniqueConstraint('enrolment_id', 'once', name=op.f('uq_pair_case_enrolment_id_once')),
    )
    op.create_index(op.f('ix_pair_case_pair_id'), 'pair_case', ['pair_id'])
    op.create_index('ix_pair_case_programme_id_state', 'pair_case', ['programme_id', 'state', 'asked_at'])
    op.create_table(
        'case_entry',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('case_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('author_id', sa.Integer(), nullable=True),
        sa.Column('words', sa.JSON(), nullable=False, server_default='{}'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('once', sa.String(), nullable=True),
        sa.CheckConstraint(ENTRIES, name=op.f('ck_case_entry_kind')),
        sa.ForeignKeyConstraint(['case_id'], ['pair_case.id'], name=op.f('fk_case_entry_case_id_pair_case')),
        sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_case_entry_author_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_case_entry')),
        sa.UniqueConstraint('author_id', 'once', name=op.f('uq_case_entry_author_id_once')),
    )
    op.create_index(op.f('ix_case_entry_case_id'), 'case_entry', ['case_id'])


def _standing() -> None:
    op.create_table(
        'pair_sign',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('pair_id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('level', sa.Integer(), nullable=False, server_default='0'),
        sa.Column('in_a_row', sa.Integer(), nullable=False, server_default='1'),
        sa.CheckConstraint(SIGNS, name=op.f('ck_pair_sign_kind')),
        sa.ForeignKeyConstraint(['pair_id'], ['pair.id'], name=op.f('fk_pair_sign_pair_id_pair')),
        sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_pair_sign_enrolment_id_enrolment')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pair_sign')),
        sa.UniqueConstraint('pair_id', 'enrolment_id', 'kind', name=op.f('uq_pair_sign_pair_id_enrolment_id_kind')),
    )
    op.create_index(op.f('ix_pair_sign_enrolment_id'), 'pair_sign', ['enrolment_id'])
    op.create_table(
        'pair_standing',
        sa.Column('pair_id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('health', sa.String(), nullable=False),
        sa.Column('suggestion', sa.String(), nullable=False),
        sa.Column('urgency', sa.Integer(), nullable=False),
        sa.Column('waiting_since', sa.DateTime(timezone=True), nullable=True),
        sa.Column('last_sign_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("health in ('stuck','watch','on_track','ended')", name=op.f('ck_pair_standing_health')),
        sa.ForeignKeyConstraint(['pair_id'], ['pair.id'], name=op.f('fk_pair_standing_pair_id_pair')),
        sa.ForeignKeyConstraint(
            ['programme_id'], ['programme.id'], name=op.f('fk_pair_standing_programme_id_programme')
        ),
        sa.PrimaryKeyConstraint('pair_id', name=op.f('pk_pair_standing')),
    )
    op.create_index(
        'ix_pair_standing_programme_id_urgency',
        'pair_standing',
        ['programme_id', 'urgency', 'waiting_since', 'pair_id'],
    )
    op.create_index('ix_pair_standing_programme_id_health', 'pair_standing', ['programme_id', 'health'])
    op.create_table(
        'pair_note',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('pair_id', sa.Integer(), nullable=False),
        sa.Column('author_id', sa.Integer(), nullable=False),
        sa.Column('words', sa.String(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('once', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['pair_id'], ['pair.id'], name=op.f('fk_pair_note_pair_id_pair')),
        sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_pair_note_author_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pair_note')),
        sa.UniqueConstraint('author_id', 'once', name=op.f('uq_pair_note_author_id_once')),
    )
    op.create_index(op.f('ix_pair_note_pair_id'), 'pair_note', ['pair_id'])


def downgrade() -> None:
    for table in ('pair_note', 'pair_standing', 'pair_sign', 'case_entry', 'pair_case', 'farewell', 'pair_stop'):
        op.drop_table(table)
    op.drop_table('pair_event')
