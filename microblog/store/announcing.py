"""Saying on PostgreSQL, in an append's own transaction, how far logs have come: NOTIFY.

Whoever listens hears it once it is committed, and never of what was not. Transactions that say
something are committed one after the other, by PostgreSQL's own rule: so where no process for event
streams is set up, nothing is said.
"""

from collections.abc import Mapping, Sequence
from typing import Any

CHANNEL = "microblog_news"
LOG_BYTES = 16


def announcement(moved: Mapping[bytes, int]) -> tuple[str, Sequence[Any]]:
    """Return the statement that says to which seqs logs have come, and its values."""
    words = "SELECT pg_notify(%s, it) FROM unnest(%s::text[]) AS it"
    told = ",".join(f"{log.hex()}:{seq}" for log, seq in moved.items())
    return words, (CHANNEL, f"{{{told}}}")


def read_announcement(text: str) -> tuple[bytes, int] | None:
    """Return the log and the seq that were said; None: it is no word of ours."""
    name, _, seq = text.partition(":")
    try:
        log = bytes.fromhex(name)
        return (log, int(seq)) if len(log) == LOG_BYTES else None
    except ValueError:
        return None
