"""What witnesses have said of a log, and how new their word is (PROTOCOL.md 10): pure.

A head that is in my copy of the log vouches for the server: up to its time I was shown all there
was. One that is not shows that something is kept from me, for as long as it is not; or that the
witness saw another log. Then either the server lies or the witness does, and no machine can tell.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from microblog.protocol import shape
from microblog.protocol.directory import Directory
from microblog.protocol.encoding import Value, decode_array, encode
from microblog.protocol.errors import ForkedLog, HeldBack, ProtocolError
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
    that my copy does not contain, or was not compared with yet. `against` are heads in the place of
    which my copy has something else: one of each witness, and no later word of theirs replaces it.
    """

    time: int = 0
    seq: int = -1
    ahead: tuple[Seen, ...] = ()
    against: tuple[Seen, ...] = ()


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
    counting = [seen for seen in vouched.ahead if seen.key in good]
    kept = tuple(seen for seen in vouched.against if seen.key in good)
    against = kept + _find_against(counting, id_at)
    accusing = {seen.key for seen in against}
    time, seq, ahead = vouched.time, vouched.seq, []
    # Who has seen another log vouches for nothing in this one.
    for seen in (it for it in counting if it.key not in accusing):
        if id_at(seen.head.seq) is None:
            ahead.append(seen)
        else:
            time, seq = max(time, seen.time), max(seq, seen.head.seq)
    wrong: ProtocolError | None = None
    if against:
        wrong = ForkedLog("a witness has seen another log than this one")
    elif ahead:
        wrong = HeldBack("a witness has seen more of the log than the server shows")
    return Vouched(time, seq, tuple(ahead), _first_of_each(against)), wrong


def _find_against(heads: Iterable[Seen], id_at: Callable[[int], bytes | None]) -> tuple[Seen, ...]:
    """Return the heads in the place of which my copy has something else."""
    places = [(seen, id_at(seen.head.seq)) for seen in heads]
    return tuple(seen for seen, mine in places if mine is not None and mine != seen.head.id)


def _first_of_each(heads: Iterable[Seen]) -> tuple[Seen, ...]:
    first: dict[bytes, Seen] = {}
    for seen in heads:
        first.setdefault(seen.key, seen)
    return tuple(first.values())


def accusers(vouched: Vouched) -> set[bytes]:
    """Return the keys of the witnesses that say otherwise than my copy of a log, once compared."""
    return {seen.key for seen in (*vouched.against, *vouched.ahead)}


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
        [log, it.time, it.seq + 1, _rows(it.ahead), _rows(it.against)]
        for log, it in sorted(heads.items())
    ]
    return encode([rows])


def _rows(heads: Iterable[Seen]) -> list[Value]:
    return [[seen.key, seen.head.seq, seen.head.id, seen.time] for seen in heads]


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
    log, time, count, *heads = shape.array(value, 5, 5, "log")
    ahead, against = (tuple(map(_read_seen, shape.array(it, 0, MANY, "heads"))) for it in heads)
    seq = shape.uint(count, MOST, "seq") - 1
    vouched = Vouched(shape.uint(time, MOST, "time"), seq, ahead, against)
    return shape.octets(log, (16,), "log"), vouched


def _read_seen(value: Value) -> Seen:
    row: Sequence[Value] = shape.array(value, 4, 4, "head")
    head = Head(shape.uint(row[1], MOST, "seq"), shape.octets(row[2], (32,), "id"))
    return Seen(shape.octets(row[0], (32,), "key"), head, shape.uint(row[3], MOST, "time"))
