"""Streams as the server keeps them: their public state between appends, and who follows them."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

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
_NO_VIEW = -1


def head_row(stream: Stream, head: Head) -> HeadRow:
    """Return the row that keeps a stream's public state."""
    state = _State(
        members=stream.members,
        commitments=stream.commitments,
        dropped=stream.dropped,
        epoch_view=stream.epoch_view,
        held=stream.held,
        proposals=stream.proposals,
    )
    kept = _encode_state(state)
    return HeadRow(stream.log, head.seq, head.id, stream.time, stream.directory_seq, kept)


def load_stream(row: HeadRow) -> Stream:
    """Return the stream that a row keeps."""
    state = _read_state(row.state)
    return Stream(
        log=row.log,
        head=Head(row.seq, row.id),
        time=row.time,
        members=state.members,
        commitments=state.commitments,
        dropped=state.dropped,
        directory_seq=row.directory_seq,
        # Before devices were revoked, any view was as good as the epoch's: no loss lies between.
        epoch_view=row.directory_seq if state.epoch_view == _NO_VIEW else state.epoch_view,
        held=state.held,
        proposals=state.proposals,
    )


class _State(NamedTuple):
    """What of a stream a row keeps in one piece: it changes far less often than posts come."""

    members: tuple[tuple[bytes, str], ...]
    commitments: tuple[bytes, ...]
    dropped: tuple[int, ...]
    epoch_view: int
    held: bool
    proposals: tuple[Proposal, ...]


@lru_cache(maxsize=4096)
def _encode_state(state: _State) -> bytes:
    return encode(
        [
            _VERSION,
            [[person, role] for person, role in state.members],
            list(state.commitments),
            list(state.dropped),
            state.epoch_view,
            int(state.held),
            [[it.id, it.author, it.time, it.digest] for it in state.proposals],
        ]
    )


@lru_cache(maxsize=4096)
def _read_state(data: bytes) -> _State:
    items = shape.array(decode_array(data), _FIRST, 7, "state")
    _, members, commitments, dropped, *later = items
    epoch_view, held, proposals = later or (_NO_VIEW, 0, [])
    return _State(
        members=tuple(map(_member, shape.array(members, 0, 2**16, "members"))),
        commitments=tuple(
            shape.octets(item, (32,), "commitment")
            for item in shape.array(commitments, 0, 2**32, "commitments")
        ),
        dropped=tuple(
            shape.uint(item, 2**53 - 1, "dropped")
            for item in shape.array(dropped, 0, 2**32, "dropped")
        ),
        epoch_view=shape.uint(epoch_view, 2**53 - 1, "view") if later else _NO_VIEW,
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
