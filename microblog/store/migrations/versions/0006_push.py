"""Where each device wants to be told that something is new."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "push",
        sa.Column("device", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person", sa.LargeBinary(length=16), nullable=False),
        sa.Column("endpoint", sa.String(length=1024), nullable=False),
        sa.Column("key", sa.LargeBinary(length=65), nullable=False),
        sa.Column("begin", sa.SmallInteger(), nullable=False),
        sa.Column("end", sa.SmallInteger(), nullable=False),
        sa.Column("quiet", sa.SmallInteger(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("tried", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("device"),
        sa.UniqueConstraint("endpoint"),
    )
    op.create_index(op.f("ix_push_person"), "push", ["person"])


def downgrade() -> None:
    op.drop_table("push")
