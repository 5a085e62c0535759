"""Witnesses: every log's headers, by which they check that each only grows, and what they sign.

A witness is given no body, salt or box. What it signs is kept beside the logs, the newest of each,
and handed to whoever follows them.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from microblog.protocol import shape
from microblog.protocol.directory import Directory
from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.entry import DIRECTORY
from microblog.protocol.errors import Malformed as NotTheEncoding
from microblog.protocol.errors import ProtocolError
from microblog.protocol.witness import (
    MAX_HEAD_BYTES,
    MAX_HEADS,
    SignedHead,
    decode_head,
    good_witnesses,
    verify_head,
)
from microblog.service.errors import Refused, SignedOut, refuse
from microblog.service.logs import AHEAD_MS, REPLY_BYTES, ROWS_AT_ONCE
from microblog.service.sessions import Who, check_stays
from microblog.store import logs, witnessed
from microblog.store.locks import BY_DIRECTORY, hold, of_place
from microblog.store.witnessed import WitnessedRow

MAX_REQUEST_BYTES = MAX_HEADS * (MAX_HEAD_BYTES + 3) + 8
#: What a head may be refused with, beside its shape.
REFUSALS = ("forked-directory", "not-authentic", "too-new", "unknown-head", "older-head",
            "wrong-time")  # fmt: skip


def list_logs(session: Session) -> bytes:
    """Return all logs with their heads: rows of (log, seq, id), encoded."""
    heads = logs.read_heads(session)
    return encode([[log, heads[log].seq, heads[log].id] for log in sorted(heads)])


def fetch_headers(
    session: Session, since: Mapping[bytes, int]
) -> list[tuple[bytes, list[bytes], bool]]:
    """Return what is new in each log, without a word of it: (log, entries' bytes, more)."""
    found: list[tuple[bytes, list[bytes], bool]] = []
    room = REPLY_BYTES
    for log, first in since.items():
        head = logs.read_head(session, log)
        if head is None or first > head.seq:
            continue
        some = _read_some(session, log, (first, head.seq), room)
        room -= sum(map(len, some))
        found.append((log, some, first + len(some) <= head.seq))
    return found


def _read_some(session: Session, log: bytes, span: tuple[int, int], room: int) -> list[bytes]:
    """Return entries of a span, a whole reading more than there is room for at the most."""
    first, last = span
    some: list[bytes] = []
    while room > 0 and first <= last:
        rows = logs.read_headers(session, log, first, ROWS_AT_ONCE)
        piece = [encode([row.header, row.signature, b"", b"", []]) for row in rows]
        room -= sum(map(len, piece))
        first += len(piece)
        some += piece
    return some


def decode_heads(data: bytes) -> list[tuple[SignedHead, bytes]]:
    """Return the heads in the body of a put, each beside its bytes, their shapes checked.

    Raises:
        ServiceError: the shape or a limit does not hold.
    """
    try:
        items = shape.array(decode_array(data), 1, MAX_HEADS, "heads")
    except ProtocolError as error:
        raise refuse(error, "body") from None
    found: list[tuple[SignedHead, bytes]] = []
    for number, item in enumerate(items):
        try:
            if not isinstance(item, bytes):
                raise NotTheEncoding("not bytes")
            found.append((decode_head(item), item))
        except ProtocolError as error:
            raise refuse(error, f"head {number}") from None
    return found


def check_heads(
    directory: Directory, who: Who, heads: Sequence[tuple[SignedHead, bytes]], now: int
) -> None:
    """Check what needs no writer: that who is signed in made these heads, just now.

    Raises:
        SignedOut: the directory names that witness no longer.
        Refused: a head is another's, or its time is not now.
    """
    if who.key not in {witness.key for witness in good_witnesses(directory)}:
        raise SignedOut
    for number, (signed, _) in enumerate(heads):
        try:
            verify_head(signed, who.key, directory.fingerprint or b"")
        except ProtocolError as error:
            raise refuse(error, f"head {number}") from None
        if abs(signed.sighting.time - now) > AHEAD_MS:
            raise Refused("wrong-time", f"head {number}: time is more than two minutes from now")


def put_heads(session: Session, who: Who, heads: Sequence[tuple[SignedHead, bytes]]) -> None:
    """Keep heads that passed `check_heads`, in the writer's transaction: all, or none.

    Raises:
        Refused: one is not of an entry as it is stored here, or older than what was signed before.
    """
    hold(session, BY_DIRECTORY, of_place(who.key))
    check_stays(session, who)
    known = witnessed.read_heads_of(session, who.key, [it.sighting.log for it, _ in heads])
    for number, (signed, data) in enumerate(heads):
        sighting = signed.sighting
        log, head, time = sighting.log, sighting.head, sighting.time
        if logs.read_ids(session, log, head.seq, 1) != [head.id]:
            raise Refused("unknown-head", f"head {number}: no such entry is stored here")
        before = known.get(log)
        if before is not None and (head.seq < before.seq or time < before.time):
            raise Refused("older-head", f"head {number}: a newer one was signed before")
        known[log] = WitnessedRow(log, who.key, head.seq, time, data)
    witnessed.put_heads(session, known.values())


def read_heads(session: Session, directory: Directory, who: Who) -> bytes:
    """Return the newest heads of the directory and of what someone follows, encoded."""
    good = {witness.key for witness in good_witnesses(directory)}
    rows = witnessed.read_heads_near(session, who.person, DIRECTORY)
    return encode([row.head for row in rows if row.key in good])
