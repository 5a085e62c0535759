"""Posting, and taking a post back."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from microblog.client import writing
from microblog.client.messages import Sent
from microblog.client.sending import Batch, add_due_epoch, send
from microblog.client.session import Session, feed_of, read_id
from microblog.client.showing import show_person
from microblog.client.shown import Draft
from microblog.protocol.errors import NotAllowed
from microblog.protocol.post import Post, encode_post
from microblog.protocol.stream import ERASE_WITHIN_MS


class _Newcomers(Exception):
    def __init__(self, persons: Sequence[bytes]) -> None:
        super().__init__("someone is new on the team")
        self.persons = persons


def post(session: Session, log: str, draft: Draft, on_screen: Sequence[str]) -> Sent:
    """Post, if everyone who will be able to read it was on the screen; else say who is new.

    Raises:
        Malformed: a field is too long, or not what it should be; nothing was sent.
        As `send`.
    """
    words = _words(draft, session.world.clock())
    encode_post(words)  # refuse what cannot be said before anything is asked of the server
    return _post(session, read_id(log), words, draft.nudge, on_screen)


def withdraw(session: Session, log: str, seq: int, erase: bool, why: str) -> None:
    """Take a post back, saying why; with erase its words go at once, everywhere.

    Raises:
        As `send`.
    """
    send(session, read_id(log), _withdrawal(session, seq, erase, why))


def move_to_right_child(
    session: Session, log: str, seq: int, to: str, on_screen: Sequence[str], why: str
) -> Sent:
    """Post the same on the right child, then erase it from the wrong one; only its writer may.

    Done again after it broke off half way, it posts nothing twice.

    Raises:
        NotAllowed: it is not mine, or too old to be erased, or has no words.
        As `send`.
    """
    feed = feed_of(session, read_id(log))
    words, target = feed.words.get(seq), feed.targets.get(seq)
    if not isinstance(words, Post) or target is None or target.author != session.me:
        raise NotAllowed("only the writer of a post can move it to another child")
    if target.erased or session.world.clock() - target.time > ERASE_WITHIN_MS:
        raise NotAllowed("a post can be erased within seven days only")
    if not words.text:
        raise NotAllowed("a reply without words belongs to what it answers")
    copy = replace(words, refers=(), how="")
    if not _is_there(session, read_id(to), copy):
        nudge = feed.entries[seq].header.payload[0] == 1
        sent = _post(session, read_id(to), copy, nudge, on_screen)
        if not sent.sent:
            return sent
    withdraw(session, log, seq, True, why)
    return Sent(sent=True, newcomers=())


def _post(session: Session, log: bytes, words: Post, nudge: bool, on_screen: Sequence[str]) -> Sent:
    seen = set(map(read_id, on_screen))

    def write(batch: Batch) -> None:
        listed = [person for person, _ in batch.feed.recipients(session.directory)]
        newcomers = [person for person in listed if person not in seen]
        if newcomers:
            raise _Newcomers(newcomers)
        add_due_epoch(batch)
        batch.add(
            writing.post(session.writer, batch.place, batch.fresh(), batch.secret, words, nudge)
        )

    try:
        send(session, log, write)
    except _Newcomers as newcomers:
        persons = (show_person(session.directory, person) for person in newcomers.persons)
        return Sent(sent=False, newcomers=tuple(persons))
    return Sent(sent=True, newcomers=())


def _withdrawal(session: Session, seq: int, erase: bool, why: str) -> Callable[[Batch], None]:
    def write(batch: Batch) -> None:
        add_due_epoch(batch)
        place, target = batch.place, (seq, erase)
        batch.add(writing.withdraw(session.writer, place, batch.fresh(), batch.secret, target, why))

    return write


def _words(draft: Draft, written: int) -> Post:
    return Post(
        text=writing.nfc(draft.text),
        kind=draft.kind,
        sure=draft.sure,
        scale=draft.scale,
        side=draft.side,
        happened=draft.happened,
        written=written,
        refers=tuple(map(read_id, draft.refers)),
        how=draft.how,
        source=draft.source,
        outcome=draft.outcome,
        reason=draft.reason,
        review=draft.review,
    )


def _is_there(session: Session, log: bytes, copy: Post) -> bool:
    feed = feed_of(session, log)
    mine = (seq for seq, target in feed.targets.items() if target.author == session.me)
    return any(feed.words.get(seq) == copy for seq in mine)
