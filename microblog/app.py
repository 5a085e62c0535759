"""The application: wiring only."""

import os
import secrets
import time
from collections.abc import Callable

from flask import Flask, Response
from flask_migrate import Migrate
from sqlalchemy.exc import OperationalError

from microblog import __version__
from microblog.api import (
    asks,
    challenges,
    description,
    links,
    logs,
    practice,
    restoring,
    sessions,
    streams,
    witness,
)
from microblog.api.access import access_of, make_login_manager
from microblog.api.context import Context, set_context
from microblog.api.errors import busy, handle_errors
from microblog.api.guards import guard
from microblog.service.challenges import SECRET_BYTES
from microblog.service.sessions import Place
from microblog.settings import Settings, load_settings
from microblog.store.db import Busy, db, keep_from_writing, open_database, reader_config
from microblog.store.schema import MIGRATIONS
from microblog.web import shell
from microblog.web.headers import add_headers
from microblog.web.request_log import log_requests


def read_clock() -> int:
    """Return milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def create_app(settings: Settings, now: Callable[[], int] = read_clock) -> Flask:
    """Return the application on the data that the settings name; it holds the lock on them.

    Raises:
        StoreError: the data cannot be used.
    """
    app = Flask("microblog", static_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    # Flask-Login reads a remember cookie wherever one is sent; no cookie can have this name.
    app.config["REMEMBER_COOKIE_NAME"] = ";"
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False
    app.config.update(reader_config(settings.data))
    database = open_database(settings.data)
    place = Place(settings.public_url, secrets.token_bytes(SECRET_BYTES))
    set_context(app.extensions, Context(settings.data, database, place, settings.is_https, now))
    db.init_app(app)
    with app.app_context():
        keep_from_writing()
    log_requests(app)
    add_headers(app, settings)
    guard(app)
    make_login_manager().init_app(app)
    _register_routes(app)
    handle_errors(app)
    app.register_error_handler(OperationalError, _busy)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    return app


def create_app_from_environment() -> Flask:
    """Return the application that the environment's settings ask for; what a WSGI server calls."""
    return create_app(load_settings(os.environ))


def _register_routes(app: Flask) -> None:
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
        description,
    ):
        collector.register_blueprint(module.routes)
    app.register_blueprint(shell.routes)
    check_routes(app)


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


def _busy(_: OperationalError) -> Response:
    return busy(Busy("the database cannot be read"))
