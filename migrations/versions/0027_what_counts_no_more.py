"""what counts no more: kept beside each score, whatever else has happened to it

Expand only. Never import application code: it will have changed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("score", sa.Column("void", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("score", "void")
