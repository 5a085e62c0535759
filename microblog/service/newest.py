"""Where logs ended when this process last added to them: a hint, which saves a look at the store.

Whatever follows on it goes to the writer at once, which looks for itself and goes by nothing here.
"""

from collections.abc import Sequence

from microblog.protocol.entry import Entry

KEPT = 4096

_newest: dict[bytes, tuple[int, bytes]] = {}


def note(log: bytes, entries: Sequence[Entry]) -> None:
    """Note where a log ends, once these are stored at its end."""
    if len(_newest) >= KEPT:
        _newest.clear()
    _newest[log] = (entries[-1].header.seq, entries[-1].id)


def seems_next(log: bytes, entries: Sequence[Entry]) -> bool:
    """Return whether entries follow on the last that was stored here."""
    first = entries[0].header
    return _newest.get(log) == (first.seq - 1, first.prev)
