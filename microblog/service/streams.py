"""Streams as the server keeps them: their public state between appends, and who follows them."""

from collections.abc import Iterable

from microblog.protocol import shape
from microblog.protocol.encoding import Value, decode_array, encode
from microblog.protocol.log import Head
from microblog.protocol.shred import MAX_PROPOSALS, Proposal
from microblog.protocol.stream import Stream
from microblog.store.followers import FollowerRow
from microblog.store.logs import HeadRow

_VERSION = 2
# What the first version kept: it knew of no lost device and of no hold.
_FIRST = 4


def head_row(stream: Stream, head: Head) -> HeadRow:
    """Return the row that keeps a stream's public state."""
    state = encode(
        [
            _VERSION,
            [[person, role] for person, role in stream.members],
            list(stream.commitments),
            list(stream.dropped),
            stream.epoch_view,
            int(stream.held),
            [[it.id, it.author, it.time, it.digest] for it in stream.proposals],
        ]
    )
    return HeadRow(stream.log, head.seq, head.id, stream.time, stream.directory_seq, state)


def load_stream(row: HeadRow) -> Stream:
    """Return the stream that a row keeps."""
    items = shape.array(decode_array(row.state), _FIRST, 7, "state")
    _, members, commitments, dropped, *later = items
    # Before devices were revoked, any view was as good as the epoch's: no loss lies between.
    epoch_view, held, proposals = later or (row.directory_seq, 0, [])
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
        epoch_view=shape.uint(epoch_view, 2**53 - 1, "view"),
        held=held == 1,
        proposals=tuple(map(_proposal, shape.array(proposals, 0, MAX_PROPOSALS, "proposals"))),
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


def _proposal(value: Value) -> Proposal:
    author, key = shape.ID_BYTES, shape.KEY_BYTES
    row = shape.array(value, 4, 4, "proposal")
    return Proposal(
        shape.octets(row[0], (key,), "id"),
        shape.octets(row[1], (author,), "author"),
        shape.uint(row[2], 2**53 - 1, "time"),
        shape.octets(row[3], (key,), "digest"),
    )


def _member(value: object) -> tuple[bytes, str]:
    if not isinstance(value, list):
        raise TypeError("a member is not a row")
    person, role = value
    return shape.octets(person, (16,), "person"), shape.text(role, 1, 16, "role")
