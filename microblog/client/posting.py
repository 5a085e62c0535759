"""Posting, and taking a post back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from microblog.client import writing
from microblog.client.feed import Feed
from microblog.client.freshness import ask_if_unvouched, may_send_unvouched, unvouched
from microblog.client.messages import Sent
from microblog.client.sending import Batch, add_due_epoch, send
from microblog.client.session import Session, feed_of, read_id
from microblog.client.showing import show_person
from microblog.client.shown import Draft
from microblog.protocol.entry import MAX_APPEND
from microblog.protocol.errors import NotAllowed
from microblog.protocol.post import NUDGE, PLAIN, Post, encode_post
from microblog.protocol.stream import ERASE_WITHIN_MS, Target

_AT_ONCE = MAX_APPEND - 1  # withdrawals in one request, beside a new epoch


class NotSent(Exception):
    """It may not be sent on these terms: `why_unsent` says why not."""


class _Unvouched(NotSent):
    def __init__(self, since: int) -> None:
        super().__init__("nobody has vouched for the server lately")
        self.since = since


class _Newcomers(NotSent):
    def __init__(self, persons: Sequence[bytes]) -> None:
        super().__init__("someone is new on the team")
        self.persons = persons


@dataclass(frozen=True, slots=True)
class Terms:
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
    terms = Terms(frozenset(map(read_id, on_screen)), all_the_same)
    mark = NUDGE if draft.nudge else PLAIN
    return _post(session, read_id(log), words, mark, terms)


def withdraw(session: Session, log: str, seq: int, erase: bool, why: str) -> None:
    """Take a post back, saying why, and with it the other parts of its row.

    With erase its words go at once, everywhere.

    Raises:
        As `send`.
    """
    feed = feed_of(session, read_id(log))
    parts = _with_parts(feed, seq)
    seqs = [one for one in parts if len(parts) > 1 and not _is_gone(feed.targets[one], erase)]
    seqs = seqs or [seq]
    for at in range(0, len(seqs), _AT_ONCE):
        some = seqs[at : at + _AT_ONCE]
        send(session, read_id(log), _withdrawal(session, some, erase, why))


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
    if words.parts:
        raise NotAllowed("a row in several parts is brought in anew")
    copy = replace(words, refers=(), how="")
    if not _is_there(session, read_id(to), copy):
        mark = feed.mark(seq)
        terms = Terms(frozenset(map(read_id, on_screen)), all_the_same)
        sent = _post(session, read_id(to), copy, mark, terms)
        if not sent.sent:
            return sent
    withdraw(session, log, seq, True, why)
    return Sent(sent=True, newcomers=())


def _post(session: Session, log: bytes, words: Post, mark: int, terms: Terms) -> Sent:
    def write(batch: Batch) -> None:
        check_readers(session, batch, terms)
        add_due_epoch(batch)
        batch.add(
            writing.post(session.writer, batch.place, batch.fresh(), batch.secret, words, mark)
        )

    ask_if_unvouched(session, feed_of(session, log))
    try:
        send(session, log, write)
    except NotSent as reason:
        return why_unsent(session, reason)
    return Sent(sent=True, newcomers=())


def check_readers(session: Session, batch: Batch, terms: Terms) -> None:
    """Check, before anything is sealed, that on these terms it may be sent.

    Raises:
        NotSent: it may not.
    """
    since = unvouched(session, batch.feed)
    if since and not (terms.all_the_same and may_send_unvouched(session)):
        raise _Unvouched(since)
    listed = [person for person, _ in batch.feed.recipients(session.directory)]
    newcomers = [person for person in listed if person not in terms.seen]
    if newcomers:
        raise _Newcomers(newcomers)


def why_unsent(session: Session, reason: NotSent) -> Sent:
    """Return what `check_readers` stopped at."""
    if isinstance(reason, _Unvouched):
        return Sent(sent=False, newcomers=(), unvouched=reason.since)
    if not isinstance(reason, _Newcomers):
        raise reason
    persons = (show_person(session.directory, person) for person in reason.persons)
    return Sent(sent=False, newcomers=tuple(persons))


def _withdrawal(
    session: Session, seqs: Sequence[int], erase: bool, why: str
) -> Callable[[Batch], None]:
    def write(batch: Batch) -> None:
        add_due_epoch(batch)
        for seq in seqs:
            fresh, target = batch.fresh(), (seq, erase)
            me, place, secret = session.writer, batch.place, batch.secret
            batch.add(writing.withdraw(me, place, fresh, secret, target, why))

    return write


def _is_gone(target: Target, erase: bool) -> bool:
    return target.erased or (target.withdrawn and not erase)


def _with_parts(feed: Feed, seq: int) -> list[int]:
    """Return a post's seq, and those of the other parts of what it is a part of."""
    words = feed.words.get(seq)
    if not isinstance(words, Post) or not words.part or not words.row:
        return [seq]

    def is_with_it(other: int) -> bool:
        said = feed.words.get(other)
        if not isinstance(said, Post) or not said.part:
            return False
        same = (said.row, said.parts) == (words.row, words.parts)
        return same and feed.targets[other].author == feed.targets[seq].author

    return [other for other in sorted(feed.targets) if other == seq or is_with_it(other)]


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
