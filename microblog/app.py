"""The application: wiring only."""

import itertools
import logging
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from flask import Flask, Response
from flask_migrate import Migrate
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from microblog import __version__
from microblog.api import (
    asks,
    challenges,
    description,
    links,
    live,
    logs,
    note,
    practice,
    push,
    restoring,
    rounds,
    sessions,
    streams,
    witness,
)
from microblog.api.access import access_of, make_login_manager
from microblog.api.context import Context, set_context
from microblog.api.errors import broken, busy, handle_errors
from microblog.api.guards import guard
from microblog.live.taking import Wsgi, taking
from microblog.ops.counting import read_numbers
from microblog.ops.log_lines import write_to_standard_error
from microblog.ops.site import site_of
from microblog.push.vapid import BadKey, read_key
from microblog.service.challenges import Keys
from microblog.service.live import Listeners, serve_listeners
from microblog.service.push import Place as PushPlace
from microblog.service.sessions import Place
from microblog.settings import PUSH_HOSTS, Settings, load_settings
from microblog.store.db import (
    Busy,
    Database,
    StoreError,
    db,
    keep_from_writing,
    open_beside,
    open_database,
    open_ear,
    reader_config,
    told,
)
from microblog.store.schema import MIGRATIONS
from microblog.web import shell
from microblog.web.application import Application
from microblog.web.headers import add_headers
from microblog.web.metrics import Metrics, Sample
from microblog.web.request_log import log_requests

METRICS = "microblog-metrics"

said = logging.getLogger("microblog")


def read_clock() -> int:
    """Return milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def create_app(settings: Settings, now: Callable[[], int] = read_clock) -> Flask:
    """Return the application on the data that the settings name; it holds the lock on them.

    Raises:
        StoreError: the data cannot be used.
    """
    database = open_database(site_of(settings))
    app = _begin(settings, database, now)
    metrics = Metrics(lambda: itertools.starmap(Sample, read_numbers(settings, database)))
    app.extensions[METRICS] = metrics
    log_requests(app, metrics.note)
    _answer(app, settings)
    _register_routes(app)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    return app


def create_live_app(settings: Settings, now: Callable[[], int] = read_clock) -> Flask:
    """Return the application of event streams alone, which only reads, beside the servers.

    Raises:
        StoreError: there is no database to hear.
    """
    site, listeners = site_of(settings), Listeners()
    app = _begin(settings, open_beside(site), now, listeners)
    log_requests(app, lambda *_: None)
    _answer(app, settings)
    description.describe(app, __version__).register_blueprint(live.routes)
    app.check_hooks()
    # News is heard before anyone is let in.
    first = [open_ear(site)]
    listeners.hears = True
    hears = threading.Thread(
        target=serve_listeners,
        args=(listeners, lambda: first.pop() if first else open_ear(site), now),
        name="listeners",
        daemon=True,
    )
    hears.start()
    return app


def _begin(
    settings: Settings,
    database: Database,
    now: Callable[[], int],
    listeners: Listeners | None = None,
) -> Application:
    """Return an application with its database and its context, and no routes."""
    app = Application("microblog")
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    # Flask-Login reads a remember cookie wherever one is sent; no cookie can have this name.
    app.config["REMEMBER_COOKIE_NAME"] = ";"
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False
    site = site_of(settings)
    app.config.update(reader_config(site))
    place = Place(settings.public_url, Keys())
    set_context(
        app.extensions,
        Context(
            site=site,
            database=database,
            place=place,
            secure_cookie=settings.is_https,
            now=now,
            mails=settings.mail is not None,
            zone=settings.zone,
            client=shell.read_build,
            push=lambda: _push_place(settings),
            live=settings.machine.live is not None,
            listeners=listeners,
        ),
    )
    db.init_app(app)
    with app.app_context():
        keep_from_writing()
    return app


def _answer(app: Flask, settings: Settings) -> None:
    """Have an application answer as ours do: its headers, its guards, who is signed in, errors."""
    add_headers(app, settings)
    guard(app)
    make_login_manager().init_app(app)
    handle_errors(app)
    app.register_error_handler(SQLAlchemyError, _busy)
    app.register_error_handler(StoreError, _unusable)


def _push_place(settings: Settings) -> PushPlace:
    """Return where notices may go; nowhere, where no web push is set up, or its key is not there.

    The operator may make the key while the server runs.
    """
    with suppress(BadKey):
        if settings.push is not None and (vapid := read_key(settings.data)) is not None:
            return PushPlace(settings.push.hosts, vapid.public)
    return PushPlace(PUSH_HOSTS, b"")


def create_app_from_environment() -> Flask:
    """Return the application that the environment's settings ask for; what a WSGI server calls."""
    settings = load_settings(os.environ)
    app = create_app(settings)
    if settings.machine.metrics_port is not None:
        app.extensions[METRICS].listen(settings.machine.metrics_port)
    return app


def create_live_app_from_environment() -> Wsgi:
    """Return the application of event streams that the environment's settings ask for.

    Raises:
        StoreError: there is no database to hear.
    """
    write_to_standard_error(None)
    return taking(create_live_app(load_settings(os.environ)))


def _register_routes(app: Application) -> None:
    collector = description.describe(app, __version__)
    for module in (
        practice,
        challenges,
        sessions,
        streams,
        logs,
        asks,
        links,
        restoring,
        witness,
        rounds,
        note,
        push,
        live,
        description,
    ):
        collector.register_blueprint(module.routes)
    app.register_blueprint(shell.routes)
    check_routes(app)
    app.check_hooks()


def check_routes(app: Flask) -> None:
    """Check that every route under /api says who may use it; only the shell is elsewhere.

    Raises:
        LookupError: one does not.
    """
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            access_of(app, rule.endpoint)
        elif not rule.endpoint.startswith("shell."):
            raise LookupError(f"the route {rule.endpoint} is neither of the shell nor of the API")


def _busy(error: SQLAlchemyError) -> Response:
    # SQLite says so in one way, whatever it is; PostgreSQL in many, which mean many things.
    if isinstance(error, OperationalError) or told(error) is not None:
        return busy(Busy("the database cannot be read"))
    return broken(error)


def _unusable(error: StoreError) -> Response:
    said.error("nothing can be read: %s", error)
    return busy(Busy("the database cannot be reached"))
