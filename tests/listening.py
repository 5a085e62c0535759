"""`microblogd live` for tests: a process beside an application, and clients that listen."""

from __future__ import annotations

import re
import socket
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
import requests

from microblog.app import create_app
from microblog.settings import Machine
from microblog.store.db import make_folder
from tests.databases import settings_on
from tests.forking import Forked
from tests.hosting import ORIGIN, Clock, Host
from tests.serving import START_SECONDS, Server, find_free_port

if TYPE_CHECKING:
    from pathlib import Path

    from microblog.store.db import Site
    from tests.asking import Caller

WAIT_SECONDS = 10


@dataclass
class LiveServer(Server):
    """The process for event streams; it is where the server it stands beside would be."""

    live: int = field(default_factory=find_free_port)
    origin_beside: str = ""
    streams: list[Stream] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **super().environment,
            "MICROBLOG_LIVE": str(self.live),
            "PUBLIC_URL": self.origin_beside or self.origin,
        }

    def start(self) -> None:
        """Start it and wait until it lets someone in, or says why it does not."""
        self.process = self.begin(["live"], self.environment, self.log)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            code = self.process.poll()
            if code is not None or time.monotonic() > deadline:
                self.kill()
                pytest.fail(f"it did not start ({code}): {self.log.read_text()}")
            time.sleep(0.02)

    def kill(self) -> None:
        """End it, and everyone who listened."""
        for stream in self.streams:
            stream.close()
        super().kill()

    def _wait_for_lock(self) -> None:
        """Wait for nothing: the lock is the server's."""

    def _answers(self) -> bool:
        try:
            reply = requests.get(f"http://127.0.0.1:{self.live}/api/live", timeout=5)
        except requests.ConnectionError:
            return False
        return reply.status_code in (401, 421)

    def listen(self, cookie: str, method: str = "GET", **fields: str) -> Stream:
        """Open an event stream, or whatever comes instead of one."""
        host = (self.origin_beside or self.origin).partition("//")[2]
        given = {"Host": host, "Cookie": cookie, **fields}
        lines = [f"{method} /api/live HTTP/1.1", *(f"{it}: {given[it]}" for it in given), "", ""]
        way = socket.create_connection(("127.0.0.1", self.live), timeout=WAIT_SECONDS)
        way.sendall("\r\n".join(lines).encode())
        stream = Stream(way)
        self.streams.append(stream)
        return stream

    def listen_at_last(self, cookie: str) -> Stream:
        """Open one as soon as the process hears the database."""
        deadline = time.monotonic() + START_SECONDS
        while (stream := self.listen(cookie)).status == 503 and time.monotonic() < deadline:
            stream.close()
            time.sleep(0.02)
        return stream


class Stream:
    """A client that listens."""

    def __init__(self, way: socket.socket) -> None:
        """Read the head of the answer."""
        self._way = way
        self._read = b""
        head = self._until(b"\r\n\r\n", WAIT_SECONDS) or ""
        first, *fields = head.split("\r\n")
        self.status = int(first.split()[1])
        self.fields = dict(it.lower().split(": ", 1) for it in fields)

    def line(self, seconds: float = WAIT_SECONDS) -> str | None:
        """Return the next line of words; None: there is no more.

        Raises:
            TimeoutError: nothing came.
        """
        deadline = time.monotonic() + seconds
        while (text := self._until(b"\n", deadline - time.monotonic())) is not None:
            # Between words there are the sizes of chunks.
            if text.strip() and not re.fullmatch(r"[0-9a-f]+\r", text):
                return text
        return None

    def event(self, seconds: float = WAIT_SECONDS) -> str | None:
        """Return the next event; None: there is no more."""
        deadline = time.monotonic() + seconds
        while (text := self.line(deadline - time.monotonic())) and text.startswith(":"):
            continue
        return text

    def is_silent(self, seconds: float) -> bool:
        """Return whether no event came in so long."""
        try:
            self.event(seconds)
        except TimeoutError:
            return True
        return False

    def close(self) -> None:
        self._way.close()

    def _until(self, end: bytes, seconds: float) -> str | None:
        while end not in self._read:
            if seconds <= 0:
                raise TimeoutError
            self._way.settimeout(seconds)
            data = self._way.recv(4096)
            if not data:
                return None
            self._read += data
        found, _, self._read = self._read.partition(end)
        return found.decode()


def cookie_of(caller: Caller) -> str:
    """Return the header by which someone's browser is known."""
    kept = caller.way._client._cookies.values()
    return "; ".join(f"{it.key}={it.value}" for it in kept)


def announcing_host(site: Site, origin: str = ORIGIN) -> Host:
    """Return an application that announces what it is given; Asha is signed in."""
    clock = Clock()
    make_folder(site.folder)
    settings = settings_on(site, origin, machine=Machine(live=1))
    host = Host(create_app(settings, clock), site, clock, origin)
    host.found()
    return host


def live_beside(site: Site, folder: Path) -> LiveServer:
    """Return the process beside an application on the same data; it was not started yet."""
    beside = LiveServer(site.folder, folder / "live.log", begin=Forked, database=site.url)
    beside.origin_beside = ORIGIN
    return beside
