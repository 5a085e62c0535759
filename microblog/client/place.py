"""When I was here, on any of my devices, and what this one knows of the note that carries it."""

from contextlib import suppress
from dataclasses import dataclass, field

from microblog.client.memory import Memory, StorageFull
from microblog.protocol import note as notes
from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.errors import ProtocolError
from microblog.protocol.note import OwnNote, Visit

EVERY_MS = 60 * 1000
VISITS = "visits"


@dataclass(slots=True)
class Place:
    """When I was here, and what the server's note said last, as far as it is believed or handed on.

    `number` is the note's at the server, `as_of` that of the reading key that sealed it (-1: none
    of mine), `looked` when it was last asked for, in ms.
    """

    visits: tuple[Visit, ...] = ()
    carried: OwnNote = field(default_factory=OwnNote)
    number: int = 0
    as_of: int = -1
    looked: int | None = None


def load_place(memory: Memory) -> Place:
    """Return what is remembered of it."""
    kept = memory.aside(VISITS)
    if kept is None:
        return Place()
    try:
        return Place(notes.read_visits(decode_array(kept)))
    except ProtocolError:
        return Place()


def last_here(place: Place, now: int) -> int:
    """Return when my visit before the one at this time ended; 0: there was none."""
    return notes.last_here(place.visits, now)


def be_here(place: Place, memory: Memory, now: int) -> None:
    """Note that I am here, and remember it if it says more than was remembered."""
    before = place.visits[-1][1] if place.visits else 0
    place.visits = notes.merge_visits(place.visits, [(now, now)])
    if abs(now - before) >= EVERY_MS:
        # Without room it is only remembered for less long.
        with suppress(StorageFull):
            memory.put_aside(VISITS, encode(list(map(list, place.visits))))
