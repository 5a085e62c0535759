"""When people want their round-ups."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "round_up_choice",
        sa.Column("person", sa.LargeBinary(length=16), nullable=False),
        sa.Column("every", sa.String(length=16), nullable=False),
        sa.Column("at", sa.SmallInteger(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("nudges", sa.SmallInteger(), nullable=False),
        sa.Column("quiet", sa.SmallInteger(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("round_up_choice")
