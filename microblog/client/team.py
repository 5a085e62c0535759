"""The team around a child: beginning a stream, letting people in, taking them off."""

from microblog.client import writing
from microblog.client.feed import Feed
from microblog.client.following import refresh_directory
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
from microblog.client.shown import NewChild
from microblog.client.writing import Admission
from microblog.protocol.about import About, encode_about
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.entry import DIRECTORY
from microblog.protocol.epoch import SECRET_BYTES
from microblog.protocol.errors import NotAllowed
from microblog.protocol.stream import Stream


def begin_child(session: Session, child: NewChild) -> str:
    """Begin the stream of a child or household, with me as its keeper, and return its id.

    Raises:
        InTrouble: the directory cannot be trusted.
        Malformed: a field is too long, or not what it should be.
        Refused: the server does not take it.
        Unreachable: it is not known whether the server has it.
    """
    about = About(
        sort=child.sort,
        name=child.name,
        known_as=child.known_as,
        birth=child.birth,
        school=child.school,
    )
    encode_about(about)
    refresh_directory(session)
    check_trusted(session)
    log = session.world.random(len(DIRECTORY))
    feed = Feed(log, Stream(log))
    batch = begin_batch(session, feed)
    batch.secrets[0] = session.world.random(SECRET_BYTES)
    key = session.directory.persons[session.me].reading_key
    me = session.writer
    batch.add(writing.found_stream(me, batch.place, batch.fresh(), batch.secret, key))
    batch.add(writing.describe(me, batch.place, batch.fresh(), batch.secret, about))
    feed.check(batch.entries, session.directory)
    deliver(session, log, batch.entries)
    session.feeds[log] = feed
    accept(batch)
    return encode_base64url(log)


def grant(session: Session, log: str, person: str, role: str, why: str) -> None:
    """Let someone in, who then reads everything from the beginning, or change their role.

    Raises:
        NotAllowed: I am no keeper, or nobody by that id works here.
        As `send`.
    """

    def write(batch: Batch) -> None:
        known = session.directory.persons.get(read_id(person))
        if known is None:
            raise NotAllowed("nobody by that id works here")
        add_due_epoch(batch)
        admission = Admission(person=known.id, role=role, why=why, reading_key=known.reading_key)
        me, place = session.writer, batch.place
        batch.add(writing.grant(me, place, batch.fresh(), batch.secret, admission))

    send(session, read_id(log), write)


def remove(session: Session, log: str, person: str) -> None:
    """Take someone off the team: a new epoch, whose secret they do not get.

    Raises:
        NotAllowed: I am no keeper, or they are not on the team.
        As `send`.
    """

    def write(batch: Batch) -> None:
        if read_id(person) not in batch.feed.stream.roles:
            raise NotAllowed("nobody by that id is on the team")
        add_epoch(batch, without={read_id(person)})

    send(session, read_id(log), write)
