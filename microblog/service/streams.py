"""Streams as the server keeps them: their public state between appends, and who follows them."""

from collections.abc import Iterable

from microblog.protocol import shape
from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.log import Head
from microblog.protocol.stream import Stream
from microblog.store.followers import FollowerRow
from microblog.store.logs import HeadRow

_VERSION = 1


def head_row(stream: Stream, head: Head) -> HeadRow:
    """Return the row that keeps a stream's public state."""
    state = encode(
        [
            _VERSION,
            [[person, role] for person, role in stream.members],
            list(stream.commitments),
            list(stream.dropped),
        ]
    )
    return HeadRow(stream.log, head.seq, head.id, stream.time, stream.directory_seq, state)


def load_stream(row: HeadRow) -> Stream:
    """Return the stream that a row keeps."""
    _, members, commitments, dropped = shape.array(decode_array(row.state), 4, 4, "state")
    return Stream(
        log=row.log,
        head=Head(row.seq, row.id),
        time=row.time,
        members=tuple(map(_member, shape.array(members, 0, 2**16, "members"))),
        commitments=tuple(
            shape.octets(item, (32,), "commitment")
            for item in shape.array(commitments, 0, 2**32, "commitments")
        ),
        dropped=tuple(
            shape.uint(item, 2**53 - 1, "dropped")
            for item in shape.array(dropped, 0, 2**32, "dropped")
        ),
        directory_seq=row.directory_seq,
    )


def follow(
    rows: dict[bytes, FollowerRow], before: Stream, after: Stream, seq: int
) -> Iterable[FollowerRow]:
    """Return the rows that the entry at `seq` changes, given those that there are by person."""
    listed, now = before.roles, after.roles
    for person, role in now.items():
        if listed.get(person) == role:
            continue
        known = rows.get(person)
        since = known.since_seq if known and person in listed else seq
        yield FollowerRow(after.log, person, role, since, None)
    for person in listed.keys() - now.keys():
        yield rows[person]._replace(until_seq=seq)


def _member(value: object) -> tuple[bytes, str]:
    if not isinstance(value, list):
        raise TypeError("a member is not a row")
    person, role = value
    return shape.octets(person, (16,), "person"), shape.text(role, 1, 16, "role")
