"""How a PostgreSQL database is opened, and what it must be before anything is written to it.

Where it would acknowledge what it could lose, nothing is written: each connection that writes asks
how the server is set before its first transaction, so a server that was set otherwise, or replaced
by a standby, is noticed by the next one.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import psycopg
from psycopg import Connection, conninfo
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.pool import NullPool

from microblog.store.driver import STATEMENT_SECONDS, Driven, Era
from microblog.store.errors import (
    Busy,
    DatabaseUnusable,
    InUse,
    NotDurable,
    StoreError,
    WrongVersion,
)
from microblog.store.locks import number_of
from microblog.store.site import Site

#: The oldest that is tried, 15, is Debian 12's: `make test-failover` runs on it.
OLDEST = 150000
CONNECT_SECONDS = 10
LOCK_MS = 10_000
IDLE_MS = 60_000
LINGER_SECONDS = 2
POOL = 16
#: Of a server process: so nobody migrates or restores beside it.
PRESENCE = number_of(0, b"presence")

ADDRESS = "postgresql+psycopg://"
_HINT = "MICROBLOG_DATABASE says which; deploy/POSTGRESQL.md says how to make one"
_DURABLE = ("on", "remote_apply")
_ASK = """SELECT current_setting('server_version_num')::int, current_setting('server_encoding'),
 pg_is_in_recovery(), current_setting('transaction_read_only') = 'on',
 current_setting('fsync'), current_setting('full_page_writes'),
 current_setting('synchronous_commit'), current_setting('synchronous_standby_names')"""

# What the server says where it, or the way to it, is the trouble and not what was asked of it: by
# the first letters of its code. Connections, resources, an operator's stop, a lock not had in time,
# two that wait for each other, what only a primary may do, a full disk or a failing one.
_TROUBLE = ("08", "53", "57", "55P03", "40", "25006", "58")
# A row that came between a question and its answer: where one thing is asked for twice at once,
# and no lock was foreseen, the second asks again.
_BESIDE = ("23505",)

# Its history: a standby that takes over begins another.
_TIMELINE = "SELECT ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int"
# Something to wait for that changes nothing. Whatever was written before it has come as far.
_MESSAGE = "BEGIN READ WRITE; SELECT pg_logical_emit_message(true, 'microblog', ''); COMMIT"
STANDBY_SECONDS = 3
_NO_STANDBY = "MICROBLOG_STANDBY asks for a standby, and "

#: Of all connections of this process: they are to one site.
ERA = Era()

said = logging.getLogger("microblog")


def engine_options(site: Site) -> dict[str, Any]:
    """Return what an engine of connections that only read is made with."""
    return {
        "creator": partial(connect, site, writes=False, serves=True),
        "isolation_level": "AUTOCOMMIT",
        "hide_parameters": True,
        "pool_size": POOL,
        "max_overflow": POOL,
    }


def open_for_reading(site: Site) -> Engine:
    """Return an engine whose connections cannot write."""
    return _open(partial(connect, site, writes=False))


def open_for_writing(site: Site) -> Engine:
    """Return an engine for one piece of work, beside servers or without any: as `connect` says."""
    return _open(partial(connect, site, writes=True))


def open_alone(site: Site) -> Engine:
    """Return an engine of one connection at a time, while no server runs on the database."""
    return _open(partial(_connect_alone, site))


def open_pool(site: Site, version: str) -> Engine:
    """Return a server process's engine; as long as it has a connection, the server is there."""
    engine = create_engine(
        ADDRESS,
        **{
            **engine_options(site),
            "creator": partial(_connect_present, site, version),
            "max_overflow": 0,
        },
        pool_timeout=CONNECT_SECONDS,
        pool_use_lifo=True,
    )
    event.listen(engine, "checkout", _check_era)
    return engine


def connect(site: Site, *, writes: bool, serves: bool = False) -> Driven:
    """Connect; a statement is a transaction of its own unless one is begun.

    Where it `serves` the requests of many it is given up when it does not answer, and nothing is
    shown by it that a standby does not have, where one is asked for.

    Raises:
        DatabaseUnusable: there is no such server or database, or it does not let us in.
        NotDurable: it would lose what it acknowledges.
    """
    options = f"-c lock_timeout={LOCK_MS}"
    number = ERA.number
    try:
        given: dict[str, Any] = conninfo.conninfo_to_dict(site.url)
    except psycopg.Error:
        raise DatabaseUnusable("MICROBLOG_DATABASE cannot be read", _HINT) from None
    given.setdefault("connect_timeout", CONNECT_SECONDS)
    given.setdefault("application_name", "microblog")
    given["options"] = f"{given.get('options') or ''} {options}".strip()
    try:
        # A password is taken from the address, or from libpq's own files and variables.
        # psycopg forgets what is prepared whenever a transaction is rolled back: `ask` prepares.
        connection = Driven.connect(autocommit=True, prepare_threshold=None, **given)
    except psycopg.Error as error:
        raise DatabaseUnusable(_why(error), _HINT) from None
    connection.join(ERA, number, STATEMENT_SECONDS if serves else None)
    try:
        _check(connection, site, writes=writes, serves=serves)
    except psycopg.Error as error:
        connection.close()
        raise DatabaseUnusable(_why(error), _HINT) from None
    except BaseException:
        connection.close()
        raise
    return connection


def trouble(error: BaseException | None) -> Busy | None:
    """Return what is to be told where the server or the way to it is to blame; None: it is not."""
    if not isinstance(error, psycopg.Error):
        return None
    code = error.sqlstate
    if code is None:
        # The connection broke, or there was none: the server had no time to say so.
        broken = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
        return Busy("the database cannot be reached") if broken else None
    if code == "53100":
        return Busy("the disk of the database is full")
    if code in _BESIDE:
        said.warning("one row twice at once: %s", _place(error))
        return Busy("somebody else did the same at once")
    if code.startswith(_TROUBLE):
        return Busy("the database cannot be written or read now")
    return None


def refusal_of(error: DBAPIError) -> DatabaseUnusable:
    """Return in one line what PostgreSQL answers."""
    busy, code = trouble(error.orig), getattr(error.orig, "sqlstate", None) or "none"
    if busy is not None:
        return DatabaseUnusable(str(busy), "is its server running, and well?")
    if code == "42501":
        return DatabaseUnusable(
            "the database does not let this role do what is needed",
            "make the role its owner: deploy/POSTGRESQL.md",
        )
    return DatabaseUnusable(f"the database refuses (code {code})", "its server's own log says why")


def _open(creator: Callable[[], Connection[Any]]) -> Engine:
    return create_engine(
        ADDRESS,
        creator=creator,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
    )


def _check_era(connection: Driven, *_: object) -> None:
    if not connection.is_good:
        # The pool then opens another in its place.
        raise DisconnectionError


def _connect_present(site: Site, version: str) -> Connection[Any]:
    connection = connect(site, writes=True, serves=True)
    try:
        connection.execute(f"SET idle_in_transaction_session_timeout = {IDLE_MS}")
        _take(
            connection,
            "pg_try_advisory_lock_shared",
            InUse(
                "the database is being migrated or restored",
                "wait until that is done, and start again",
            ),
        )
        # Since we last looked it may have been replaced.
        if connection.execute("SELECT version_num FROM alembic_version").fetchone() != (version,):
            raise WrongVersion("the database is of another version", "restart the server")
    except psycopg.Error as error:
        connection.close()
        raise DatabaseUnusable(_why(error), _HINT) from None
    except BaseException:
        connection.close()
        raise
    return connection


def _connect_alone(site: Site) -> Connection[Any]:
    connection = connect(site, writes=True)
    try:
        _take(
            connection,
            "pg_try_advisory_lock",
            InUse("another server is running on the data in PostgreSQL", "stop all of them first"),
        )
    except BaseException:
        connection.close()
        raise
    return connection


def _take(connection: Connection[Any], how: str, otherwise: StoreError) -> None:
    if not take_in_time(lambda: connection.execute(f"SELECT {how}(%s)", (PRESENCE,)).fetchone()):
        raise otherwise


def take_in_time(take: Callable[[], Any]) -> bool:
    """Return whether a lock was got: what a process that just ended held takes a moment to go."""
    deadline = time.monotonic() + LINGER_SECONDS
    while tuple(take()) != (True,):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _check(connection: Driven, site: Site, *, writes: bool, serves: bool) -> None:
    row = connection.execute(_ASK).fetchone()
    found: Sequence[Any] = row or (0,) * 8
    version, encoding, follows, read_only, *settings, standbys = found
    if version < OLDEST:
        raise DatabaseUnusable(
            f"the database is PostgreSQL {version // 10000}, which is too old",
            f"version {OLDEST // 10000} or newer is needed",
        )
    if encoding != "UTF8":
        raise DatabaseUnusable(
            "the database does not keep texts as UTF-8", "make it anew, with ENCODING UTF8"
        )
    # What a standby shows is older than what was seen.
    if (follows and serves) or (writes and (follows or read_only)):
        raise DatabaseUnusable(
            "the database can only be read: it is a standby, or set so",
            "name all servers in MICROBLOG_DATABASE, and target_session_attrs=read-write",
        )
    if writes:
        _check_durable(settings)
    if site.standby and (writes or serves):
        if not standbys:
            raise NotDurable(
                f"{_NO_STANDBY}the database waits for none",
                "set synchronous_standby_names, or have Patroni set it (synchronous_mode_strict)",
            )
        await_standby(connection, STANDBY_SECONDS)
    if serves and not ERA.see((connection.execute(_TIMELINE).fetchone() or (0,))[0]):
        raise DatabaseUnusable(
            "the database was replaced by a standby, and does not know it",
            "end it; if it was restored from a backup, restart the server",
        )
    if not writes:
        # Not with the connection itself: target_session_attrs=read-write would not take it.
        connection.execute("SET default_transaction_read_only = on")


def _check_durable(settings: Sequence[str]) -> None:
    fsync, pages, synchronous = settings
    if fsync != "on" or pages != "on":
        off = "fsync" if fsync != "on" else "full_page_writes"
        raise NotDurable(
            f"the database would lose in a power cut what it acknowledges: {off} is {'off'}",
            f"set {off} = on in its postgresql.conf",
        )
    if synchronous not in _DURABLE:
        raise NotDurable(
            "the database acknowledges what it could still lose:"
            f" synchronous_commit is {synchronous}",
            "set synchronous_commit = on, for this database and this role too",
        )


def await_standby(connection: Driven, seconds: float) -> None:
    """Wait until a standby has all that this connection can see.

    After a crash PostgreSQL shows what no standby has: whoever was waiting for one then was never
    answered, and it could still be lost.

    Raises:
        NotDurable: none had in time.
    """
    connection.warned = False
    # PostgreSQL itself has no limit for this, and ends it when it is asked to.
    limit = threading.Timer(seconds, _cancel, (connection, seconds))
    limit.start()
    try:
        connection.execute(_MESSAGE)
    except psycopg.errors.QueryCanceled:
        connection.warned = True
    finally:
        limit.cancel()
        limit.join()
    # PostgreSQL warns that it has waited in vain, and then says that it is done.
    if connection.warned:
        raise NotDurable(
            f"{_NO_STANDBY}none takes what is written",
            "is it running, and connected? pg_stat_replication on the primary says",
        )


def _cancel(connection: Driven, seconds: float) -> None:
    # Where nobody answers that either, whoever waits finds out by itself.
    with suppress(psycopg.Error):
        connection.cancel_safe(timeout=seconds)


def _why(error: psycopg.Error) -> str:
    """Say in one line of ours what libpq says in several, some with an address in them."""
    text = str(error)
    for sign, meaning in (
        ("password authentication failed", "the database does not take our password"),
        ("no password supplied", "the database wants a password, and none is set"),
        ("no pg_hba.conf entry", "the database lets nobody in from here"),
        ("Peer authentication failed", "the database does not let this user in"),
        ("does not exist", "there is no such database, or no such role"),
        ("too many", "the database has no connection left for us"),
        ("starting up", "the database is starting, or being recovered"),
        ("shutting down", "the database is being stopped"),
        ("resolve host", "the database's server has no such name"),
        ("certificate", "the database's certificate is not one that is believed"),
        ("SSL", "the database cannot be talked to over TLS"),
        ("definition of service", "there is no such service in libpq's file of services"),
        ("timeout", "the database's server does not answer"),
        ("read-only", "the database can only be read: no primary was found"),
    ):
        if sign in text:
            return meaning
    return "the database's server cannot be reached"


def _place(error: psycopg.Error) -> str:
    """Return the constraint that a row would have broken; never a value."""
    return error.diag.constraint_name or "unknown"
