"""The team around a child: beginning a stream, letting people in, taking them off."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from microblog.client import writing
from microblog.client.boxes import reading_key_of
from microblog.client.directory import refresh_directory
from microblog.client.failures import KNOWN, name_failure
from microblog.client.feed import Feed
from microblog.client.household import check_stays
from microblog.client.messages import Handed, NewChild
from microblog.client.sending import (
    Batch,
    accept,
    add_due_epoch,
    add_epoch,
    begin_batch,
    deliver,
    send,
)
from microblog.client.session import Session, check_trusted, read_id
from microblog.client.transport import Unreachable
from microblog.client.when import local_time
from microblog.client.writing import Admission
from microblog.protocol.about import About, encode_about
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.entry import DIRECTORY
from microblog.protocol.epoch import SECRET_BYTES
from microblog.protocol.errors import NotAllowed
from microblog.protocol.stream import Stream

RANKS = ("follower", "supervisor", "keeper")


@dataclass(frozen=True, slots=True)
class _Wish:
    """Who shall be what on a team, why, and through which household."""

    person: bytes
    role: str
    why: str
    via: bytes


def _never(_: Feed) -> bool:
    return False


def begin_child(session: Session, child: NewChild) -> str:
    """Begin the stream of a child or household, with me as its keeper, and return its id.

    Raises:
        InTrouble: the directory cannot be trusted.
        Malformed: a field is too long, or not what it should be.
        Refused: the server does not take it.
        Unreachable: it is not known whether the server has it.
    """
    about = _about(child, local_time(session.world.clock())[: len("2026-01-01")])
    encode_about(about)
    check_stays(session, about, ())
    refresh_directory(session)
    check_trusted(session)
    log = session.world.random(len(DIRECTORY))
    feed = Feed(log, Stream(log))
    batch = begin_batch(session, feed)
    batch.secrets[0] = session.world.random(SECRET_BYTES)
    key = reading_key_of(session.directory, session.me)
    me = session.writer
    batch.add(writing.found_stream(me, batch.place, batch.fresh(), batch.secret, key))
    batch.add(writing.describe(me, batch.place, batch.fresh(), batch.secret, about))
    feed.check(batch.entries, session.directory)
    deliver(session, log, batch.entries)
    session.feeds[log] = feed
    accept(batch)
    return encode_base64url(log)


def grant(session: Session, log: str, person: str, role: str, why: str, via: str = "") -> None:
    """Let someone in, who then reads everything from the beginning, or change their role.

    `via` is the household through which they come.

    Raises:
        NotAllowed: I am no keeper, or nobody by that id works here.
        As `send`.
    """
    _admit(session, read_id(log), _Wish(read_id(person), role, why, read_id(via)))


def grant_many(
    session: Session, person: str, role: str, why: str, via: str, logs: Sequence[str]
) -> tuple[Handed, ...]:
    """Let someone into many teams, one after another; one that fails does not stop the others.

    Where they are already what they shall be, or more, nothing is sent: so it is asked again to
    finish what broke off, and lowers nobody's role. `via` is the household through which they come,
    and stands in the reason of all the others.
    """
    who = read_id(person)

    def is_done(feed: Feed) -> bool:
        known = session.directory.persons.get(who)
        if known is None or known.left is not None or who not in feed.stream.roles:
            return False
        return RANKS.index(feed.stream.roles[who]) >= RANKS.index(role)

    def act(log: str) -> None:
        through = b"" if log == via else read_id(via)
        _admit(session, read_id(log), _Wish(who, role, why, through), is_done)

    return _hand_each(session, logs, act)


def _admit(
    session: Session, log: bytes, wish: _Wish, is_done: Callable[[Feed], bool] = _never
) -> None:
    def write(batch: Batch) -> None:
        known = session.directory.persons.get(wish.person)
        if known is None:
            raise NotAllowed("nobody by that id works here")
        add_due_epoch(batch, known.id)
        admission = Admission(
            person=known.id,
            role=wish.role,
            why=wish.why,
            reading_key=reading_key_of(session.directory, known.id),
            via=wish.via,
        )
        me, place = session.writer, batch.place
        batch.add(writing.grant(me, place, batch.fresh(), batch.secret, admission))

    send(session, log, write, is_done)


def remove(session: Session, log: str, person: str) -> None:
    """Take someone off the team: a new epoch, whose secret they do not get.

    Raises:
        NotAllowed: I am no keeper, or they are not on the team.
        As `send`.
    """
    _dismiss(session, read_id(log), read_id(person))


def remove_many(session: Session, person: str, logs: Sequence[str]) -> tuple[Handed, ...]:
    """Take someone off many teams, one after another; one that fails does not stop the others."""
    who = read_id(person)

    def act(log: str) -> None:
        _dismiss(session, read_id(log), who, lambda feed: who not in feed.stream.roles)

    return _hand_each(session, logs, act)


def _dismiss(
    session: Session, log: bytes, person: bytes, is_done: Callable[[Feed], bool] = _never
) -> None:
    def write(batch: Batch) -> None:
        if person not in batch.feed.stream.roles:
            raise NotAllowed("nobody by that id is on the team")
        add_epoch(batch, without={person})

    send(session, log, write, is_done)


def _hand_each(
    session: Session, logs: Sequence[str], act: Callable[[str], None]
) -> tuple[Handed, ...]:
    # Where the server is out of reach twice running it is not asked for every one of the rest.
    handed: list[Handed] = []
    for log in logs:
        session.world.progress("hand", len(handed), len(logs))
        if [row.error for row in handed[-2:]] == [Unreachable.__name__] * 2:
            handed.append(Handed(log=log, done=False, error=Unreachable.__name__))
        else:
            handed.append(_hand(log, act))
    session.world.progress("hand", len(logs), len(logs))
    return tuple(handed)


def _hand(log: str, act: Callable[[str], None]) -> Handed:
    try:
        act(log)
    except KNOWN as error:
        name, code = name_failure(error)
        return Handed(log=log, done=False, error=name, code=code)
    return Handed(log=log, done=True)


def _about(child: NewChild, today: str) -> About:
    return About(
        sort=child.sort,
        name=child.name,
        known_as=child.known_as,
        birth=child.birth,
        households=tuple((read_id(log), today, "") for log in child.households),
        school=child.school,
    )
