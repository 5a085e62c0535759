"""Appending to logs and fetching from them.

An append is all or nothing. What it must pass, in this order: the sender is its author; it is not
stored already; it follows the head; the server's own checks; the protocol's public verdict, the
very function that clients run.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy.orm import Session

from microblog.protocol.directory import Directory
from microblog.protocol.entry import DIRECTORY, SALT_BYTES, Entry, check_body, has_history
from microblog.protocol.errors import NotAllowed as Forbidden
from microblog.protocol.errors import ProtocolError, Unreadable, WrongList
from microblog.protocol.log import Head
from microblog.protocol.stream import Stream, Target, target_of
from microblog.service import directory as staff
from microblog.service.asks import end_asks
from microblog.service.directory import Directories
from microblog.service.erase import destroy, erase
from microblog.service.errors import NotAllowed, NotFound, Refused, StaleHead, refuse
from microblog.service.newest import seems_next
from microblog.service.sessions import DEVICE, FOUNDING, INVITATION, Who, check_here
from microblog.service.stored import body_row, entry_row, load_bytes
from microblog.service.streams import follow, head_row, load_stream
from microblog.service.verified import verify_ahead, was_verified
from microblog.store import boxes, followers, logs
from microblog.store.followers import FollowerRow
from microblog.store.locks import BY_DIRECTORY, hold, of_log
from microblog.store.locks import DIRECTORY as WHOLE_DIRECTORY
from microblog.store.logs import ERASED, WITHDRAWN, BodyRow, Fate, HeadRow, StoredEntry
from microblog.store.news import Wanted, walk_news

AHEAD_MS = 2 * 60 * 1000
BEHIND_MS = 60 * 60 * 1000
SEALED_BYTES = 40
BLOCK_BYTES = 2048
MAX_LOGS = 256
REPLY_BYTES = 4 * 1024 * 1024
ROWS_AT_ONCE = 64
MANY = 2**53

#: Header, signature, body and salt of an entry as it is stored.
Parts: TypeAlias = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Appended:
    """The last of the entries that were sent; `fresh` unless all were stored before."""

    seq: int
    id: bytes
    fresh: bool


def check_sender(who: Who, log: bytes, entries: Sequence[Entry]) -> None:
    """Check what needs no database: author, body and boxes of entries about to be appended.

    Raises:
        ServiceError: one does not pass.
    """
    if who.sort in (INVITATION, FOUNDING) and log != DIRECTORY:
        raise NotFound
    if who.sort == INVITATION and [it.header.kind for it in entries] != ["join"]:
        raise NotAllowed("an invitation allows one join, and nothing else")
    if who.sort == FOUNDING and entries[0].header.kind != "found":
        raise NotAllowed("a founding link allows to found the practice, and nothing else")
    for number, entry in enumerate(entries):
        try:
            _check_author(who, entry)
            check_words(entry)
        except ProtocolError as error:
            raise refuse(error, f"entry {number}") from None


def look_ahead(
    open_store: Callable[[], Session], who: Who, log: bytes, entries: Sequence[Entry]
) -> None:
    """Do, before the writer is troubled, what needs no writer.

    Whoever comes too late for a stream is told so, in the writer's own order and words; and the
    signatures are verified, so that nobody waits for that.

    Raises:
        StaleHead: they do not follow the head.
        NotFound: it is not a stream of theirs.
    """
    if log != DIRECTORY and not seems_next(log, entries):
        _check_not_late(open_store(), who, log, entries)
    verify_ahead(entries)


def _check_not_late(session: Session, who: Who, log: bytes, entries: Sequence[Entry]) -> None:
    head, first = logs.read_head(session, log), entries[0].header
    if head is not None and head.seq >= first.seq:
        stored = logs.read_ids(session, log, first.seq, len(entries))
        if stored != [it.id for it in entries]:
            _open_stream(who, log, head, first.seq)
            raise StaleHead(head.seq, head.id)


def append(
    session: Session,
    directories: Directories,
    who: Who,
    log: bytes,
    entries: Sequence[Entry],
    now: int,
) -> Appended:
    """Append entries that passed `check_sender`, in the writer's transaction.

    Raises:
        StaleHead: they do not follow the head.
        ServiceError: they are refused; the caller rolls back.
    """
    first, last = entries[0].header, entries[-1]
    if log == DIRECTORY:
        hold(session, WHOLE_DIRECTORY, with_next=True)
    else:
        hold(session, BY_DIRECTORY, of_log(log), with_next=True)
    head, directory_head = logs.read_two_heads(session, log, DIRECTORY)
    if head is not None and head.seq >= first.seq:
        stored = logs.read_ids(session, log, first.seq, len(entries))
        if stored == [it.id for it in entries]:
            return Appended(last.header.seq, last.id, fresh=False)
    latest = max(now + AHEAD_MS, head.time if head else 0)
    if log == DIRECTORY:
        check_follows(head, first.seq, first.prev)
        _check_not_ahead(latest, entries)
        _append_to_directory(session, directories, entries, now)
    else:
        stream = _open_stream(who, log, head, first.seq)
        check_follows(head, first.seq, first.prev)
        _check_not_ahead(latest, entries)
        _check_not_behind(now - BEHIND_MS, entries)
        directory = directories.read_at(session, directory_head)
        check_here(directory, who, now)
        add_to_stream(session, directory, stream, entries)
    return Appended(last.header.seq, last.id, fresh=True)


def fetch(
    session: Session,
    who: Who,
    since: Mapping[bytes, int],
    until: Mapping[bytes, int] | None = None,
    *,
    lean: bool = False,
) -> list[tuple[bytes, list[bytes], bool]]:
    """Return what is new in each log, as far as `who` may have it: (log, entries' bytes, more).

    Of a log that `until` names too, up to that seq only; if it is to be `lean`, posts come without
    their words.
    """
    limits = until or {}
    wanted = [Wanted(log, first, limits.get(log, MANY)) for log, first in since.items()]
    found: dict[bytes, list[bytes]] = {}
    room = REPLY_BYTES
    for log, parts in _walk(session, who, wanted, lean=lean):
        data = load_bytes(*parts)
        room -= len(data)
        if room < 0:
            # What had room but was cut leaves none: the next call begins there.
            cut = [(log, found.pop(log, []), True)]
            whole = [(its, some, False) for its, some in found.items()]
            return whole + cut + [(its, [], True) for its in _more(session, who, wanted, log)]
        if log in found:
            found[log].append(data)
        else:
            found[log] = [data]
    return [(log, some, False) for log, some in found.items()]


def _walk(
    session: Session, who: Who, wanted: Sequence[Wanted], *, lean: bool
) -> Iterator[tuple[bytes, Parts]]:
    """Yield (log, parts of an entry) of what someone may have, in the order in which they want it.

    The directory is read apart from the streams, wherever it stands among them.
    """
    places = [place for place, row in enumerate(wanted) if row.log == DIRECTORY]
    begin = 0
    for end in (*places, len(wanted)):
        streams = wanted[begin:end]
        if who.sort == DEVICE and streams:
            for row in walk_news(session, who.person, streams, lean=lean):
                yield streams[row[0]].log, row[2:]
        if end < len(wanted):
            for entry in _walk_directory(session, wanted[end], lean=lean):
                yield DIRECTORY, entry[1:]
        begin = end + 1


def _walk_directory(session: Session, wanted: Wanted, *, lean: bool) -> Iterator[StoredEntry]:
    _, first, last = wanted
    while rows := logs.read_entries(session, DIRECTORY, first, last, ROWS_AT_ONCE, lean=lean):
        yield from rows
        first = rows[-1].seq + 1


def _more(session: Session, who: Who, wanted: Sequence[Wanted], cut: bytes) -> list[bytes]:
    """Return which logs, of those after one that was cut off, have something too."""
    following = wanted[[row.log for row in wanted].index(cut) + 1 :]
    lasts = _reach(session, who, [row.log for row in following])
    return [row.log for row in following if row.first <= min(lasts.get(row.log, -1), row.last)]


def _reach(session: Session, who: Who, asked: Sequence[bytes]) -> dict[bytes, int]:
    lasts: dict[bytes, int] = {}
    streams = [log for log in asked if log != DIRECTORY]
    if who.sort == DEVICE and streams:
        reaches = followers.read_reaches_among(session, who.person, streams)
        lasts = {reach.log: reach.last_seq for reach in reaches}
    if DIRECTORY in asked and (head := logs.read_head(session, DIRECTORY)):
        lasts[DIRECTORY] = head.seq
    return lasts


def _check_author(who: Who, entry: Entry) -> None:
    header = entry.header
    if who.sort == DEVICE and (header.author, header.device) != (who.person, who.key):
        raise Forbidden("the author and device are not those signed in")
    if who.sort == INVITATION and header.author != who.person:
        raise Forbidden("the author is not who was invited")


def check_words(entry: Entry) -> None:
    """Check that body and salt are what the header says, and of the one size.

    Raises:
        ProtocolError: they are not.
    """
    if len(entry.salt) != SALT_BYTES or not entry.body:
        raise Unreadable("body or salt is missing")
    try:
        check_body(entry)
    except Unreadable:
        raise Unreadable("body or salt is not what the header says") from None
    if entry.header.log == DIRECTORY:
        if entry.boxes:
            raise WrongList("the directory has no boxes")
        return
    blocks, rest = divmod(len(entry.body) - SEALED_BYTES, BLOCK_BYTES)
    if rest or blocks < 1 or (blocks > 1 and not has_history(entry.header.kind)):
        raise Unreadable("the body does not have the one size that all have")


def check_follows(head: HeadRow | None, seq: int, prev: bytes) -> None:
    """Raise StaleHead unless an entry of this seq and prev is the next after the head."""
    if head is None:
        if seq != 0:
            raise StaleHead(None, None)
    elif (seq, prev) != (head.seq + 1, head.id):
        raise StaleHead(head.seq, head.id)


def _check_not_ahead(latest: int, entries: Sequence[Entry]) -> None:
    # Where clocks once were wrong the newest entry may itself be ahead: the log still goes on.
    for number, entry in enumerate(entries):
        if entry.header.time > latest:
            raise Refused("wrong-time", f"entry {number}: time is more than two minutes ahead")


def _check_not_behind(earliest: int, entries: Sequence[Entry]) -> None:
    # From a proposal's time the days are counted in which the team may object. Any other entry may
    # say an earlier one than it was sent at: it gains nothing by it.
    for number, entry in enumerate(entries):
        if entry.header.kind == "shred" and entry.header.time < earliest:
            raise Refused("wrong-time", f"entry {number}: time is more than an hour behind")


def check_times(before: int, entries: Sequence[Entry]) -> None:
    """Raise Refused if a time decreases."""
    for number, entry in enumerate(entries):
        if entry.header.time < before:
            raise Refused("wrong-time", f"entry {number}: time is before the entry's before it")
        before = entry.header.time


def _append_to_directory(
    session: Session, directories: Directories, entries: Sequence[Entry], now: int
) -> None:
    before = directories.read(session)
    check_times(before.time, entries)
    after = staff.extend(before, entries)
    for number, entry in enumerate(entries):
        if entry.header.kind == "join":
            staff.check_in_time(after, entry, now, f"entry {number}")
    store_directory(session, directories, (before, after), entries)


def store_directory(
    session: Session,
    directories: Directories,
    change: tuple[Directory, Directory],
    entries: Sequence[Entry],
) -> None:
    """Store verified entries of the directory, and what they change from the one to the other."""
    (before, after), last = change, entries[-1]
    logs.add_entries(session, list(map(entry_row, entries)), _words(entries))
    logs.move_head(session, HeadRow(DIRECTORY, last.header.seq, last.id, last.header.time, 0, b""))
    staff.store_changes(session, before, after)
    directories.keep(after)


def _words(entries: Sequence[Entry]) -> list[BodyRow]:
    # Only what is given back after a restore may lack them.
    return [body_row(entry) for entry in entries if entry.body]


def _open_stream(who: Who, log: bytes, head: HeadRow | None, seq: int) -> Stream:
    if head is None:
        if seq != 0:
            raise NotFound
        return Stream(log)
    stream = load_stream(head)
    if who.person not in stream.roles:
        raise NotFound
    return stream


def add_to_stream(
    session: Session, directory: Directory, stream: Stream, entries: Sequence[Entry]
) -> None:
    """Store entries of a stream that pass the public verdict, and what follows from them.

    Raises:
        ServiceError: one does not; the caller rolls back.
    """
    check_times(stream.time, entries)
    known: dict[bytes, FollowerRow] | None = None
    for number, entry in enumerate(entries):
        try:
            target = _target(session, entry)
            apply = stream.apply_deferred if was_verified(entry) else stream.apply
            after = apply(entry, directory, target)
            _check_boxes(entry, after)
        except ProtocolError as error:
            raise refuse(error, f"entry {number}") from None
        row, words, head = entry_row(entry), _words([entry]), Head(entry.header.seq, entry.id)
        if number == len(entries) - 1:
            logs.add_last(session, row, words, head_row(after, head))
        else:
            logs.add_entries(session, [row], words)
        if after.members != stream.members:
            known = known or _read_known(session, stream.log)
            changed = list(follow(known, stream, after, entry.header.seq))
            known |= {row.person: row for row in changed}
            followers.put_followers(session, changed)
            end_asks(session, changed)
        boxes.put_boxes(session, stream.log, after.epoch, entry.boxes)
        if target is not None:
            _withdraw(session, entry)
        if entry.header.kind == "shred":
            destroy(session, entry)
        stream = after


def _read_known(session: Session, log: bytes) -> dict[bytes, FollowerRow]:
    return {row.person: row for row in followers.read_followers(session, log)}


def _target(session: Session, entry: Entry) -> Target | None:
    if entry.header.kind != "withdraw":
        return None
    fate = logs.read_fate(session, entry.header.log, target_of(entry.header.payload))
    return target_from(fate)


def target_from(fate: Fate | None) -> Target | None:
    """Return what the public verdict needs to know of a post; None for anything else."""
    if fate is None or fate.kind != "post":
        return None
    return Target(fate.author, fate.time, fate.withdrawn > 0, fate.withdrawn >= ERASED)


def _withdraw(session: Session, entry: Entry) -> None:
    seq = target_of(entry.header.payload)
    if entry.header.payload[1] == 1:
        erase(session, entry.header.log, seq)
    else:
        logs.mark_withdrawn(session, entry.header.log, seq, WITHDRAWN)


def _check_boxes(entry: Entry, after: Stream) -> None:
    kind = entry.header.kind
    allowed: set[bytes] = set()
    if kind in ("found", "epoch"):
        allowed = set(after.roles)
    elif kind == "grant":
        allowed = {person for person in [entry.header.payload[0]] if isinstance(person, bytes)}
    if any(person not in allowed for person, _ in entry.boxes):
        raise WrongList("a box is for someone whom the entry does not list")
