"""The real server for tests: `microblogd serve` in a process of its own, a free port, fresh data.

A test takes the fixture `server`, or `new_server` to begin several. A server can be killed and
started again on the same data.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from microblog.store.site import Site
from tests.asking import Caller, OverHttp
from tests.databases import environment_of
from tests.forking import MICROBLOGD, Forked, execute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tests.databases import environment_of
from tests.forking import Process

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 30


def find_free_port() -> int:
    """Return a port of this machine that nothing listens on, and that no caller is given."""
    for port in random.sample(range(10_000, 32_000), 100):
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


@dataclass
class Server:
    """A server on data of its own; `log` is where it writes all it says."""

    data: Path
    log: Path
    port: int = field(default_factory=find_free_port)
    begin: Callable[[Sequence[str], Mapping[str, str], Path], Process] = execute
    #: The address of a PostgreSQL database; without one it is SQLite's.
    database: str = ""
    process: Process | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def site(self) -> Site:
        return Site(self.data, self.database)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its commands; nothing of ours that was set before is in it."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("MICROBLOG_", "PUBLIC_"))}
        path = os.pathsep.join(filter(None, [str(ROOT), kept.get("PYTHONPATH", "")]))
        return {
            **kept,
            **environment_of(self.site),
            "PORT": str(self.port),
            "PYTHONPATH": path,
        }

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.process = self.begin(["serve"], self.environment, self.log)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            code = self.process.poll()
            if code is not None or time.monotonic() > deadline:
                self.kill()
                pytest.fail(f"the server did not start ({code}): {self.log.read_text()}")
            time.sleep(0.02)

    def kill(self) -> None:
        """End it as a power cut would: all its processes at once, by SIGKILL."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """End it as an operator would, and return its exit code."""
        return self._end(signal.SIGTERM)

    def command(self, *words: str, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run another of `microblogd`'s commands on the same data."""
        environment: Mapping[str, str] = {**self.environment, **changes}
        return subprocess.run(
            [*MICROBLOGD, *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def founding_link(self) -> str:
        """Return a fresh link that founds the practice."""
        said = self.log.with_suffix(".link")
        said.unlink(missing_ok=True)
        code = self.begin(["founding-link"], self.environment, said).wait(timeout=60)
        assert code == 0, said.read_text()
        return said.read_text().strip()

    def founding_token(self) -> str:
        """Return what stands after the `#` of a fresh founding link."""
        return self.founding_link().partition("#")[2]

    def caller(self) -> Caller:
        """Return a fresh browser, so to speak."""
        return Caller(OverHttp(self.origin))

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.origin}/api/practice", timeout=5).status_code == 200
        except requests.ConnectionError:
            return False

    def _end(self, how: signal.Signals) -> int:
        if self.process is None:
            return 0
        if self.process.poll() is None:
            if how is signal.SIGKILL:
                os.killpg(self.process.pid, how)
            else:
                self.process.send_signal(how)
        code = self.process.wait(timeout=START_SECONDS)
        self.process = None
        self._wait_for_lock()
        self._wait_for_port()
        return code

    def _wait_for_port(self) -> None:
        """Wait until the system has closed the socket of a process that was killed."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with socket.socket() as listener:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                with contextlib.suppress(OSError):
                    return listener.bind(("127.0.0.1", self.port))
            time.sleep(0.01)
        pytest.fail(f"port {self.port} is still in use")

    def _wait_for_lock(self) -> None:
        """Wait until the worker too is gone, which the system may take a moment over."""
        if not self.data.exists():
            return
        with (self.data / "lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)


@pytest.fixture
def begin_microblogd() -> Callable[[Sequence[str], Mapping[str, str], Path], Process]:
    """Return how a server begins: the quick way, but where beginning is what is tested."""
    return Forked


@pytest.fixture
def new_server(
    tmp_path: Path,
    new_database: Callable[[], str],
    begin_microblogd: Callable[[Sequence[str], Mapping[str, str], Path], Process],
) -> Iterator[Callable[[], Server]]:
    """Return what begins a server, each on data of its own."""
    begun: list[Server] = []

    def begin() -> Server:
        number = len(begun)
        server = Server(
            tmp_path / f"data{number}",
            tmp_path / f"server{number}.log",
            begin=begin_microblogd,
            database=new_database(),
        )
        begun.append(server)
        server.start()
        return server

    yield begin
    for server in begun:
        server.kill()


@pytest.fixture
def server(new_server: Callable[[], Server]) -> Server:
    """Return a running server that nobody has founded yet."""
    return new_server()
