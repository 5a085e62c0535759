"""The machine: who runs it, what is free on its disk, its clock, which processes there are."""

import ctypes
import shutil
import socket
from collections.abc import Iterator

from microblog.ops.doctor.finding import Finding, Patient, good, warn, wrong
from microblog.ops.serving import HOST

# A database must be able to grow, and to be copied beside itself.
LEAST_FREE_BYTES = 2**30
# What the system says of a clock that follows no other (adjtimex(2)).
_UNSYNCED = 5
_TIMEX_BYTES = 256


def check_user(patient: Patient) -> Iterator[Finding]:
    """Say whether this is root, who should not serve."""
    if patient.user == 0:
        yield wrong(
            "user",
            "this is root: the server, and this command, run as a user of their own",
            "runuser -u microblog -- microblogd doctor",
        )


def check_disk(patient: Patient) -> Iterator[Finding]:
    """Say whether the disk has room for the data to double."""
    folder = patient.settings.data
    if not folder.is_dir():
        return
    free = shutil.disk_usage(folder).free
    taken = sum(it.stat().st_size for it in folder.glob("microblog.sqlite3*"))
    needed = max(LEAST_FREE_BYTES, 2 * taken)
    words = f"{free // 2**20:,} MiB are free, {needed // 2**20:,} should be"
    if free < needed:
        yield wrong("disk", words, "make room: when it is full nobody can post")
    else:
        yield good("disk", words)


def check_clock(patient: Patient) -> Iterator[Finding]:
    """Say whether the clock follows another."""
    synced = patient.is_synced()
    if synced is None:
        hint = "look with timedatectl"
        yield warn("clock", "whether it is kept right cannot be told here", hint)
    elif synced:
        yield good("clock", "it is kept right")
    else:
        yield wrong(
            "clock",
            "nothing keeps it right, and posts of people whose clocks differ are refused",
            "timedatectl set-ntp true, or install chrony",
        )


def check_processes(patient: Patient) -> Iterator[Finding]:
    """Say whether gunicorn is told to begin more than one process where SQLite takes only one."""
    asked = patient.environment.get("WEB_CONCURRENCY", "1")
    more = asked != "1" or "workers" in patient.environment.get("GUNICORN_CMD_ARGS", "")
    if more and patient.settings.database is None:
        yield wrong(
            "processes",
            "the environment asks gunicorn for other processes than the settings do",
            "take WEB_CONCURRENCY and GUNICORN_CMD_ARGS out of it",
        )


def check_live(patient: Patient) -> Iterator[Finding]:
    """Say whether somebody takes event streams where the settings say so."""
    place = patient.settings.machine.live
    if place is None:
        return
    near = isinstance(place, int)
    with socket.socket(socket.AF_INET if near else socket.AF_UNIX) as line:
        if line.connect_ex((HOST, place) if near else str(place)) == 0:
            yield good("event streams", "somebody takes them")
            return
    yield wrong(
        "event streams",
        "nothing listens at MICROBLOG_LIVE; until it does clients ask now and then",
        "systemctl status microblog-live.service",
    )


def is_clock_synced() -> bool | None:
    """Ask the system whether its clock follows another; None: it does not say."""
    try:
        state = ctypes.CDLL(None, use_errno=True).adjtimex(
            ctypes.create_string_buffer(_TIMEX_BYTES)
        )
    except (OSError, AttributeError):
        return None
    return None if state < 0 else bool(state != _UNSYNCED)
