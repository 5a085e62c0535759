"""Destroying words for good, by two people, and keeping them from it (PROTOCOL.md 7.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from microblog.protocol import shape
from microblog.protocol.encoding import Value, encode
from microblog.protocol.entry import Entry
from microblog.protocol.errors import Malformed, NotAllowed, Unreadable, WrongList
from microblog.protocol.primitives import hash_labelled

WAIT_MS = 14 * 24 * 60 * 60 * 1000
MAX_PROPOSALS = 8
MAX_REASON = 120
SHREDDED = ("post", "about", "grant", "withdraw")

_ID = (32,)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What someone proposed to destroy, not seconded yet; `digest` is taken of the seqs."""

    id: bytes
    author: bytes
    time: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Reason:
    """Why words are to be destroyed: as which retention class, and in someone's own words."""

    sort: str
    why: str


def read_hold(payload: Value) -> bool:
    """Return whether a hold begins, by its payload; else one ends.

    Raises:
        Malformed: the payload is not a hold's.
    """
    return shape.uint(shape.array(payload, 1, 1, "payload")[0], 1, "on") == 1


def read_shred(payload: Value) -> tuple[tuple[int, ...], bytes]:
    """Return (seqs, id of the proposal that is seconded, empty for a proposal).

    Raises:
        Malformed: the payload is not a shred's.
        WrongList: the seqs are not ascending.
    """
    items = shape.array(payload, 2, 2, "payload")
    rows = shape.array(items[0], 1, 2**16, "seqs")
    seqs = tuple(shape.uint(row, 2**53 - 1, "seq") for row in rows)
    proposal = shape.octets(items[1], (0, *_ID), "proposal")
    if any(a >= b for a, b in pairwise(seqs)):
        raise WrongList("the seqs to destroy are not ascending")
    return seqs, proposal


def propose(proposals: tuple[Proposal, ...], entry: Entry) -> tuple[Proposal, ...]:
    """Return the open proposals with one more.

    Raises:
        NotAllowed: there are too many, or it names what is not there.
    """
    header = entry.header
    seqs, _ = read_shred(header.payload)
    if seqs[-1] >= header.seq:
        raise NotAllowed("only what is there already can be destroyed")
    if len(proposals) >= MAX_PROPOSALS:
        raise NotAllowed("too many proposals are open")
    return (*proposals, Proposal(entry.id, header.author, header.time, _digest(seqs)))


def second(proposals: tuple[Proposal, ...], entry: Entry) -> tuple[Proposal, ...]:
    """Return the open proposals without the one that an entry seconds.

    Raises:
        NotAllowed: it is not open, says something else, is the author's own, or too new.
    """
    header = entry.header
    seqs, named = read_shred(header.payload)
    found = next((it for it in proposals if it.id == named), None)
    if found is None or found.digest != _digest(seqs):
        raise NotAllowed("no open proposal says the same")
    if found.author == header.author:
        raise NotAllowed("someone else must second what one has proposed")
    if header.time - found.time < WAIT_MS:
        raise NotAllowed("a proposal can be seconded after fourteen days only")
    return tuple(it for it in proposals if it is not found)


def encode_reason(reason: Reason) -> bytes:
    """Return the plaintext of a shred's body.

    Raises:
        Malformed: a text is too long.
    """
    shape.text(reason.sort, 0, MAX_REASON, "class")
    shape.text(reason.why, 0, MAX_REASON, "why")
    return encode(["msb/1/shred", reason.sort, reason.why])


def read_reason(items: Sequence[Value]) -> Reason:
    """Return what an opened body says.

    Raises:
        Unreadable: void, because the shape does not hold.
    """
    try:
        if len(items) < 3 or items[0] != "msb/1/shred":
            raise Malformed("not the reason of a shred")
        sort = shape.text(items[1], 0, MAX_REASON, "class")
        return Reason(sort, shape.text(items[2], 0, MAX_REASON, "why"))
    except Malformed:
        raise Unreadable("void") from None


def _digest(seqs: tuple[int, ...]) -> bytes:
    # It stands for them in what is kept between two entries, which is written with each.
    return hash_labelled("msb/1/seqs", encode(list(seqs)))
