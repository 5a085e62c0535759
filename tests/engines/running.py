"""Programs that run for as long as a browser is needed, and are told nothing of this desktop."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

Result = TypeVar("Result")

START_SECONDS, END_SECONDS, LOOK_SECONDS = 30, 10, 0.05
ELSEWHERE = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS")


def environment_in(home: Path, **more: str) -> dict[str, str]:
    """Return ours with another home, less what leads to a proxy or to somebody's desktop."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.lower().endswith("_proxy") and name not in ELSEWHERE
    }
    return {**kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "LANG": "C.UTF-8", **more}


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[None]:
    """Run a program, and end it with all that it has started."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        yield
    finally:
        for how in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, how)
            # What it has left lying, as a screen does its number, it takes with it if it may.
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=END_SECONDS)


def once(ready: Callable[[], Result | None], log: Path) -> Result:
    """Return what a program that was started has ready, as soon as it has."""
    deadline = time.monotonic() + START_SECONDS
    while (found := ready()) is None:
        assert time.monotonic() < deadline, f"it did not start: {log.read_text(errors='replace')}"
        time.sleep(LOOK_SECONDS)
    return found
