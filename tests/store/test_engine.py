"""How SQLite's database is opened: every setting that the durability of a post rests on."""

from __future__ import annotations

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import OperationalError

from microblog.store.engine import open_for_reading, open_for_writing
from microblog.store.tables import challenges

pytestmark = pytest.mark.only("sqlite", "the settings are of its file")


def pragma(engine, name):
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


@pytest.mark.parametrize(
    ("name", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("page_size", 16384), ("secure_delete", 1),
     ("busy_timeout", 10_000)],
)  # fmt: skip
def test_the_writer_is_durable(data_folder, name, value):
    engine = open_for_writing(data_folder)
    assert pragma(engine, name) == value
    engine.dispose()


def test_a_reader_cannot_write(data_folder):
    engine = open_for_reading(data_folder)
    with engine.connect() as connection, pytest.raises(OperationalError, match="readonly"):
        connection.execute(insert(challenges), {"challenge": bytes(32), "expires": 0})
    engine.dispose()


def test_a_statement_that_fails_does_not_tell_its_values(data_folder):
    engine = open_for_writing(data_folder)
    with engine.connect() as connection:
        connection.execute(insert(challenges), {"challenge": b"canary5f2a", "expires": 0})
        with pytest.raises(Exception, match="UNIQUE") as caught:
            connection.execute(insert(challenges), {"challenge": b"canary5f2a", "expires": 0})
    engine.dispose()
    assert "canary" not in str(caught.value)
