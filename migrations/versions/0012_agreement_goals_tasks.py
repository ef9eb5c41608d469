"""agreement, goals, tasks

What a pair agrees on, works towards and does next. Expand only. Never import application code: it will have changed.
"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f'{to}.id'], name=op.f(f'fk_{table}_{column}_{to}'))


def upgrade() -> None:
    _agreement()
    _goals()
    _tasks()


def _agreement() -> None:
    op.create_table(
        'agreement',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('pair_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('terms', sa.JSON(), nullable=False),
        sa.Column('rules', sa.JSON(), nullable=False),
        sa.Column('written_by', sa.Integer(), nullable=False),
        sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('number >= 1', name=op.f('ck_agreement_number')),
        _key('agreement', 'pair_id', 'pair'),
        _key('agreement', 'written_by', 'enrolment'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement')),
        sa.UniqueConstraint('pair_id', 'number', name=op.f('uq_agreement_pair_id_number')),
    )
    op.create_index(op.f('ix_agreement_written_by'), 'agreement', ['written_by'])
    op.create_table(
        'agreement_signature',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('agreement_id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
        _key('agreement_signature', 'agreement_id', 'agreement'),
        _key('agreement_signature', 'enrolment_id', 'enrolment'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_signature')),
        sa.UniqueConstraint('agreement_id', 'enrolment_id', name=op.f('uq_agreement_signature_agreement_id_enrolment_id')),
    )
    op.create_index(op.f('ix_agreement_signature_enrolment_id'), 'agreement_signature', ['enrolment_id'])


def _goals() -> None:
    op.create_table(
        'goal',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('pair_id', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('created_by', sa.Integer(), nullable=False),
        sa.Column('once', sa.String(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('agreed_on', sa.Date(), nullable=True),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('closed_by', sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state in ('proposed','agreed','reached','set_aside','dropped')", name=op.f('ck_goal_state')
        ),
        _key('goal', 'pair_id', 'pair'),
        _key('goal', 'created_by', 'enrolment'),
        _key('goal', 'closed_by', 'enrolment'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_goal')),
        sa.UniqueConstraint('created_by', 'once', name=op.f('uq_goal_created_by_once')),
    )
    op.create_index(op.f('ix_goal_pair_id'), 'goal', ['pair_id'])
    op.create_table(
        'goal_change',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('goal_id', sa.Integer(), nullable=False),
        sa.Column('terms', sa.JSON(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('suggested_by', sa.Integer(), nullable=False),
        sa.Column('suggested_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('settled_by', sa.Integer(), nullable=True),
        sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('open','agreed','countered','declined','taken_back')", name=op.f('ck_goal_change_state')
        ),
        _key('goal_change', 'goal_id', 'goal'),
        _key('goal_change', 'suggested_by', 'enrolment'),
        _key('goal_change', 'settled_by', 'enrolment'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_goal_change')),
    )
    op.create_index(op.f('ix_goal_change_goal_id'), 'goal_change', ['goal_id'])
    op.create_index(op.f('ix_goal_change_suggested_by'), 'goal_change', ['suggested_by'])
    is_open = sa.text("state = 'open'")
    op.create_index(
        'uq_goal_change_goal_id_open',
        'goal_change',
        ['goal_id'],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        'milestone',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('goal_id', sa.Integer(), nullable=False),
        sa.Column('place', sa.Integer(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('done_by', sa.Integer(), nullable=True),
        _key('milestone', 'goal_id', 'goal'),
        _key('milestone', 'done_by', 'enrolment'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_milestone')),
        sa.UniqueConstraint('goal_id', 'text', name=op.f('uq_milestone_goal_id_text')),
    )
    op.create_table(
        'confidence',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('goal_id', sa.Integer(), nullable=False),
        sa.Column('enrolment_id', sa.Integer(), nullable=False),
        sa.Column('given_on', sa.Date(), nullable=False),
        sa.Column('value', sa.Integer(), nullable=False),
        sa.CheckConstraint('value between 0 and 10', name=op.f('ck_confidence_value')),
        _key('confidence', 'goal_id', 'goal'),
        _key('confidence', 'enrolment_id', 'enrolment'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_confidence')),
        sa.UniqueConstraint('goal_id', 'enrolment_id', 'given_on', name=op.f('uq_confidence_goal_id_enrolment_id_given_on')),
    )
    op.create_index(op.f('ix_confidence_enrolment_id'), 'confidence', ['enrolment_id'])


def _tasks() -> None:
    op.create_table(
        'task',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('pair_id', sa.Integer(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('owner_id', sa.Integer(), nullable=True),
        sa.Column('due_on', sa.Date(), nullable=True),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('created_by', sa.Integer(), nullable=False),
        sa.Column('once', sa.String(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('changed_by', sa.Integer(), nullable=True),
        sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('to_do','doing','done')", name=op.f('ck_task_state')),
        _key('task', 'pair_id', 'pair'),
        _key('task', 'owner_id', 'enrolment'),
        _key('task', 'created_by', 'enrolment'),
        _key('task', 'changed_by', 'enrolment'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_task')),
        sa.UniqueConstraint('created_by', 'once', name=op.f('uq_task_created_by_once')),
    )
    op.create_index(op.f('ix_task_pair_id'), 'task', ['pair_id'])
    op.create_index(op.f('ix_task_owner_id'), 'task', ['owner_id'])


def downgrade() -> None:
    for table in ('task', 'confidence', 'milestone', 'goal_change', 'goal', 'agreement_signature', 'agreement'):
        op.drop_table(table)
