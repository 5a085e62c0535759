"""What everything is compared with, under the very gunicorn that we serve with.

/bare         a WSGI application that answers nothing
/nothing      a Flask endpoint that answers nothing: the no-op
/send/N       a Flask endpoint that reads the stored bytes of a catch-up and sends them, no more
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from flask import Flask, Response
from gunicorn.app.base import BaseApplication

from microblog.ops.serving import gunicorn_options
from microblog.settings import load_settings
from microblog.store.engine import prepare_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

#: (log, first, last), as hexadecimal and numbers.
Span = tuple[str, int, int]


class Plain(BaseApplication):
    """gunicorn as we begin it, with an application that does nothing of ours."""

    def __init__(self, port: int, plan: dict[str, Any]) -> None:
        self._port, self._plan = port, plan
        super().__init__()

    def load_config(self) -> None:
        settings = load_settings({**self._plan["environment"], "PORT": str(self._port)})
        for name, value in gunicorn_options(settings).items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Iterable[bytes]]:
        return application(self._plan)


def application(plan: dict[str, Any]) -> Callable[..., Iterable[bytes]]:
    """Return the three of them as one application."""
    app = Flask("plain", static_folder=None)
    read = reader(plan)
    app.add_url_rule("/nothing", "nothing", lambda: "")
    app.add_url_rule(
        "/send/<int:number>",
        "send",
        lambda number: Response(read(plan["spans"][number]), content_type="application/cbor"),
    )

    def dispatch(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/bare":
            return app(environ, start_response)
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "0")])
        return []

    return dispatch


def reader(plan: dict[str, Any]) -> Callable[[Sequence[Span]], bytes]:
    """Return what reads the stored bytes of some spans, by the driver alone."""
    local = threading.local()
    is_shared = bool(plan["environment"])
    read = _read_shared if is_shared else _read_lite

    def run(spans: Sequence[Span]) -> bytes:
        if not hasattr(local, "connection"):
            address = plan["database"]
            if is_shared:
                local.connection = psycopg.connect(address, autocommit=True)
            else:
                local.connection = sqlite3.connect(address)
                # As ours has, or it would be a poor thing to be compared with.
                prepare_reader(local.connection, None)
        return read(local.connection, spans)

    return run


def _read_lite(connection: Any, spans: Sequence[Span]) -> bytes:
    found: list[bytes] = []
    for log, first, last in spans:
        for row in connection.execute(LITE, (bytes.fromhex(log), first, last)):
            found += row
    return b"".join(found)


def _read_shared(connection: Any, spans: Sequence[Span]) -> bytes:
    logs, firsts, lasts = zip(*spans, strict=True)
    values = ([bytes.fromhex(log) for log in logs], list(firsts), list(lasts))
    return b"".join(piece for row in connection.execute(SHARED, values) for piece in row)


LITE = """SELECT header, signature, body, salt FROM entry JOIN body USING (log, seq)
WHERE log = ? AND seq BETWEEN ? AND ?"""
SHARED = """SELECT header, signature, body, salt
FROM unnest(%s::bytea[], %s::bigint[], %s::bigint[]) AS wanted (log, first, last)
CROSS JOIN LATERAL (SELECT * FROM entry WHERE entry.log = wanted.log
  AND entry.seq BETWEEN wanted.first AND wanted.last) AS newer
JOIN body ON body.log = newer.log AND body.seq = newer.seq"""


def main() -> None:
    os.environ.pop("MICROBLOG_DATA", None)
    Plain(int(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())).run()


if __name__ == "__main__":
    main()
