"""After a restore: what the backup lacks is taken back from clients, and nothing new is taken.

A mark beside what people write says so, from the restore until the operator opens the server again,
because only whoever runs it knows when enough people have been seen. What is given back is what
was once acknowledged: it passes the public verdict as it did then, but neither our clock, which
has gone on, nor the question whose it is, since anyone may hold it. Its words may be missing where
a client never had them; whoever has them fills them in.
"""

import logging
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from microblog.protocol.base64url import decode_base64url, encode_base64url
from microblog.protocol.directory import Directory
from microblog.protocol.entry import DIRECTORY, Entry
from microblog.protocol.errors import Malformed, ProtocolError
from microblog.protocol.stream import Stream
from microblog.service import directory as staff
from microblog.service.directory import Directories
from microblog.service.errors import NotRestoring, Restoring, StaleHead, refuse
from microblog.service.followers import Followed
from microblog.service.logs import (
    Appended,
    add_to_stream,
    check_follows,
    check_times,
    check_words,
    store_directory,
)
from microblog.service.sessions import Who
from microblog.service.stored import body_row
from microblog.service.streams import load_stream
from microblog.store import followers, logs, people, sessions
from microblog.store.locks import BY_DIRECTORY, hold, of_log
from microblog.store.locks import DIRECTORY as WHOLE_DIRECTORY
from microblog.store.logs import ERASED, HeadRow
from microblog.store.marks import Marks

MAX_LACKING = 256

_MARK = "restoring"


class Lacking(NamedTuple):
    """A stream and the first of its entries whose words are missing."""

    log: bytes
    seqs: list[int]


said = logging.getLogger("microblog")


def is_restoring(marks: Marks) -> bool:
    """Return whether the servers of this site take only what is given back."""
    return marks.read(_MARK) is not None


def check_open(marks: Marks) -> None:
    """Check that something new may be taken.

    Raises:
        Restoring: not before the operator opens the server.
    """
    if is_restoring(marks):
        raise Restoring


def check_restoring(marks: Marks) -> None:
    """Check that something may be given back.

    Raises:
        NotRestoring: nothing is asked for.
    """
    if not is_restoring(marks):
        raise NotRestoring


def begin(marks: Marks) -> None:
    """Restore from now on; nobody has been seen yet.

    Raises:
        OSError: the mark cannot be written.
        StoreError: likewise.
    """
    marks.put(_MARK, b"")


def end(marks: Marks) -> None:
    """Take new entries again."""
    marks.remove(_MARK)


def end_sessions(session: Session) -> None:
    """End all sessions: whoever comes again signs in anew, and hears that we are restoring."""
    sessions.delete_all(session)


def note_seen(marks: Marks, person: bytes) -> None:
    """Note that someone has given back all that their device holds.

    Raises:
        NotRestoring: nothing is asked for.
    """
    check_restoring(marks)
    if person not in read_seen(marks):
        marks.add(_MARK, encode_base64url(person).encode() + b"\n")


def read_seen(marks: Marks) -> set[bytes]:
    """Return who has given back what they hold."""
    found: set[bytes] = set()
    for line in (marks.read(_MARK) or b"").decode(errors="replace").splitlines():
        try:
            found.add(decode_base64url(line))
        except Malformed:
            continue  # cut off by a power cut
    return found


def count_unseen(session: Session, marks: Marks) -> tuple[int, int]:
    """Return (how many who work here have not been seen since the restore, how many work here)."""
    here = {row.person for row in people.read_persons(session) if row.left_seq is None}
    return len(here - read_seen(marks)), len(here)


def find_lacking(session: Session, followed: Sequence[Followed]) -> list[Lacking]:
    """Return which entries of these streams lack their words, and were not erased."""
    found = (
        Lacking(row.log, logs.read_lacking(session, row.log, row.seq, MAX_LACKING))
        for row in followed
    )
    return [row for row in found if row.seqs]


def give_back_directory(
    session: Session, directories: Directories, entries: Sequence[Entry]
) -> Appended:
    """Take back entries of the directory, which anyone may bring: who has joined since the backup
    can sign in only once it is whole again.

    Raises:
        As `give_back`.
    """
    return give_back(session, directories, None, DIRECTORY, entries)


def give_back(
    session: Session,
    directories: Directories,
    who: Who | None,
    log: bytes,
    entries: Sequence[Entry],
) -> Appended:
    """Take back entries of a log, in the writer's transaction; those that are there are left alone.

    Raises:
        StaleHead: they do not follow the head, or are others than those that are there.
        ServiceError: they are refused; the caller rolls back.
    """
    _check_all_words(entries)
    if log == DIRECTORY:
        hold(session, WHOLE_DIRECTORY)
    else:
        hold(session, BY_DIRECTORY, of_log(log))
    first, last = entries[0].header.seq, entries[-1]
    stored = logs.read_ids(session, log, first, len(entries))
    head = logs.read_head(session, log)
    known, fresh = entries[: len(stored)], entries[len(stored) :]
    if stored != [it.id for it in known]:
        # Somebody holds another history of this log: only one of them can be the true one.
        # Which, the log does not say: it holds no id. Who follows it is told so on their screen.
        said.error("given back: another log than the one that is there")
        raise StaleHead(*_shown(session, who, log, head))
    filled = sum(_fill(session, entry) for entry in known)
    if fresh:
        try:
            check_follows(head, fresh[0].header.seq, fresh[0].header.prev)
        except StaleHead:
            raise StaleHead(*_shown(session, who, log, head)) from None
        _add(session, directories, log, head, fresh)
    return Appended(last.header.seq, last.id, fresh=bool(fresh) or filled > 0)


def _add(
    session: Session,
    directories: Directories,
    log: bytes,
    head: HeadRow | None,
    entries: Sequence[Entry],
) -> None:
    directory = directories.read(session)
    if log != DIRECTORY:
        stream = load_stream(head) if head else Stream(log)
        add_to_stream(session, directory, stream, entries)
        return
    check_times(directory.time, entries)
    after = _extend(directory, entries)
    store_directory(session, directories, (directory, after), entries)


def _extend(directory: Directory, entries: Sequence[Entry]) -> Directory:
    for number, entry in enumerate(entries):
        if entry.body:
            staff.check_texts(entry, f"entry {number}")
    after, error = directory.extend(entries)
    if error is not None:
        raise refuse(error, f"entry {len(after.ids) - len(directory.ids)}")
    return after


def _check_all_words(entries: Sequence[Entry]) -> None:
    for number, entry in enumerate(entries):
        if not entry.body and not entry.salt:
            continue
        try:
            check_words(entry)
        except ProtocolError as error:
            raise refuse(error, f"entry {number}") from None


def _fill(session: Session, entry: Entry) -> bool:
    """Add the words of an entry that is there without them, unless they were erased."""
    log, seq = entry.header.log, entry.header.seq
    if not entry.body or logs.has_body(session, log, seq):
        return False
    fate = logs.read_fate(session, log, seq)
    if fate is None or fate.withdrawn >= ERASED:
        return False
    logs.add_bodies(session, [body_row(entry)])
    return True


def _shown(
    session: Session, who: Who | None, log: bytes, head: HeadRow | None
) -> tuple[int | None, bytes | None]:
    """Return the head, to whom may know it; to others the log looks empty."""
    if head is None:
        return None, None
    if log != DIRECTORY:
        listed = {row.person for row in followers.read_followers(session, log)}
        if who is None or who.person not in listed:
            return None, None
    return head.seq, head.id
