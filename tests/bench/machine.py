"""The machine and the versions that a measurement was taken with."""

from __future__ import annotations

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("flask", "gunicorn", "sqlalchemy", "psycopg", "pynacl")


def describe() -> list[str]:
    """Return it in lines."""
    processor = next(
        (line.split(":")[1].strip() for line in _read("/proc/cpuinfo") if "model name" in line),
        platform.machine(),
    )
    memory = next((line.split()[1] for line in _read("/proc/meminfo")), "0")
    load = " ".join(f"{it:.1f}" for it in os.getloadavg())
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        f"{os.cpu_count()} of {processor}, {int(memory) // 2**20} GiB; load {load}",
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}, {packages}",
    ]


def _read(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []
