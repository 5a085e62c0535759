"""The first tables: entries, bodies, boxes and what follows from them.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "body",
        sa.Column("log", sa.LargeBinary(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("log", "seq"),
    )
    op.create_table(
        "box",
        sa.Column("log", sa.LargeBinary(length=16), nullable=False),
        sa.Column("epoch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person", sa.LargeBinary(length=16), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("log", "epoch", "person"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "challenge",
        sa.Column("challenge", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("challenge"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("challenge", schema=None) as batch_op:
        batch_op.create_index("ix_challenge_expires", ["expires"], unique=False)

    op.create_table(
        "device",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person", sa.LargeBinary(length=16), nullable=False),
        sa.Column("box_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("since_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.create_index("ix_device_person", ["person"], unique=False)

    op.create_table(
        "entry",
        sa.Column("log", sa.LargeBinary(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.String(length=33), nullable=False),
        sa.Column("author", sa.LargeBinary(length=16), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("nudge", sa.SmallInteger(), nullable=False),
        sa.Column("withdrawn", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.PrimaryKeyConstraint("log", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "follower",
        sa.Column("log", sa.LargeBinary(length=16), nullable=False),
        sa.Column("person", sa.LargeBinary(length=16), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("since_seq", sa.BigInteger(), nullable=False),
        sa.Column("until_seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("log", "person"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("follower", schema=None) as batch_op:
        batch_op.create_index("follower_person", ["person", "log"], unique=False)

    op.create_table(
        "log_head",
        sa.Column("log", sa.LargeBinary(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("directory_seq", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("log"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "person",
        sa.Column("person", sa.LargeBinary(length=16), nullable=False),
        sa.Column("agency", sa.LargeBinary(length=16), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("joined_seq", sa.BigInteger(), nullable=False),
        sa.Column("left_seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("person"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "session",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sort", sa.String(length=16), nullable=False),
        sa.Column("person", sa.LargeBinary(length=16), nullable=False),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index("ix_session_expires", ["expires"], unique=False)
        batch_op.create_index("ix_session_person", ["person"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index("ix_session_person")
        batch_op.drop_index("ix_session_expires")

    op.drop_table("session")
    op.drop_table("person")
    op.drop_table("log_head")
    with op.batch_alter_table("follower", schema=None) as batch_op:
        batch_op.drop_index("follower_person")

    op.drop_table("follower")
    op.drop_table("entry")
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.drop_index("ix_device_person")

    op.drop_table("device")
    with op.batch_alter_table("challenge", schema=None) as batch_op:
        batch_op.drop_index("ix_challenge_expires")

    op.drop_table("challenge")
    op.drop_table("box")
    op.drop_table("body")
