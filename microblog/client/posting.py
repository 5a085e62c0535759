"""Posting, and taking a post back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from microblog.client import writing
from microblog.client.freshness import ask_if_unvouched, may_send_unvouched, unvouched
from microblog.client.messages import Sent
from microblog.client.sending import Batch, add_due_epoch, send
from microblog.client.session import Session, feed_of, read_id
from microblog.client.showing import show_person
from microblog.client.shown import Draft
from microblog.protocol.errors import NotAllowed
from microblog.protocol.post import Post, encode_post
from microblog.protocol.stream import ERASE_WITHIN_MS


class _Unvouched(Exception):
    def __init__(self, since: int) -> None:
        super().__init__("nobody has vouched for the server lately")
        self.since = since


class _Newcomers(Exception):
    def __init__(self, persons: Sequence[bytes]) -> None:
        super().__init__("someone is new on the team")
        self.persons = persons


@dataclass(frozen=True, slots=True)
class _Terms:
    """On which terms something is posted: who was on the screen, and whether unvouched for too."""

    seen: frozenset[bytes]
    all_the_same: bool


def post(
    session: Session,
    log: str,
    draft: Draft,
    on_screen: Sequence[str],
    *,
    all_the_same: bool = False,
) -> Sent:
    """Post, if everyone who will be able to read it was on the screen; else say who is new.

    Nor if nobody has vouched for the server lately: a removal may be hidden from me. With
    `all_the_same` it is posted nevertheless, if the practice lets its authors.

    Raises:
        Malformed: a field is too long, or not what it should be; nothing was sent.
        As `send`.
    """
    words = _words(draft, session.world.clock())
    encode_post(words)  # refuse what cannot be said before anything is asked of the server
    terms = _Terms(frozenset(map(read_id, on_screen)), all_the_same)
    return _post(session, read_id(log), words, draft.nudge, terms)


def withdraw(session: Session, log: str, seq: int, erase: bool, why: str) -> None:
    """Take a post back, saying why; with erase its words go at once, everywhere.

    Raises:
        As `send`.
    """
    send(session, read_id(log), _withdrawal(session, seq, erase, why))


def move_to_right_child(
    session: Session,
    place: tuple[str, int],
    to: str,
    on_screen: Sequence[str],
    why: str,
    *,
    all_the_same: bool = False,
) -> Sent:
    """Post the same on the right child, then erase it from `place` (log, seq); its writer may.

    Done again after it broke off half way, it posts nothing twice.

    Raises:
        NotAllowed: it is not mine, or too old to be erased, or has no words.
        As `send`.
    """
    log, seq = place
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
        terms = _Terms(frozenset(map(read_id, on_screen)), all_the_same)
        sent = _post(session, read_id(to), copy, nudge, terms)
        if not sent.sent:
            return sent
    withdraw(session, log, seq, True, why)
    return Sent(sent=True, newcomers=())


def _post(session: Session, log: bytes, words: Post, nudge: bool, terms: _Terms) -> Sent:
    def write(batch: Batch) -> None:
        _check_vouched(session, batch, terms)
        listed = [person for person, _ in batch.feed.recipients(session.directory)]
        newcomers = [person for person in listed if person not in terms.seen]
        if newcomers:
            raise _Newcomers(newcomers)
        add_due_epoch(batch)
        batch.add(
            writing.post(session.writer, batch.place, batch.fresh(), batch.secret, words, nudge)
        )

    ask_if_unvouched(session, feed_of(session, log))
    try:
        send(session, log, write)
    except _Unvouched as unvouched_for:
        return Sent(sent=False, newcomers=(), unvouched=unvouched_for.since)
    except _Newcomers as newcomers:
        persons = (show_person(session.directory, person) for person in newcomers.persons)
        return Sent(sent=False, newcomers=tuple(persons))
    return Sent(sent=True, newcomers=())


def _check_vouched(session: Session, batch: Batch, terms: _Terms) -> None:
    since = unvouched(session, batch.feed)
    if since and not (terms.all_the_same and may_send_unvouched(session)):
        raise _Unvouched(since)


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
