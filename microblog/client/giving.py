"""Giving back what a server that is being restored lacks (PROTOCOL.md 9).

What is given are entries that this client has verified, by whomever, as they were signed. Nothing
of what it knows changes by it: a server that says it is being restored, and is not, gets what it
had, and every pin stays.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from microblog.client.feed import Feed
from microblog.client.replies import Listed
from microblog.client.transport import Refused, StaleHead, Transport
from microblog.protocol.entry import DIRECTORY, MAX_APPEND, encode_entry


def give_back_directory(transport: Transport, raw_entries: Sequence[bytes]) -> None:
    """Give back the directory; nobody needs to be signed in for that."""
    _give(transport, DIRECTORY, len(raw_entries), lambda seq: raw_entries[seq])


def give_back_streams(
    transport: Transport, feeds: Mapping[bytes, Feed], listed: Sequence[Listed]
) -> None:
    """Give back what streams hold beyond what is listed, and the words that the server lacks."""
    rows = {row.log: row for row in listed}
    for log, feed in feeds.items():
        row = rows.get(log)
        if row is None or row.head.seq + 1 < feed.next_seq:
            _give(transport, log, feed.next_seq, _reader(feed))
        for seq in row.lacking if row else ():
            if seq < feed.next_seq and feed.entries[seq].body:
                with suppress(Refused):
                    transport.give_back(log, [_reader(feed)(seq)])


def _reader(feed: Feed) -> Callable[[int], bytes]:
    return lambda seq: encode_entry(feed.entries[seq])


def _give(transport: Transport, log: bytes, count: int, read: Callable[[int], bytes]) -> None:
    """Give back a log from where the server's ends; how far that is its first refusal says."""
    first, told = max(count - 1, 0), False
    while first < count:
        some = [read(seq) for seq in range(first, min(first + MAX_APPEND, count))]
        try:
            transport.give_back(log, some)
        except StaleHead as stale:
            begin = stale.head.seq + 1 if stale.head else 0
            if told or begin >= first:
                return  # it has another log: seen when that is fetched
            first, told = begin, True
        except Refused:
            return  # others may bring what it needs first
        else:
            first += len(some)
