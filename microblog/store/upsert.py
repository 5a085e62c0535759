"""Rows set in place of those with their key, in the words of SQLite and of PostgreSQL."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from microblog.store.dialect import is_shared

#: What a column is called.
Names = tuple[str, ...]


def put(
    session: Session, table: Table, rows: Iterable[Mapping[str, Any]], key: Names, changed: Names
) -> None:
    """Add rows; of one whose key is there already, set what is `changed` instead."""
    values = list(rows)
    if values:
        session.execute(_put(table, key, changed, shared=is_shared(session)), values)


def add_once(session: Session, table: Table, row: Mapping[str, Any], key: Names) -> bool:
    """Add a row unless its key is there already, even if only just; return whether it was added."""
    return session.execute(_add(table, key, shared=is_shared(session)), row).first() is not None


@cache
def _put(table: Table, key: Names, changed: Names, *, shared: bool) -> Insert:
    # To build one costs as much as to run it. The two dialects have the same words, and no
    # ancestor that has them.
    if shared:
        pg = postgresql.insert(table)
        return pg.on_conflict_do_update(
            index_elements=key, set_={name: pg.excluded[name] for name in changed}
        )
    lite = sqlite.insert(table)
    return lite.on_conflict_do_update(
        index_elements=key, set_={name: lite.excluded[name] for name in changed}
    )


@cache
def _add(table: Table, key: Names, *, shared: bool) -> ReturningInsert[Any]:
    added = (table.c[name] for name in key)
    if shared:
        return postgresql.insert(table).on_conflict_do_nothing(index_elements=key).returning(*added)
    return sqlite.insert(table).on_conflict_do_nothing(index_elements=key).returning(*added)
