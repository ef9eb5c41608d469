"""what people do for their points that had no page yet

What is sent twice is kept once; an offered partner is told of by the ladder of reminders; and a survey whose results
were read stays closed. Never import application code: it will have changed.
"""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

BEFORE = "kind in ('hello','answer','silence','check_in','reflection')"
NOW = "kind in ('hello','answer','silence','check_in','reflection','rematch')"


def upgrade() -> None:
    for table in ('solo_work', 'hours_entry'):
        op.add_column(table, sa.Column('once', sa.String(), nullable=True))
        op.create_index(op.f(f'uq_{table}_enrolment_id_once'), table, ['enrolment_id', 'once'], unique=True)
    op.add_column('programme', sa.Column('survey_read_at', sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table('ladder_step') as batch_op:
        batch_op.drop_constraint(op.f('ck_ladder_step_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_ladder_step_kind'), NOW)


def downgrade() -> None:
    op.execute("delete from ladder_step where kind = 'rematch'")
    with op.batch_alter_table('ladder_step') as batch_op:
        batch_op.drop_constraint(op.f('ck_ladder_step_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_ladder_step_kind'), BEFORE)
    with op.batch_alter_table('programme') as batch_op:
        batch_op.drop_column('survey_read_at')
    for table in ('hours_entry', 'solo_work'):
        op.drop_index(op.f(f'uq_{table}_enrolment_id_once'), table_name=table)
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column('once')
