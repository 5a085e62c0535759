"""Asking again for what a server keeps back: at the next refresh, then after ever longer pauses.

The command line's client checks every entry as it comes and asks for nothing lean: it begins anew
with every command, and is quick enough. (The browser's twin also checks newest first.)
"""

from collections.abc import Iterator, Sequence
from functools import partial

from microblog.client.feed import Feed, Patience
from microblog.client.login import ask
from microblog.client.session import Session

FIRST_PAUSE_MS = 15_000
LAST_PAUSE_MS = 60 * 60 * 1000
GAP = 16  # entries that are fetched again rather than asked around


def ask_again(session: Session, feed: Feed) -> None:
    """Ask once more for what the server kept back of a stream, if it is time to."""
    missing, now, patience = feed.withheld(), session.world.clock(), feed.patience
    same = patience.missing == len(missing)
    if not missing or (same and now < patience.until_ms):
        return
    for first, last in _spans(missing):
        _fetch_bodies(session, feed, first, last)
    left = len(feed.withheld())
    pause = min(2 * patience.pause_ms, LAST_PAUSE_MS) if same else FIRST_PAUSE_MS
    feed.patience = Patience(left, pause, now if left < len(missing) else now + pause)


def _fetch_bodies(session: Session, feed: Feed, first: int, last: int) -> None:
    while first <= last:
        fetch = partial(session.transport.fetch, {feed.log: first}, {feed.log: last})
        replies = ask(session, fetch)
        entries = [raw for reply in replies if reply.log == feed.log for raw in reply.entries]
        feed.take(entries[: last - first + 1], session.directory)
        if not entries or feed.is_rolled_back():
            return
        first += len(entries)


def _spans(seqs: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield (first, last) of the stretches that these ascending seqs lie in."""
    first = last = seqs[0]
    for seq in seqs[1:]:
        if seq > last + GAP:
            yield first, last
            first = seq
        last = seq
    yield first, last
