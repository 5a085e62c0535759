"""Whom I am asked to let in again: who lost every device, and is back as a new person.

A steward says whom a new person was before, and no act of a steward opens a stream. So each keeper
is asked once, by name, for all the streams that the former person stood in until they were lost;
history comes back because others hold it.
"""

from microblog.client.feed import Feed
from microblog.client.proposals import read_dismissed
from microblog.client.session import Session
from microblog.client.showing import show_person
from microblog.client.shown_overview import Return
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.device import is_good
from microblog.protocol.staff import Person

RANKS = ("", "follower", "supervisor", "keeper")


def returns(session: Session) -> tuple[Return, ...]:
    """Return what I am asked, by name, without what I have said no to."""
    dismissed = read_dismissed(session.memory)
    rows = (
        _return(session, person, former)
        for person in session.directory.persons.values()
        if (former := session.directory.persons.get(person.formerly)) is not None
        and person.left is None
        and is_lost(session, former)
    )
    asked = (row for row in rows if row.logs and row.key not in dismissed)
    return tuple(sorted(asked, key=lambda row: (row.person.name, row.key)))


def is_lost(session: Session, person: Person) -> bool:
    """Return whether someone has left, or has no device that is good."""
    now = session.world.clock()
    devices = session.directory.devices_of(person.id)
    return person.left is not None or not any(is_good(device, now) for device in devices)


def _return(session: Session, person: Person, former: Person) -> Return:
    found = [
        (encode_base64url(feed.log), role)
        for feed in session.feeds.values()
        if _may_keep(session, feed)
        and RANKS.index(role := _role_until_loss(feed, former))
        > RANKS.index(feed.stream.roles.get(person.id, ""))
    ]
    return Return(
        person=show_person(session.directory, person.id),
        former=show_person(session.directory, former.id),
        logs=tuple(log for log, _ in sorted(found)),
        roles=tuple(role for _, role in sorted(found)),
        key=f"{encode_base64url(person.id)}<{encode_base64url(former.id)}",
    )


def _may_keep(session: Session, feed: Feed) -> bool:
    if feed.trouble is not None or feed.is_waiting() or session.me not in feed.stream.roles:
        return False
    return session.me in feed.stream.keepers()


def _role_until_loss(feed: Feed, former: Person) -> str:
    """Return what someone is on a team, or was until an epoch answered their loss; else nothing.

    Whom a keeper had taken off before they were lost has nothing to come back to.
    """
    role = feed.stream.roles.get(former.id)
    if role is not None:
        return role
    seq = feed.removals.get(former.id)
    if seq is None or former.left is None:
        return ""
    if feed.entries[seq].header.directory_seq < former.left:
        return ""
    return _role_before(feed, former.id, seq)


def _role_before(feed: Feed, person: bytes, seq: int) -> str:
    for entry in reversed(feed.entries[:seq]):
        header = entry.header
        if header.kind == "grant" and header.payload[0] == person:
            return str(header.payload[1])
        if header.kind == "found" and header.author == person:
            return "keeper"
    return ""
