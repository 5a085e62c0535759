"""Sending to a log: build on its newest state, check as everyone will, append; again if beaten.

Nothing of a refused attempt is used again (PROTOCOL.md 3): each attempt calls its builder anew,
which draws fresh secrets, salts and nonces.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from microblog.client.boxes import reading_keys
from microblog.client.directory import deny_directory, refresh_directory, take_directory
from microblog.client.feed import Feed
from microblog.client.finishing import refresh_log
from microblog.client.keeping import save_feed
from microblog.client.login import ask
from microblog.client.session import Session, check_may_write, check_trusted, fresh_of
from microblog.client.transport import StaleHead, Unreachable
from microblog.client.writing import Fresh, Place, after, new_epoch
from microblog.protocol.entry import DIRECTORY, Entry, encode_entry
from microblog.protocol.epoch import SECRET_BYTES
from microblog.protocol.errors import RolledBack
from microblog.protocol.log import Head

TRIES = 8


@dataclass(slots=True)
class Batch:
    """Entries for one request to a stream, each built on the one before.

    `place` is where the next one stands, `secrets` those of this stream's epochs.
    """

    session: Session
    feed: Feed
    place: Place
    secrets: dict[int, bytes]
    entries: list[Entry] = field(default_factory=list)

    @property
    def secret(self) -> bytes:
        """The secret of the epoch that the next entry stands in."""
        return self.secrets[self.place.epoch]

    def fresh(self) -> Fresh:
        """Return randomness for the next entry."""
        return fresh_of(self.session.world)

    def add(self, entry: Entry) -> None:
        """Take in the next entry."""
        self.entries.append(entry)
        self.place = after(self.place, entry)


def begin_batch(session: Session, feed: Feed) -> Batch:
    """Return an empty batch after the newest entry of a stream."""
    stream, view = feed.stream, session.directory.head
    # PROTOCOL.md 3: times never decrease.
    time = max(session.world.clock(), stream.time)
    place = Place(feed.log, stream.head, time, max(stream.epoch, 0), view)
    return Batch(session, feed, place, dict(feed.secrets))


def add_due_epoch(batch: Batch, newcomer: bytes | None = None) -> None:
    """Begin a new epoch if one is due: after a loss, or when the newest bundle is void.

    It is due too before someone is let in who lost a device since the newest epoch began: it would
    be due after their grant, and nothing could follow that in one request.
    """
    directory, stream = batch.session.directory, batch.feed.stream
    newest = len(directory.ids) - 1
    lost = newcomer is not None and directory.is_lost(newcomer, stream.epoch_view, newest)
    if lost or batch.feed.needs_epoch(directory):
        add_epoch(batch, without=set())


def add_epoch(batch: Batch, without: set[bytes]) -> None:
    """Begin a new epoch, without some and without whoever has left."""
    session, feed = batch.session, batch.feed
    epoch = batch.place.epoch + 1
    secrets = {**feed.history(), epoch: session.world.random(SECRET_BYTES)}
    rows = [row for row in feed.recipients(session.directory) if row[0] not in without]
    place = replace(batch.place, epoch=epoch)
    keys = reading_keys(session, feed)
    batch.add(new_epoch(session.writer, place, batch.fresh(), secrets, rows, keys))
    batch.secrets.update(secrets)


def send(
    session: Session,
    log: bytes,
    write: Callable[[Batch], None],
    is_done: Callable[[Feed], bool] = lambda _: False,
) -> None:
    """Append to a stream what `write` puts into an empty batch, on the stream's newest state.

    `is_done` is asked of that state first: an attempt whose answer was lost may stand in it.

    Raises:
        InTrouble, NotAllowed, Waiting: see `check_may_write`.
        ProtocolError: what was written is not allowed.
        Refused: the server does not take it.
        Unreachable: it is not known whether the server has it.
    """
    tried: list[bytes] = []
    beaten = StaleHead("", None)
    for _ in range(TRIES):
        feed = refresh_log(session, log)
        # A server may say no and keep it all the same.
        if any(feed.contains(entry_id) for entry_id in tried) or is_done(feed):
            return
        check_may_write(session, feed)
        batch = begin_batch(session, feed)
        write(batch)
        feed.check(batch.entries, session.directory)
        try:
            deliver(session, log, batch.entries)
        except StaleHead as stale:
            _check_stale(session, feed, stale)
            tried.append(batch.entries[-1].id)
            beaten = stale
            continue
        accept(batch)
        return
    raise beaten


def accept(batch: Batch) -> None:
    """Take what the server has taken into the feed."""
    session, feed = batch.session, batch.feed
    feed.secrets.update(batch.secrets)
    feed.take(map(encode_entry, batch.entries), session.directory)
    feed.read()
    save_feed(session, feed)


def send_to_directory(
    session: Session,
    write: Callable[[Place, Fresh], Entry],
    check: Callable[[Session], None] = check_trusted,
) -> Entry:
    """Append to the directory what `write` makes for a place in it, and return it.

    As, with the same errors, `send_all_to_directory`.
    """
    world = session.world
    (entry,) = send_all_to_directory(session, lambda place: [write(place, fresh_of(world))], check)
    return entry


def send_all_to_directory(
    session: Session,
    write: Callable[[Place], list[Entry]],
    check: Callable[[Session], None] = check_trusted,
) -> list[Entry]:
    """Append to the directory, all or none, the entries that `write` makes, and return them.

    `check` is asked whether they may be sent, each time that the directory has been brought up to
    date.

    Raises:
        InTrouble: the directory cannot be trusted.
        ProtocolError: one is not allowed.
        Refused: the server does not take them.
        Unreachable: it is not known whether the server has them.
    """
    tried: dict[bytes, list[Entry]] = {}
    beaten = StaleHead("", None)
    for _ in range(TRIES):
        refresh_directory(session)
        check(session)
        for entry_id in tried.keys() & set(session.directory.ids):
            return tried[entry_id]
        entries = write(directory_place(session))
        _, error = session.directory.extend(entries)
        if error is not None:
            raise error
        try:
            deliver(session, DIRECTORY, entries)
        except StaleHead as stale:
            if _goes_back(session.directory.head, stale.head):
                deny_directory(session)
            tried[entries[-1].id], beaten = entries, stale
            continue
        take_directory(session, len(session.directory.ids), [*map(encode_entry, entries)])
        return entries
    raise beaten


def directory_place(session: Session) -> Place:
    """Return where the next entry of the directory stands."""
    directory = session.directory
    return Place(DIRECTORY, directory.head, max(session.world.clock(), directory.time))


def deliver(session: Session, log: bytes, entries: Sequence[Entry]) -> None:
    """Hand entries to the server; once more, the same bytes, if nothing came back.

    The same entries sent twice are answered as done, so this doubles nothing.
    """
    raw_entries = [encode_entry(entry) for entry in entries]

    def attempt() -> None:
        # To whom has no device, no stream is there.
        ask(session, lambda: session.transport.append(log, raw_entries), "not-found")

    try:
        attempt()
    except Unreachable:
        attempt()


def _check_stale(session: Session, feed: Feed, stale: StaleHead) -> None:
    if _goes_back(feed.stream.head, stale.head):
        feed.stop(RolledBack("the server has less of the log than it had"))
        save_feed(session, feed)
        check_trusted(session, feed)


def _goes_back(mine: Head | None, theirs: Head | None) -> bool:
    if mine is None:
        return False
    return theirs is None or theirs.seq < mine.seq or (theirs.seq == mine.seq and theirs != mine)
