"""What of a stream is read: up to a post, but for those that were made unread again.

Every change can be taken back. Whatever is said later counts, on whichever device: see `merge` in
protocol/note. So a change is later than what is known of what it changes, though the clock be
wrong.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from microblog.client.feed import Feed
from microblog.client.keeping import put_note
from microblog.client.memory import Note
from microblog.client.session import Session, feed_of, read_id
from microblog.client.showing import is_news
from microblog.protocol.note import MAX_SINGLES, Single

_MAX_UINT = 2**53 - 1


def unread_again(note: Note) -> frozenset[int]:
    """Return the posts, read before, that were made unread again one by one."""
    return frozenset(seq for seq, _, unread in note.singles if unread)


def mark_read(session: Session, log: str, seq: int, how: str = "") -> None:
    """Note that posts up to a seq were read.

    What was made unread again one by one stays so, unless it is asked for: `how` is "alone" for
    this one and nothing else, "all" for those up to it too.
    """
    feed, note = _noted(session, log)
    up_to = note.read if how == "alone" else min(seq, feed.next_seq - 1)
    meant = {"alone": (seq,), "all": range(seq + 1)}.get(how, ())
    ended = [at for at in unread_again(note) if at in meant]
    _change(session, feed, replace(note, read=max(note.read, up_to)), ended, 0)


def mark_unread(session: Session, log: str, seq: int, *, onwards: bool = False) -> None:
    """Note that a post alone is unread again; `onwards`: all from it on, as if none was read."""
    feed, note = _noted(session, log)
    if seq > note.read:
        return
    if not onwards:
        _change(session, feed, note, [seq], 1)
        return
    # Else one of them would be unread for good, though all of it is read later.
    ended = [at for at in unread_again(note) if at >= seq]
    again = _later(session, note.again)
    _change(session, feed, replace(note, again=again, read=max(seq, 0) - 1), ended, 0)


def mark_seen(session: Session, log: str, seqs: Iterable[int]) -> None:
    """Note that posts were printed: all up to the first that was not, and is news, are then read.

    What was made unread again stays so.
    """
    feed, note = _noted(session, log)
    seen, read = set(seqs), note.read
    for seq in sorted(at for at in feed.targets if at > note.read):
        if seq not in seen and is_news(feed, seq, session.me):
            break
        read = seq
    _change(session, feed, replace(note, read=read), [], 0)


def newest(singles: Iterable[Single]) -> list[Single]:
    """Return the singles that were said last, as many as a note has room for."""
    return sorted(singles, key=lambda single: -single[1])[:MAX_SINGLES]


def _noted(session: Session, log: str) -> tuple[Feed, Note]:
    feed = feed_of(session, read_id(log))
    return feed, session.notes.get(feed.log, Note())


def _change(session: Session, feed: Feed, note: Note, seqs: Sequence[int], unread: int) -> None:
    said = {single[0]: single for single in note.singles}
    for seq in seqs:
        said[seq] = (seq, _later(session, said.get(seq, (seq, 0, 0))[1]), unread)
    put_note(session, feed.log, replace(note, singles=tuple(sorted(newest(said.values())))))


def _later(session: Session, known: int) -> int:
    return min(max(session.world.clock(), known + 1), _MAX_UINT)
