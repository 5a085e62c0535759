"""What was read before and is still so, because nothing that bears on it was written since.

Only where this process writes all that is written (SQLite): each commit is counted before anyone
hears of it, so whoever is told that something is done finds nothing older here.
"""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

MOST = 4096

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Seen(Generic[K, V]):
    """Values by key, each with what `count` said before it was read."""

    def __init__(self, count: Callable[[], int | None]) -> None:
        """Begin with none; where `count` says None, others write too, and nothing is kept."""
        self._count = count
        self._found: dict[K, tuple[int, V]] = {}

    def find(self, key: K, read: Callable[[], V | None]) -> V | None:
        """Return what was read and still holds, or else what `read` returns now."""
        count = self._count()
        if count is None:
            return read()
        found = self._found.get(key)
        if found is not None and found[0] == count:
            return found[1]
        # Whatever is committed while it is read makes the count another one.
        value = read()
        # What is not there is not kept: of that a stranger could ask for any amount.
        if value is not None:
            if len(self._found) >= MOST:
                self._found.clear()
            self._found[key] = (count, value)
        return value
