"""What witnesses have said of a log, and how new their word is (PROTOCOL.md 10): pure.

A head that is in my copy of the log vouches for the server: up to its time I was shown all there
was. One that is not shows that something is kept from me, for as long as it is not.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from microblog.protocol import shape
from microblog.protocol.directory import Directory
from microblog.protocol.encoding import Value, decode_array, encode
from microblog.protocol.errors import HeldBack, ProtocolError, RolledBack
from microblog.protocol.log import Head
from microblog.protocol.witness import LATE_MS, OLD_MS, good_witnesses

#: What it is called where it is kept.
HEADS = "heads"
MANY = 2**32
MOST = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Seen:
    """A verified head: which witness saw a log come how far, and when."""

    key: bytes
    head: Head
    time: int


@dataclass(frozen=True, slots=True)
class Vouched:
    """What witnesses have said of one log.

    Up to `seq` (-1: nothing) it was seen by a witness at `time` as it is here; `ahead` are heads
    that my copy does not contain, or was not compared with yet.
    """

    time: int = 0
    seq: int = -1
    ahead: tuple[Seen, ...] = ()


NOT_VOUCHED = Vouched()


def note_head(vouched: Vouched, seen: Seen) -> Vouched:
    """Return what is known with one head more, of each witness the furthest that is not here."""
    kept = [it for it in vouched.ahead if it.key != seen.key or it.head.seq > seen.head.seq]
    if any(it.key == seen.key for it in kept):
        return vouched
    return replace(vouched, ahead=(*kept, seen))


def settle(
    vouched: Vouched, id_at: Callable[[int], bytes | None], good: Collection[bytes]
) -> tuple[Vouched, ProtocolError | None]:
    """Compare heads with my copy of the log; return what is known then, and what is wrong.

    Args:
        vouched: what is known.
        id_at: the id of the entry that I hold at a seq, None beyond the newest.
        good: the keys of the witnesses that count.
    """
    wrong: ProtocolError | None = None
    ahead: list[Seen] = []
    time, seq = vouched.time, vouched.seq
    for seen in vouched.ahead:
        if seen.key not in good:
            continue
        mine = id_at(seen.head.seq)
        if mine == seen.head.id:
            time, seq = max(time, seen.time), max(seq, seen.head.seq)
            continue
        ahead.append(seen)
        if mine is not None:
            wrong = RolledBack("a witness has seen another log than this one")
        elif wrong is None:
            wrong = HeldBack("a witness has seen more of the log than the server shows")
    return Vouched(time, seq, tuple(ahead)), wrong


def unvouched_since(directory: Directory, vouched: Vouched, begun: int, now: int) -> int:
    """Return since when nobody has vouched for a log, 0 if that is not long, or nobody is to.

    It counts from the newest head, from when the first witness was named, or from when the log was
    `begun`, whichever is the latest.
    """
    named = [witness.since for witness in good_witnesses(directory)]
    if not named:
        return 0
    since = max(vouched.time, min(named), begun if begun <= now else 0)
    return since if now - since > LATE_MS else 0


def state_of(directory: Directory, vouched: Vouched, now: int) -> str:
    """Return in one word how new the word of the witnesses is: see `shown.Vouching`."""
    if not good_witnesses(directory):
        return "none"
    if not vouched.time:
        return "missing"
    age = now - vouched.time
    return "old" if age > OLD_MS else "late" if age > LATE_MS else "good"


def is_alarming(directory: Directory, removed: int, now: int) -> bool:
    """Return whether a removal should have been seen by a witness by now."""
    named = [witness.since for witness in good_witnesses(directory)]
    return now - max(removed, min(named, default=now)) > LATE_MS


def encode_heads(heads: dict[bytes, Vouched]) -> bytes:
    """Return what is known of all logs as bytes."""
    rows: list[Value] = [
        [log, it.time, it.seq + 1, [[s.key, s.head.seq, s.head.id, s.time] for s in it.ahead]]
        for log, it in sorted(heads.items())
    ]
    return encode([rows])


def decode_heads(data: bytes | None) -> dict[bytes, Vouched]:
    """Return what is known of each log; what cannot be read is as good as nothing."""
    if data is None:
        return {}
    try:
        (rows,) = shape.array(decode_array(data), 1, 1, "heads")
        return dict(map(_read_row, shape.array(rows, 0, MANY, "heads")))
    except ProtocolError:
        return {}


def _read_row(value: Value) -> tuple[bytes, Vouched]:
    log, time, count, ahead = shape.array(value, 4, 4, "log")
    seen = tuple(map(_read_seen, shape.array(ahead, 0, MANY, "ahead")))
    vouched = Vouched(shape.uint(time, MOST, "time"), shape.uint(count, MOST, "seq") - 1, seen)
    return shape.octets(log, (16,), "log"), vouched


def _read_seen(value: Value) -> Seen:
    row: Sequence[Value] = shape.array(value, 4, 4, "head")
    head = Head(shape.uint(row[1], MOST, "seq"), shape.octets(row[2], (32,), "id"))
    return Seen(shape.octets(row[0], (32,), "key"), head, shape.uint(row[3], MOST, "time"))
