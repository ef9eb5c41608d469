"""tenants

Where several institutions share one registration, the id of a course, a person or a notice counts together with the
deployment. Expand only: rows that are there keep an empty tenant, and the program that knows none goes on writing it.
Never import application code: it will have changed.
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

NAMED = {'course': 'context_id', 'person': 'subject', 'notice': 'notice_id'}


def upgrade() -> None:
    for table, name in NAMED.items():
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column('tenant', sa.String(), nullable=False, server_default=''))
            batch_op.drop_constraint(op.f(f'uq_{table}_registration_id_{name}'), type_='unique')
            batch_op.create_unique_constraint(
                op.f(f'uq_{table}_registration_id_tenant_{name}'), ['registration_id', 'tenant', name]
            )
    with op.batch_alter_table('course_copy') as batch_op:
        batch_op.add_column(sa.Column('tenant', sa.String(), nullable=False, server_default=''))


def downgrade() -> None:
    with op.batch_alter_table('course_copy') as batch_op:
        batch_op.drop_column('tenant')
    for table, name in NAMED.items():
        # Of equal ids the oldest keeps its name; the others take their tenant into theirs, so that no row is lost.
        op.execute(
            f"update {table} set {name} = tenant || ':' || {name} where exists (select 1 from {table} as older where"
            f' older.registration_id = {table}.registration_id and older.{name} = {table}.{name}'
            f' and older.id < {table}.id)'
        )
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(f'uq_{table}_registration_id_tenant_{name}'), type_='unique')
            batch_op.drop_column('tenant')
            batch_op.create_unique_constraint(op.f(f'uq_{table}_registration_id_{name}'), ['registration_id', name])
