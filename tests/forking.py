"""`microblogd` begun in either of two ways: as anyone begins it, or forked from a process that has
imported it already, which takes a tenth of the time. Either way it is a process of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

MICROBLOGD = (sys.executable, "-m", "microblog.ops")
PRELOADED = ["microblog.app", "microblog.ops.main", "gunicorn.workers.gthread", "tests.forking"]


class Process(Protocol):
    """What both ways have in common."""

    pid: int

    def poll(self) -> int | None: ...
    def wait(self, timeout: float) -> int: ...
    def send_signal(self, sig: signal.Signals, /) -> None: ...
    def terminate(self) -> None: ...


def execute(words: Sequence[str], environment: Mapping[str, str], output: Path) -> Process:
    """Begin it as anyone does; what it says is added to `output`."""
    with output.open("ab") as said:
        return subprocess.Popen(
            [*MICROBLOGD, *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )


class Forked:
    """One forked from a process that has imported it; what it says is added to `output`."""

    def __init__(self, words: Sequence[str], environment: Mapping[str, str], output: Path) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        given = (list(words), dict(environment), str(output))
        self._process = context.Process(target=self.entrance(), args=given, daemon=True)
        self._process.start()
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    def entrance(self) -> Callable[[list[str], dict[str, str], str], None]:
        """Return what the new process calls."""
        return become

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise subprocess.TimeoutExpired("microblogd", timeout)
        return code

    def send_signal(self, sig: signal.Signals, /) -> None:
        os.kill(self.pid, sig)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


def become(words: list[str], environment: dict[str, str], output: str) -> None:
    from microblog.ops.main import main

    os.setsid()
    nothing = os.open(os.devnull, os.O_RDONLY)
    said = os.open(output, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for ours, its in ((nothing, 0), (said, 1), (said, 2)):
        os.dup2(ours, its)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["microblogd", *words]
    main()
