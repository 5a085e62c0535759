"""A push service for tests: a real HTTPS server on a port of this machine, which notes every byte.

A test takes the fixture `bell`: a practice whose server pushes there, and a clock that is set.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from microblog.app import create_app
from microblog.ops.notices import Report, Work, run_round
from microblog.protocol.base64url import encode_base64url
from microblog.push.courier import Courier
from microblog.push.vapid import make_key, read_key
from microblog.settings import Push
from tests.databases import settings_on
from tests.hosting import ORIGIN, Clock, Host
from tests.office import Office
from tests.vectors.practice import START, staff

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from microblog.store.db import Site
    from tests.postbox import Certificate

CONTACT = "mailto:it@example.org"
NEVER = {"begin": "00:00", "end": "00:00", "quiet": []}


@dataclass(frozen=True)
class Pushed:
    """A request as it came: its line and headers, whatever followed, and all of its bytes."""

    line: str
    headers: dict[str, str]
    body: bytes
    data: bytes

    @property
    def path(self) -> str:
        return self.line.split(" ")[1]


@dataclass
class Pushbox:
    """The push service; `conduct(path)` gives its answer's code and headers."""

    server: ThreadingHTTPServer
    authority: Path
    got: list[Pushed] = field(default_factory=list)
    conduct: Callable[[str], tuple[int, dict[str, str]]] = lambda _: (201, {})
    callers: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def host(self) -> str:
        return f"localhost:{self.server.server_address[1]}"

    def push(self) -> Push:
        return Push(CONTACT, (self.host,), self.authority)

    def paths(self) -> list[str]:
        return [it.path for it in self.got]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def everything(self) -> list[Pushed]:
        """Return all there was, once every caller has gone."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.callers == 0, 20)
        return [*self.got]


@pytest.fixture
def pushbox(certificate: Certificate) -> Iterator[Pushbox]:
    """Return a running push service."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.socket = certificate.server.wrap_socket(server.socket, server_side=True)
    box = Pushbox(server, certificate.authority)
    server.box = box  # type: ignore[attr-defined]
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    yield box
    box.close()
    thread.join()


class _Heard(io.RawIOBase):
    """What comes over a connection, and a note of every byte of it."""

    def __init__(self, connection: socket.socket, heard: bytearray) -> None:
        self._connection, self._heard = connection, heard

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._connection.recv_into(buffer)
        self._heard += bytes(buffer[:count])
        return count


class _Handler(BaseHTTPRequestHandler):
    timeout = 10

    def setup(self) -> None:
        super().setup()
        self.box: Pushbox = self.server.box  # type: ignore[attr-defined]
        self.heard = bytearray()
        self.rfile = io.BufferedReader(_Heard(self.connection, self.heard))

    def handle(self) -> None:
        with self.box.changed:
            self.box.callers += 1
        try:
            super().handle()
            # Nothing should come behind that; whatever does is heard, until the caller has gone.
            if rest := self.rfile.read():
                self.box.got.append(Pushed("behind it", {}, rest, rest))
        finally:
            with self.box.changed:
                self.box.callers -= 1
                self.box.changed.notify_all()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = dict(self.headers.items())
        self.box.got.append(Pushed(self.requestline, headers, body, bytes(self.heard)))
        code, said = self.box.conduct(self.path)
        self.send_response(code)
        for name, value in {"Content-Length": "0", **said}.items():
            self.send_header(name, value)
        self.end_headers()

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@dataclass
class Bell(Office):
    """An office whose server pushes."""

    pushbox: Pushbox = None  # type: ignore[assignment]

    def wants(self, name: str, path: str = "", **changes: Any) -> Any:
        """Switch notices on, on someone's device; at no quiet hours, unless they are said."""
        endpoint = f"https://{self.pushbox.host}/{path or name.lower()}"
        key = encode_base64url(read_key(self.folder).public)
        body = {"endpoint": endpoint, "key": key, **NEVER, **changes}
        return self.ask(name, "PUT", "/api/push", body)

    def ask(self, name: str, method: str, path: str, body: Any = None) -> Any:
        """Ask as someone, by the clock of the notices."""
        self.host.clock.now = self.now
        reply = self.host.sign_in(staff(name)).call(method, path, body)
        self.host.clock.now = START
        self.host.callers = {it: self.host.sign_in(staff(it)) for it in self.host.callers}
        return reply

    def ring(self) -> Report:
        """Have the notices looked after once."""
        push = self.pushbox.push()
        vapid = read_key(self.folder, CONTACT)
        settings = settings_on(self.host.site, ORIGIN, zone=self.zone, push=push)
        report = run_round(Work(settings, push, vapid, Courier(push, vapid), lambda: self.now))
        assert report is not None
        return report


@pytest.fixture
def bell(site: Site, pushbox: Pushbox) -> Iterator[Bell]:
    """Return one where Ben keeps a stream that Sue follows, and Sue's device wants notices."""
    make_key(site.folder)
    clock = Clock()
    settings = settings_on(site, ORIGIN, push=pushbox.push())
    host = Host(create_app(settings, clock), site, clock)
    try:
        host.found()
        bell = Bell(host, None, pushbox=pushbox)  # type: ignore[arg-type]
        bell.admit("Ben")
        bell.admit("Sue", "supervisor")
        bell.child("Ada", "Ben", "Sue")
        bell.at("2026-09-21 16:00")
        assert bell.wants("Sue").status == 204
        bell.ring()
        yield bell
    finally:
        host.close()
