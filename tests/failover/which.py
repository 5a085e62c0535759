"""What a failover needs of the machine, and what Debian calls it."""

from __future__ import annotations

import os
import pwd
import shutil
from pathlib import Path

from microblog.store.postgres import OLDEST

PACKAGES = ("patroni", "etcd-server", "postgresql")
#: PostgreSQL does not run as root: this one comes with Debian's package.
USER = "postgres"
PLACE = Path("/usr/lib/postgresql")


def find_programs(place: Path = PLACE) -> Path | None:
    """Return the folder of the newest PostgreSQL that Debian installed, if it is new enough."""
    found = [path for path in place.glob("*/bin") if (path / "postgres").exists()]
    newest = max(found, key=lambda path: int(path.parent.name), default=None)
    if newest is None or int(newest.parent.name) < OLDEST // 10000:
        return None
    return newest


def missing(place: Path = PLACE) -> list[str]:
    """Return the packages that are not here."""
    here = (shutil.which("patroni"), shutil.which("etcd"), find_programs(place))
    return [name for name, it in zip(PACKAGES, here, strict=True) if it is None]


def as_user() -> list[str]:
    """Return the words before a command that is not to run as root."""
    if os.geteuid():
        return []
    who = pwd.getpwnam(USER)
    return ["setpriv", f"--reuid={who.pw_uid}", f"--regid={who.pw_gid}", "--init-groups", "--"]


def give(path: Path) -> None:
    """Let the user whom PostgreSQL runs as have a folder."""
    if not os.geteuid():
        shutil.chown(path, USER, USER)
