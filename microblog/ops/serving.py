"""Serving: what is checked before, and gunicorn with workers of many threads."""

import errno
import os
import shutil
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.util import import_app  # type: ignore[import-untyped]

from microblog.ops.log_lines import write_to_standard_error
from microblog.ops.refusal import Refusal
from microblog.ops.site import site_of
from microblog.settings import Settings
from microblog.store.db import StoreError, check_unused, make_folder, migrate

THREADS = 16
HOST = "127.0.0.1"
BACKLOG = 256
SOCKET_UMASK = 0o007
# Named, as WSGI servers name applications: the operator's words do not know the application.
APPLICATION = "microblog.app:create_app_from_environment()"
# Who says nothing for so long in the middle of a request is hung up on, so that a thread is free.
SILENT_SECONDS = 10
KEEPALIVE_SECONDS = 15
TIMEOUT_SECONDS = 60
# A stop waits so long for what was asked before.
GRACEFUL_SECONDS = 20
COUNTS, SHARED_COUNTS = "counts", "PROMETHEUS_MULTIPROC_DIR"
# gunicorn's own code for an application that cannot be loaded: it does not try again.
CANNOT_LOAD = 4


def serve(settings: Settings, announce: Callable[[Settings], None]) -> None:
    """Serve until stopped; `announce` is called once the data are ready.

    Raises:
        StoreError: the data cannot be used.
        Refusal: the port cannot be had.
    """
    os.umask(0o077)
    site = site_of(settings)
    make_folder(settings.data)
    check_unused(site)
    where = check_place(settings)
    for step in migrate(site):
        print(f"migrated: {step}", flush=True)  # noqa: T201
    announce(settings)
    _count_together(settings)
    print(f"serving {settings.public_url} on {where}", flush=True)  # noqa: T201
    _Server(settings).run()


def _count_together(settings: Settings) -> None:
    """Have several processes count into files of one folder, so that any can answer for all."""
    workers = gunicorn_options(settings)["workers"]
    if settings.machine.metrics_port is None or workers == 1:
        return
    folder = settings.data / COUNTS
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    # Read by the library when a worker imports it, as none has yet.
    os.environ[SHARED_COUNTS] = str(folder)


def check_place(settings: Settings) -> str:
    """Return where the server will listen, as one says it; raise Refusal unless it can."""
    if settings.machine.metrics_port is not None:
        check_port(settings.machine.metrics_port, "MICROBLOG_METRICS_PORT")
    socket_file = settings.machine.socket
    if socket_file is None:
        check_port(settings.port)
        return f"{HOST}:{settings.port}"
    return check_socket(socket_file, "MICROBLOG_SOCKET")


def check_socket(socket_file: Path, name: str) -> str:
    """Return where a socket will be; raise Refusal unless it can."""
    if not os.access(socket_file.parent, os.W_OK | os.X_OK):
        raise Refusal(
            f"the folder {socket_file.parent} is missing, or this user may not write there",
            f"{name} names a file in a folder of this user's own",
        )
    return str(socket_file)


def check_port(port: int, name: str = "PORT") -> None:
    """Raise Refusal unless the port can be listened on."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            why = "is in use" if taken else (error.strerror or "cannot be had").lower()
            raise Refusal(f"port {port}: {why}", f"choose another with {name}") from None


def gunicorn_options(settings: Settings) -> dict[str, Any]:
    """Return gunicorn's settings: with SQLite there is one process, and in it one writer."""
    socket_file = settings.machine.socket
    return {
        "bind": f"unix:{socket_file}" if socket_file else f"{HOST}:{settings.port}",
        # The socket is for this user and its group, which the proxy's user is in.
        "umask": SOCKET_UMASK,
        "backlog": BACKLOG,
        "workers": settings.database.workers if settings.database else 1,
        "worker_class": "gthread",
        "threads": THREADS,
        "keepalive": KEEPALIVE_SECONDS,
        "timeout": TIMEOUT_SECONDS,
        "graceful_timeout": GRACEFUL_SECONDS,
        "control_socket_disable": True,
        # Nothing that a client says about itself is believed, nor what a proxy adds: on a socket
        # gunicorn would believe everyone.
        "forwarded_allow_ips": "",
        "forwarder_headers": "",
        "secure_scheme_headers": {},
        "loglevel": "error",
        "accesslog": None,
        "when_ready": hang_up_on_the_silent,
        "post_worker_init": write_to_standard_error,
    }


def hang_up_on_the_silent(server: Any) -> None:
    """Limit how long a read waits on every connection to come: they inherit it from the listener.

    gunicorn's threads wait without end for the rest of a request, and sixteen such would be all.
    """
    for listener in server.LISTENERS:
        limit = struct.pack("ll", SILENT_SECONDS, 0)
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in gunicorn_options(self.settings).items():
            self.cfg.set(name, value)

    def load(self) -> object:
        try:
            return import_app(APPLICATION)
        except StoreError as error:
            print(f"microblogd: error: {error}", file=sys.stderr, flush=True)  # noqa: T201
            sys.exit(CANNOT_LOAD)
