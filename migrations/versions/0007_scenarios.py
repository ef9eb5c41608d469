"""scenarios

Several answers to one proposal, of which one is published; what staff change by hand; who has seen their pair. Expand
only: what was proposed before becomes its proposal's only scenario. Never import application code: it will have
changed.
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0010'
branch_labels = None
depends_on = None


def new_columns() -> dict[str, tuple[sa.Column, ...]]:
    """The columns added to each table, made anew for each use."""
    return {
        'pair': (
            sa.Column('scenario_id', sa.Integer(), nullable=True),
            sa.Column('is_locked', sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column('is_by_hand', sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column('is_flagged', sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column('broken_rules', sa.JSON(), nullable=False, server_default='[]'),
        ),
        'unmatched': (
            sa.Column('scenario_id', sa.Integer(), nullable=True),
            sa.Column('wait_listed_at', sa.DateTime(timezone=True), nullable=True),
        ),
    }


UNIQUE = {'pair': ['mentor_id', 'mentee_id'], 'unmatched': ['enrolment_id']}


def upgrade() -> None:
    op.create_table(
        'scenario',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('proposal_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('objective', sa.String(), nullable=False),
        sa.Column('changes', sa.JSON(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('asked_by', sa.Integer(), nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('computed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('mentee_count', sa.Integer(), nullable=False),
        sa.Column('matched_mentees', sa.Integer(), nullable=False),
        sa.Column('total_ppm', sa.BigInteger(), nullable=False),
        sa.Column('worst_ppm', sa.Integer(), nullable=False),
        sa.Column('input_hash', sa.String(), nullable=True),
        sa.Column('certificate', sa.JSON(), nullable=False),
        sa.Column('fairness', sa.JSON(), nullable=False),
        sa.Column('problem', sa.String(), nullable=True),
        sa.Column('is_published', sa.Boolean(), nullable=False),
        sa.CheckConstraint("state in ('waiting','ready','failed')", name=op.f('ck_scenario_state')),
        sa.CheckConstraint("kind in ('computed','edited','repair')", name=op.f('ck_scenario_kind')),
        sa.CheckConstraint("objective in ('fair','total','stable')", name=op.f('ck_scenario_objective')),
        sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_scenario_asked_by')),
        sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_scenario_proposal_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_scenario')),
    )
    op.create_index(op.f('ix_scenario_proposal_id'), 'scenario', ['proposal_id'])
    with op.batch_alter_table('proposal') as batch_op:
        batch_op.alter_column(
            'total_ppm', existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=False
        )
    for table, columns in new_columns().items():
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.add_column(column)
            batch_op.create_foreign_key(
                op.f(f'fk_{table}_scenario_id'), 'scenario', ['scenario_id'], ['id']
            )
    _one_scenario_each()
    for table, columns in UNIQUE.items():
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(f'uq_{table}_proposal_id_{"_".join(columns)}'), type_='unique')
            batch_op.create_unique_constraint(
                op.f(f'uq_{table}_scenario_id_{"_".join(columns)}'), ['scenario_id', *columns]
            )
    op.create_index(op.f('ix_pair_scenario_id_score_ppm'), 'pair', ['scenario_id', 'score_ppm', 'id'])
    op.create_index(op.f('ix_unmatched_proposal_id'), 'unmatched', ['proposal_id'])


def _one_scenario_each() -> None:
    op.execute(
        'insert into scenario (proposal_id, name, kind, objective, changes, state, version, asked_by, asked_at,'
        ' computed_at, mentee_count, matched_mentees, total_ppm, worst_ppm, input_hash, certificate, fairness,'
        " is_published) select id, '', 'computed', 'fair', '{}', 'ready', 1, asked_by, asked_at, asked_at,"
        " mentee_count, matched_mentees, total_ppm, worst_ppm, input_hash, '{}', '{}', state = 'published'"
        " from proposal where state in ('draft', 'published')"
    )
    for table in UNIQUE:
        op.execute(
            f'update {table} set scenario_id = (select scenario.id from scenario'
            f' where scenario.proposal_id = {table}.proposal_id)'
        )


def downgrade() -> None:
    op.drop_index(op.f('ix_unmatched_proposal_id'), 'unmatched')
    op.drop_index(op.f('ix_pair_scenario_id_score_ppm'), 'pair')
    # The program before knows one answer to a proposal: the published one, else the first.
    kept = 'select coalesce(min(case when is_published then id end), min(id)) from scenario group by proposal_id'
    op.execute(f"delete from pair where state = 'proposed' and scenario_id not in ({kept})")
    op.execute(f'delete from unmatched where scenario_id not in ({kept})')
    for table, columns in UNIQUE.items():
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(f'uq_{table}_scenario_id_{"_".join(columns)}'), type_='unique')
            batch_op.create_unique_constraint(
                op.f(f'uq_{table}_proposal_id_{"_".join(columns)}'), ['proposal_id', *columns]
            )
            batch_op.drop_constraint(op.f(f'fk_{table}_scenario_id'), type_='foreignkey')
            for column in reversed(new_columns()[table]):
                batch_op.drop_column(column.name)
    op.drop_index(op.f('ix_scenario_proposal_id'), 'scenario')
    op.drop_table('scenario')
    with op.batch_alter_table('proposal') as batch_op:
        batch_op.alter_column(
            'total_ppm', existing_type=sa.BigInteger(), type_=sa.Integer(), existing_nullable=False
        )
