"""What a run of the tests leaves in memory when it is killed: the next run puts it away.

A folder is claimed by the process that made it. Whose process is gone (its number may be another's
by now, so its beginning counts too), that folder is nobody's, and the server in it serves nobody.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from contextlib import suppress
from pathlib import Path

PREFIX = "microblog-"
OWNER, DATA = "owner", "data"
END_SECONDS = 5


def make_folder(place: Path) -> Path:
    """Make a folder that is this process's, and return the place in it for the data."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    folder.chmod(0o755)
    (folder / OWNER).write_text(f"{os.getpid()} {_begun(os.getpid())}")
    data = folder / DATA
    data.mkdir()
    return data


def sweep(place: Path) -> None:
    """End the servers in folders that are nobody's, and remove the folders."""
    for owner in place.glob(f"{PREFIX}*/{OWNER}"):
        # Another worker of this run may be at it too.
        with suppress(OSError):
            pid, begun = owner.read_text().split()
            if _begun(int(pid)) != begun:
                _end_server(owner.with_name(DATA))
                shutil.rmtree(owner.parent, ignore_errors=True)


def _begun(pid: int) -> str:
    """Return when a process began, in ticks since the machine did; nothing if there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    # The program's name stands in brackets, and may hold anything.
    state, *rest = stat.rpartition(")")[2].split()
    return "" if state == "Z" else rest[18]


def _end_server(data: Path) -> None:
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, IndexError):
        return
    if os.fsencode(data) not in words:
        return
    # At once: what it has is thrown away.
    os.kill(pid, signal.SIGQUIT)
    deadline = time.monotonic() + END_SECONDS
    while _begun(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
