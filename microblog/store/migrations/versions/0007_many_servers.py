"""What servers on many machines share; and, on PostgreSQL, how words are kept and swept up.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "challenge_key",
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "server_mark",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    if op.get_bind().dialect.name == "postgresql":
        # Three posts fill a page where they lie; cut up and put elsewhere they would need more, and
        # another look-up each. What was erased is swept up at the next look, not when a fifth of
        # the table is dead.
        op.execute("ALTER TABLE body ALTER COLUMN body SET STORAGE MAIN")
        op.execute(
            "ALTER TABLE body SET (toast_tuple_target = 4080,"
            " autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0,"
            " toast.autovacuum_vacuum_threshold = 1, toast.autovacuum_vacuum_scale_factor = 0)"
        )


def downgrade() -> None:
    op.drop_table("server_mark")
    op.drop_table("challenge_key")
