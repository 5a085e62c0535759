"""What still hangs on someone who leaves, as far as I can see it.

It is never more than what I follow, and the directory.
"""

from collections.abc import Sequence

from microblog.client.feed import Feed
from microblog.client.messages import Hanging, HangingStream
from microblog.client.session import Session, read_id
from microblog.client.showing import show_invites, show_person
from microblog.protocol.base64url import encode_base64url


def hanging(session: Session, person: str) -> Hanging:
    """Return the streams, invitations and people for whom someone else must be found."""
    directory, who = session.directory, read_id(person)
    listed = [feed for feed in session.feeds.values() if who in feed.stream.roles]
    staff = [
        show_person(directory, known.id)
        for known in directory.persons.values()
        if known.left is None and known.id != who and who in (known.supervisor, *known.deputies)
    ]
    return Hanging(
        streams=_streams(listed),
        sole_keeper=_streams([feed for feed in listed if _is_sole_keeper(session, feed, who)]),
        invites=tuple(
            row
            for row in show_invites(directory, session.world.clock())
            if row.inviter == person and row.state == "open"
        ),
        supervises=tuple(sorted(staff, key=lambda row: (row.name, row.id))),
    )


def _is_sole_keeper(session: Session, feed: Feed, person: bytes) -> bool:
    # Whoever the directory has lost looks after nothing any more.
    others = [row for row in feed.recipients(session.directory) if row[0] != person]
    keeps = feed.stream.roles.get(person) == "keeper"
    return keeps and not any(role == "keeper" for _, role in others)


def _streams(feeds: Sequence[Feed]) -> tuple[HangingStream, ...]:
    rows = []
    for feed in feeds:
        about, log = feed.about(), encode_base64url(feed.log)
        name, closed = (about.name, about.closed) if about else ("", False)
        rows.append(HangingStream(log=log, name=name, closed=closed))
    return tuple(sorted(rows, key=lambda row: (row.name, row.log)))
