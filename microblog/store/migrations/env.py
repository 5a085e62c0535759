"""How Alembic reaches the database: by a connection it is handed, or by the application."""

from alembic import context
from sqlalchemy import Connection

from microblog.store.db import db
from microblog.store.tables import Base


def migrate(connection: Connection) -> None:
    # SQLite cannot alter most of a table in place: a batch makes it anew.
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    context.run_migrations()


handed = context.config.attributes.get("connection")
if handed is not None:
    migrate(handed)
else:
    with db.engine.connect() as own:
        migrate(own)
