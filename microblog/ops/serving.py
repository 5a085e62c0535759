"""Serving: what is checked before, and gunicorn with one worker of many threads."""

import errno
import logging
import os
import socket
import struct
import sys
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.util import import_app  # type: ignore[import-untyped]

from microblog.ops.refusal import Refusal
from microblog.settings import Settings
from microblog.store.db import Lock, StoreError, make_folder, migrate

THREADS = 16
HOST = "127.0.0.1"
BACKLOG = 256
# Named, as WSGI servers name applications: the operator's words do not know the application.
APPLICATION = "microblog.app:create_app_from_environment()"
# Who says nothing for so long in the middle of a request is hung up on, so that a thread is free.
SILENT_SECONDS = 10
# gunicorn's own code for an application that cannot be loaded: it does not try again.
CANNOT_LOAD = 4


def serve(settings: Settings, announce: Callable[[Settings], None]) -> None:
    """Serve until stopped; `announce` is called once the data are ready.

    Raises:
        StoreError: the data cannot be used.
        Refusal: the port cannot be had.
    """
    os.umask(0o077)
    make_folder(settings.data)
    Lock(settings.data).release()
    check_port(settings.port)
    for step in migrate(settings.data):
        print(f"migrated: {step}", flush=True)  # noqa: T201
    announce(settings)
    print(f"serving {settings.public_url} on {HOST}:{settings.port}", flush=True)  # noqa: T201
    _Server(settings).run()


def check_port(port: int) -> None:
    """Raise Refusal unless the port can be listened on."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            why = "is in use" if taken else (error.strerror or "cannot be had").lower()
            raise Refusal(f"port {port}: {why}", "choose another with PORT") from None


def gunicorn_options(port: int) -> dict[str, Any]:
    """Return gunicorn's settings: with SQLite there is one process, and in it one writer."""
    return {
        "bind": f"{HOST}:{port}",
        "backlog": BACKLOG,
        "workers": 1,
        "worker_class": "gthread",
        "threads": THREADS,
        "keepalive": 15,
        "timeout": 60,
        "graceful_timeout": 20,
        "control_socket_disable": True,
        # Nothing that a client says about itself is believed.
        "forwarded_allow_ips": "",
        "loglevel": "error",
        "accesslog": None,
        "when_ready": hang_up_on_the_silent,
        "post_worker_init": log_to_standard_error,
    }


def hang_up_on_the_silent(server: Any) -> None:
    """Limit how long a read waits on every connection to come: they inherit it from the listener.

    gunicorn's threads wait without end for the rest of a request, and sixteen such would be all.
    """
    for listener in server.LISTENERS:
        limit = struct.pack("ll", SILENT_SECONDS, 0)
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)


def log_to_standard_error(_worker: object) -> None:
    """Write our own log, and nobody else's, to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log = logging.getLogger("microblog")
    log.setLevel(logging.INFO)
    log.addHandler(handler)


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in gunicorn_options(self.settings.port).items():
            self.cfg.set(name, value)

    def load(self) -> object:
        try:
            return import_app(APPLICATION)
        except StoreError as error:
            print(f"microblogd: error: {error}", file=sys.stderr, flush=True)  # noqa: T201
            sys.exit(CANNOT_LOAD)
