"""Rows from one database to another, SQLite's or PostgreSQL's, in the order of their keys.

Between two that are the same but for that, some hundred rows at a time: what was copied last says
where to go on.
"""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    LargeBinary,
    MetaData,
    Row,
    SmallInteger,
    String,
    Table,
    func,
    insert,
    select,
    tuple_,
)

from microblog.store.dialect import is_shared
from microblog.store.tables import Base

#: All that people have written, and what follows from it; not the ledgers.
MAIN = Base.metadata
ROWS = 500

_TYPES = ((LargeBinary, "bytea"), (BigInteger, "int8"), (SmallInteger, "int2"), (String, "varchar"))


def tables_of(metadata: MetaData) -> list[Table]:
    """Return the tables, by name."""
    return [metadata.tables[name] for name in sorted(metadata.tables)]


def count_rows(connection: Connection, table: Table) -> int:
    """Return how many rows a table has."""
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def last_key(connection: Connection, table: Table) -> Sequence[Any] | None:
    """Return the greatest key of a table, or None where it has no rows."""
    key = list(table.primary_key.columns)
    descending = [column.desc() for column in key]
    row = connection.execute(select(*key).order_by(*descending).limit(1)).first()
    return None if row is None else tuple(row)


def read_batches(
    connection: Connection, table: Table, after: Sequence[Any] | None = None
) -> Iterator[Sequence[Row[Any]]]:
    """Yield the rows of a table whose keys come after one, some at a time, in order."""
    key = list(table.primary_key.columns)
    places = [list(table.columns).index(column) for column in key]
    query = select(table).order_by(*key).limit(ROWS)
    while True:
        here = query if after is None else query.where(tuple_(*key) > tuple(after))
        rows = connection.execute(here).all()
        if rows:
            yield rows
        if len(rows) < ROWS:
            return
        after = [rows[-1][place] for place in places]


def add_batch(connection: Connection, table: Table, rows: Sequence[Row[Any]]) -> None:
    """Add rows."""
    names = [column.name for column in table.columns]
    if not is_shared(connection):
        connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])
        return
    prepare = connection.dialect.identifier_preparer
    columns = ", ".join(map(prepare.quote, names))
    statement = f"COPY {prepare.quote(table.name)} ({columns}) FROM STDIN (FORMAT BINARY)"
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types([_type_of(column.type) for column in table.columns])
        for row in rows:
            copy.write_row(tuple(row))


def copy_all(source: Connection, target: Connection, metadata: MetaData = MAIN) -> None:
    """Copy all rows into tables that have none."""
    for table in tables_of(metadata):
        for rows in read_batches(source, table):
            add_batch(target, table, rows)
    go_on_counting(target, metadata)


def go_on_counting(connection: Connection, metadata: MetaData) -> None:
    """Have PostgreSQL number new rows from after those that were copied; SQLite does by itself."""
    if not is_shared(connection):
        return
    for table in tables_of(metadata):
        column = table.autoincrement_column
        if column is not None:
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence(%s, %s), max({column.name}))"  # noqa: S608
                f" FROM {table.name}",
                (table.name, column.name),
            )


def find_difference(source: Connection, target: Connection, table: Table) -> str | None:
    """Return how a table differs in two databases, without a value from it; None: not at all."""
    mine, theirs = count_rows(source, table), count_rows(target, table)
    if mine != theirs:
        return f"{table.name} has {mine} rows here and {theirs} there"
    batches = zip_longest(read_batches(source, table), read_batches(target, table), fillvalue=())
    if any(list(map(tuple, here)) != list(map(tuple, there)) for here, there in batches):
        return f"a row of {table.name} is not what it was"
    return None


def _type_of(kind: object) -> str:
    for known, name in _TYPES:
        if isinstance(kind, known):
            return name
    return "int4"
