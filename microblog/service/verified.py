"""Signatures that were verified ahead of the writer, so that nobody waits while it is done.

An entry's id covers its header, which names the device, and its signature: what fitted once fits
for ever. What does not fit is not noted, and is refused in its turn, by the public verdict.
"""

import threading
from collections.abc import Iterable
from contextlib import suppress

from microblog.protocol.entry import Entry, verify_entry
from microblog.protocol.errors import NotAuthentic

KEPT = 4096

_lock = threading.Lock()
_fitting: dict[bytes, None] = {}


def verify_ahead(entries: Iterable[Entry]) -> None:
    """Verify the signatures of entries that are about to be appended, and note those that fit."""
    for entry in entries:
        with suppress(NotAuthentic):
            verify_entry(entry)
            _note(entry.id)


def was_verified(entry: Entry) -> bool:
    """Return whether an entry's signature was verified lately."""
    return entry.id in _fitting


def _note(entry_id: bytes) -> None:
    with _lock:
        _fitting[entry_id] = None
        while len(_fitting) > KEPT:
            del _fitting[next(iter(_fitting))]
