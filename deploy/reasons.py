"""Why a step of set-up failed, in one line (deploy/bootstrap.py).

No syntax here is newer than Python 3.7: an older Python must be able to read it.
"""

from __future__ import annotations

# What a tool prints when something outside of it is missing, and what we say: the first that fits.
REASONS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("No space left on device", "ENOSPC", "Disk quota exceeded", "EDQUOT"),
        "the disk is full",
    ),
    (
        ("Read-only file system", "EROFS", "Permission denied", "EACCES", "EPERM"),
        "{root} or a folder in it cannot be written by this user",
    ),
    (
        ("DO NOT MATCH THE HASHES", "EINTEGRITY"),
        "a downloaded package is not the one that the lock file names: nothing of it was used",
    ),
    (
        (
            "NewConnectionError",
            "ConnectTimeoutError",
            "ReadTimeoutError",
            "Max retries exceeded",
            "Connection refused",
            "Could not find a version that satisfies",
            "SSLError",
            "CERTIFICATE",
            "ENOTFOUND",
            "EAI_AGAIN",
            "ECONNREFUSED",
            "ECONNRESET",
            "ETIMEDOUT",
            "ENETUNREACH",
            "EHOSTUNREACH",
            "ERR_SOCKET_TIMEOUT",
            "UNABLE_TO_",
            "SELF_SIGNED",
            "network request",
        ),
        "the package registry cannot be reached: check the network, a proxy or its certificate",
    ),
)


class Missing(Exception):
    """Something that set-up needs is not there; the message is the one line a person reads."""


def reason_of(output: str, root: object) -> str:
    """Return why a program failed, from what it printed before it did."""
    for signs, reason in REASONS:
        if any(sign in output for sign in signs):
            return reason.format(root=root)
    last = next((line.strip() for line in reversed(output.splitlines()) if line.strip()), "")
    return last or "no reason was given"
